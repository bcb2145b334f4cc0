"""`manage.py after_restore`: what a restored backup needs before Readyby runs on it."""

from typing import Any

from django.core.management import BaseCommand

from charging.operations.clocks import wall_now
from charging.operations.erasure import reapply_erasures


class Command(BaseCommand):
    help = "Bring a restored backup up to date: who was erased since is erased again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        count = reapply_erasures(now=wall_now())
        self.stdout.write(f"Erased again: {count} drivers and cars.")
