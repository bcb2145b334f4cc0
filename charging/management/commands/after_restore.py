"""`manage.py after_restore`: what a restored backup needs before Readyby runs on it."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from charging.adapters.erased_file import is_missing
from charging.operations.clocks import wall_now
from charging.operations.erasure import reapply_erasures
from charging.operations.recovery import recover


class Command(BaseCommand):
    help = "Bring a restored backup up to date: who was erased stays erased, and no old command is sent."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if is_missing():
            # Before anything is written there: the folder of another user looks just like this.
            self.stderr.write(
                f"There is no file `erased` in {settings.DATA_DIR}. Where nobody was ever erased that is right. Else "
                "who was erased after this backup was made is back: bring the file there, or name its folder in "
                "READYBY_DATA_DIR, and run this again before anything else."
            )
        erased = reapply_erasures(now=wall_now())
        self.stdout.write(f"Erased again: {erased} drivers and cars.")
        cars = recover(at_wall=wall_now())
        self.stdout.write(f"To be looked at afresh: {cars} cars.")
