"""Which repair cards a driver has put aside, each until what it tells of happens again."""

from __future__ import annotations

from django.db import transaction

from charging.models import Vehicle
from charging.operations.evaluation import locked

MOST_REMEMBERED = 20


@transaction.atomic
def put_card_aside(*, vehicle: Vehicle, card: str, occasion: str) -> Vehicle:
    """Remembers of a card the occasion that was seen; of many cards the newest. Returns the car as it is stored."""
    vehicle = locked(vehicle=vehicle)
    others = {name: seen for name, seen in vehicle.put_aside.items() if name != card}
    # Pairs: a database need not keep the order of an object's keys.
    vehicle.cards_put_aside = [list(pair) for pair in (others | {card: occasion}).items()][-MOST_REMEMBERED:]
    vehicle.save(update_fields=["cards_put_aside"])
    return vehicle
