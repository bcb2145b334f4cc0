"""`manage.py quickstart`: from an empty folder to a running Readyby, in one process and without any other server."""

import secrets
import sys
import webbrowser
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction
from django.utils.module_loading import import_string

from charging.operations.clients import ensure_built_in_client
from charging.operations.clocks import wall_now
from charging.operations.erasure import reapply_erasures
from charging.operations.prices import ensure_price_areas
from charging.operations.roles import ensure_roles
from charging.operations.sweep import reconcile

OPERATOR_EMAIL = "operator@localhost"


class Command(BaseCommand):
    help = "Prepare the data folder and run web, worker, beat and listener as one process until Ctrl-C."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-browser", action="store_true", help="do not open the pages in a browser")
        parser.add_argument("--data-dir", help="folder of database and keys (read by manage.py; default: var)")

    def handle(self, *_args: Any, port: int, no_browser: bool, **_options: Any) -> None:
        if not 1 <= port <= 65535:
            raise CommandError("The port must be from 1 to 65535.")
        address = f"http://127.0.0.1:{port}/"
        # Named by the settings: charging does not import config, where the process is wired.
        run_one_process = import_string(settings.EMBEDDED_PROCESS)

        def announce() -> None:
            self.stdout.write(f"Readyby is running: {address}  (Ctrl-C stops it)")
            self.stdout.flush()
            if not no_browser:
                webbrowser.open(address)

        sys.exit(run_one_process(port=port, prepare=lambda: self.prepare(address), announce=announce))

    def prepare(self, address: str) -> None:
        """Bring the data folder up to date. A second start finds everything there and changes nothing."""
        call_command("migrate", verbosity=0, interactive=False)
        now = wall_now()
        ensure_price_areas()
        ensure_roles()
        ensure_built_in_client(now=now)
        # A restored backup may hold people who were erased: they go before any car is commanded.
        reapply_erasures(now=now)
        # What happened while nothing ran: commands on the way, leases that ended, events that fell due.
        reconcile(at_wall=now)
        password = ensure_operator()
        if password:
            self.stdout.write(f"Operator account: {OPERATOR_EMAIL}  password: {password}  (shown only this once)")
            self.stdout.write(f"The admin is at {address}admin/")


@transaction.atomic
def ensure_operator() -> str | None:
    """The new operator's password, or None when the account was there already."""
    user, is_new = User.objects.get_or_create(
        username=OPERATOR_EMAIL, defaults={"email": OPERATOR_EMAIL, "is_staff": True, "is_superuser": True}
    )
    if not is_new:
        return None
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=OPERATOR_EMAIL, verified=True, primary=True)
    return password
