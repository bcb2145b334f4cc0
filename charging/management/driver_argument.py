"""A driver as an argument of a command."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management import CommandError, CommandParser

from charging.models import Driver


def add_driver_argument(parser: CommandParser) -> None:
    """Adds the argument PUBLIC_ID."""
    parser.add_argument("public_id", metavar="PUBLIC_ID", help="the driver's public id, as the admin shows it")


def driver_named(public_id: str) -> Driver:
    """Returns the driver. Raises CommandError where nobody has this id."""
    try:
        driver = Driver.objects.select_related("client", "account").filter(public_id=public_id).first()
    except ValidationError:
        driver = None
    if driver is None:
        raise CommandError("No driver has this public id.")
    return driver
