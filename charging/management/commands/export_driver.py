"""`manage.py export_driver`: a copy of everything that is stored of one driver."""

import os
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from charging.management.driver_argument import add_driver_argument, driver_named
from charging.operations.clocks import wall_now
from charging.operations.export import export_driver


class Command(BaseCommand):
    help = "Write everything that is stored of a driver into a zip of JSON files."

    def add_arguments(self, parser: CommandParser) -> None:
        add_driver_argument(parser)
        parser.add_argument("--to", required=True, metavar="FILE", help="the zip to write; it must not exist yet")

    def handle(self, *_args: Any, public_id: str, to: str, **_options: Any) -> None:
        driver = driver_named(public_id)
        try:
            # Readable by its owner only, like the database that it comes from.
            with os.fdopen(os.open(Path(to), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                export_driver(driver=driver, file=file, at_wall=wall_now())
        except OSError as fault:
            raise CommandError(f"The file {to} cannot be written: {fault.strerror}.") from fault
        self.stdout.write(f"Written to {to}.")
