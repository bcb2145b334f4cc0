"""`manage.py erase_driver`: everything that is stored of one driver, deleted for good."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from charging.adapters.erased_file import ErasedFileError
from charging.management.driver_argument import add_driver_argument, driver_named
from charging.operations.clocks import wall_now
from charging.operations.erasure import erase_driver
from charging.operations.letting_go import StillHeld


class Command(BaseCommand):
    help = "Let a driver's cars charge, then delete the driver with everything of theirs for good."

    def add_arguments(self, parser: CommandParser) -> None:
        add_driver_argument(parser)
        parser.add_argument("--yes", action="store_true", help="really: it cannot be undone")
        parser.add_argument(
            "--insist", action="store_true", help="even if a held car does not answer and stays stopped"
        )

    def handle(self, *_args: Any, public_id: str, yes: bool, insist: bool = False, **_options: Any) -> None:
        driver = driver_named(public_id)
        if not yes:
            cars, places = driver.vehicles.count(), driver.locations.count()
            raise CommandError(
                f"This deletes the driver with {cars} cars and {places} places for good. If you mean it, add --yes."
            )
        try:
            erase_driver(driver=driver, at_wall=wall_now(), insists=insist)
        except StillHeld as still_held:
            held = ", ".join(str(vehicle.public_id) for vehicle in still_held.vehicles)
            raise CommandError(
                f"Nothing was erased: {held} stands still because of us and does not answer, and afterwards nobody "
                "here could let it charge. Try again later; --insist erases all the same."
            ) from still_held
        except ErasedFileError as fault:
            raise CommandError(f"Nothing was erased: {fault.filename} cannot be written: {fault.strerror}.") from fault
        self.stdout.write("Erased.")
