"""Finding a car in one box: by whatever somebody who asks for help has at hand."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from charging.models import Client, Driver, Location, Vehicle

SHORTEST_END_OF_VIN = 4
FEW = 5_000
"""So many ids are asked for once and named; of more each query of the list asks again."""


def found_cars(cars: QuerySet[Vehicle], words: str) -> QuerySet[Vehicle]:
    """Returns those that all of the words fit; where something of a car is the whole text itself, those alone.

    Each table is asked for itself, and the ids are joined: one condition over all of them reads every car.
    """
    text = words.strip()
    if not text:
        return cars
    exact = list(_exactly(text)[: FEW + 1])
    if exact:
        return _named(cars, exact, _exactly(text))
    for word in smart_split(text):
        bare = unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] and len(word) > 1 else word
        partly = _partly(bare)
        cars = _named(cars, list(partly[: FEW + 1]), partly)
    return cars


def _named(cars: QuerySet[Vehicle], ids: list[int], of_all: QuerySet[Vehicle, int]) -> QuerySet[Vehicle]:
    """The cars with these ids, or where they are too many to be named, with those of a query."""
    return cars.filter(pk__in=ids if len(ids) <= FEW else of_all)


def _exactly(text: str) -> QuerySet[Vehicle, int]:
    """Ids of the cars of which something that names one is this text, as typed or all in small or capital letters."""
    typed = {text, text.lower(), text.upper()}
    drivers = Driver.objects.filter(external_id__in=typed).values("pk")
    accounts = Driver.objects.filter(account__email__in=typed).values("pk")
    own = Q(vin__in=typed) | Q(vendor_asset_id__in=typed) | Q(display_name__in=typed)
    public_id = _uuid(text)
    if public_id is not None:
        own |= Q(public_id=public_id)
        drivers = drivers.union(Driver.objects.filter(public_id=public_id).values("pk"))
    return _ids(own).union(*(_ids(Q(driver__in=found)) for found in (drivers, accounts)))


def _partly(word: str) -> QuerySet[Vehicle, int]:
    """Ids of the cars of which something has this word in it."""
    own = Q(display_name__icontains=word) | Q(vendor_asset_id__icontains=word) | Q(vin__istartswith=word)
    if len(word) >= SHORTEST_END_OF_VIN:
        own |= Q(vin__iendswith=word)
    public_id = _uuid(word)
    if public_id is not None:
        own |= Q(public_id=public_id)
    drivers = (
        Driver.objects.filter(external_id__icontains=word),
        Driver.objects.filter(account__email__icontains=word),
        Driver.objects.filter(client__in=Client.objects.filter(name__icontains=word)),
        Driver.objects.filter(pk__in=Location.objects.filter(name__icontains=word).values("driver")),
    )
    return _ids(own).union(*(_ids(Q(driver__in=found.values("pk"))) for found in drivers))


def _ids(condition: Q) -> QuerySet[Vehicle, int]:
    return Vehicle.objects.filter(condition).order_by().values_list("pk", flat=True)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
