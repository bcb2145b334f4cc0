"""`manage.py erase_driver`: everything that is stored of one driver, deleted for good."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from charging.adapters.erased_file import ErasedFileError
from charging.management.driver_argument import add_driver_argument, driver_named
from charging.operations.clocks import wall_now
from charging.operations.erasure import erase_driver


class Command(BaseCommand):
    help = "Let a driver's cars charge, then delete the driver with everything of theirs for good."

    def add_arguments(self, parser: CommandParser) -> None:
        add_driver_argument(parser)
        parser.add_argument("--yes", action="store_true", help="really: it cannot be undone")

    def handle(self, *_args: Any, public_id: str, yes: bool, **_options: Any) -> None:
        driver = driver_named(public_id)
        if not yes:
            cars, places = driver.vehicles.count(), driver.locations.count()
            raise CommandError(
                f"This deletes the driver with {cars} cars and {places} places for good. If you mean it, add --yes."
            )
        try:
            erase_driver(driver=driver, at_wall=wall_now())
        except ErasedFileError as fault:
            raise CommandError(f"Nothing was erased: {fault.filename} cannot be written: {fault.strerror}.") from fault
        self.stdout.write("Erased.")
