"""`manage.py create_roles`: the groups of staff, after `migrate`."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from charging.operations.roles import ROLES, ensure_roles


class Command(BaseCommand):
    help = "Write the groups of staff (viewer, support, operator, administrator) with their permissions."

    def handle(self, *_args: Any, **_options: Any) -> None:
        ensure_roles()
        self.stdout.write("Groups: " + ", ".join(ROLES))
