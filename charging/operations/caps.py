"""How much one user or one client may have: more than anybody needs, so that nothing grows without bound."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from charging.models import Client, Driver, Location, Tariff, TariffRate, Vehicle
from charging.operations.issues import Issue

MOST_CARS = 50
MOST_PLACES = 50
MOST_TARIFFS = 10_000
MOST_RATES = 100


def one_more_car_issues(driver: Driver) -> tuple[Issue, ...]:
    """Why the driver cannot have one more car; nothing below `MOST_CARS`."""
    if Vehicle.objects.of_driver(driver).count() < MOST_CARS:
        return ()
    message = _("You have %(count)d cars, and no more can be added") % {"count": MOST_CARS}
    return (Issue("TOO_MANY_CARS", "", message),)


def one_more_place_issues(driver: Driver) -> tuple[Issue, ...]:
    """Why the driver cannot have one more place; nothing below `MOST_PLACES`."""
    if Location.objects.of_driver(driver).count() < MOST_PLACES:
        return ()
    message = _("You have %(count)d places, and no more can be added") % {"count": MOST_PLACES}
    return (Issue("TOO_MANY_PLACES", "", message),)


def one_more_tariff_issues(client: Client) -> tuple[Issue, ...]:
    """Why the client cannot have one more tariff; nothing below `MOST_TARIFFS`."""
    if Tariff.objects.filter(client=client).count() < MOST_TARIFFS:
        return ()
    message = _("There are %(count)d tariffs, and no more can be added") % {"count": MOST_TARIFFS}
    return (Issue("TOO_MANY_TARIFFS", "", message),)


def more_rates_issues(tariff: Tariff, names: Collection[str]) -> tuple[Issue, ...]:
    """Why the tariff cannot have rates of these names, too; nothing up to `MOST_RATES` in all."""
    others = TariffRate.objects.filter(tariff=tariff).exclude(name__in=names).count()
    if others + len(set(names)) <= MOST_RATES:
        return ()
    message = _("A tariff has at most %(count)d rates") % {"count": MOST_RATES}
    return (Issue("TOO_MANY_RATES", "", message),)
