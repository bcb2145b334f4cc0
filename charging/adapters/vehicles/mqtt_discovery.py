"""What a broker keeps that could belong to a car."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from charging.adapters.vehicles.mqtt_broker import Broker, Message
from charging.adapters.vehicles.mqtt_ha_configs import announced_cars
from charging.adapters.vehicles.mqtt_presets import Likeness, cars_by_name, cars_of_evcc, cars_of_teslamate

EVERYWHERE = ("#", "evcc/#", "teslamate/#", "homeassistant/#")
"""Where a broker keeps all of it from us, what is known to publish cars may still be read."""

MOST_TOPICS = 5000
MOST_CARS = 20
MOST_SUGGESTED = 300
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Found:
    """What looks like cars, the likeliest first, and topics with what is kept there."""

    cars: tuple[Likeness, ...]
    topics: tuple[tuple[str, str], ...]


def look_around(broker: Broker) -> Found:
    """Asks a broker what it keeps. Raises GatewayError."""
    with broker.session() as session:
        heard = dict(sorted(session.look(EVERYWHERE, most=MOST_TOPICS).items()))
    known = list(chain(cars_of_evcc(heard), announced_cars(heard), cars_of_teslamate(heard)))
    taken = {text.partition(" $")[0] for car in known for text in car.chosen.values()}
    others = {topic: message for topic, message in heard.items() if topic not in taken}
    cars = [*known, *cars_by_name(others)]
    return Found(tuple(cars[:MOST_CARS]), tuple(_shown(heard))[:MOST_SUGGESTED])


def _shown(heard: Mapping[str, Message]) -> Iterator[tuple[str, str]]:
    for topic, message in heard.items():
        if not topic.startswith("homeassistant/"):
            text = message.payload.decode(errors="replace")
            yield topic, text[:LONGEST_SHOWN] if text.isprintable() else ""
