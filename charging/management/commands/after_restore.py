"""`manage.py after_restore`: what a restored backup needs before Readyby runs on it."""

from typing import Any

from django.core.management import BaseCommand

from charging.operations.clocks import wall_now
from charging.operations.erasure import reapply_erasures
from charging.operations.recovery import recover


class Command(BaseCommand):
    help = "Bring a restored backup up to date: who was erased stays erased, and no old command is sent."

    def handle(self, *_args: Any, **_options: Any) -> None:
        erased = reapply_erasures(now=wall_now())
        self.stdout.write(f"Erased again: {erased} drivers and cars.")
        cars = recover(at_wall=wall_now())
        self.stdout.write(f"To be looked at afresh: {cars} cars.")
