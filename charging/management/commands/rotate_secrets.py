"""`manage.py rotate_secrets`: stored secrets under the newest key, so that a former one may go."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from charging.operations.connections import rotate_secrets


class Command(BaseCommand):
    help = "Seal all stored secrets anew under READYBY_SECRET_KEY; run it before READYBY_OLD_SECRET_KEYS loses a key."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = rotate_secrets()
        except ValueError as fault:
            raise CommandError(f"{fault}: nothing was changed. Name its key in READYBY_OLD_SECRET_KEYS.") from fault
        self.stdout.write(f"{count} rows are sealed under the newest key.")
