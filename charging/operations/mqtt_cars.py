"""Cars that are read and commanded through an MQTT broker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from charging.adapters.vehicles.mqtt import MqttGateway
from charging.adapters.vehicles.mqtt_reading import Seen
from charging.adapters.vehicles.mqtt_topics import (
    LONGEST,
    LONGEST_PAYLOAD,
    READ,
    UNITS,
    is_topic,
    source_of,
    topics_from_json,
)
from charging.models import ConnectedCar
from charging.operations.issues import Issue
from charging.operations.mqtt_connections import broker_of

COMMANDED = ("start", "stop")
WORDS = ("plug_words", "charging_words", "start_payload", "stop_payload")


def mqtt_gateway(car: ConnectedCar) -> MqttGateway:
    """Returns how the car is asked. Raises ValueError where the secret of its connection does not open."""
    place = car.connection.driver.locations.order_by("created_at", "pk").first()
    return MqttGateway(
        broker_of(car.connection),
        topics_from_json(car.entities),
        load=lambda: _seen(car),
        save=lambda seen: _keep(car, seen),
        place=None if place is None else (place.latitude, place.longitude),
    )


def _seen(car: ConnectedCar) -> Seen:
    return {role: (checksum, datetime.fromisoformat(at)) for role, (checksum, at) in car.seen.items()}


def _keep(car: ConnectedCar, seen: Seen) -> None:
    car.seen = {role: [checksum, at.isoformat()] for role, (checksum, at) in seen.items()}
    ConnectedCar.objects.filter(pk=car.pk).update(seen=car.seen)


def topic_issues(chosen: Mapping[str, str]) -> tuple[Issue, ...]:
    """Returns what is wrong with the topics that were chosen, each by its use."""
    topics = topics_from_json(chosen)
    issues = []
    if not topics.level:
        issues.append(Issue("LEVEL_MISSING", "level", _("Enter the topic that tells the battery level")))
    if not topics.plug:
        issues.append(Issue("PLUG_MISSING", "plug", _("Enter the topic that tells whether the cable is plugged in")))
    for use in COMMANDED:
        if not getattr(topics, use):
            message = _("Enter the topics that start and stop charging: without them nothing can be planned")
            issues.append(Issue("CONTROL_MISSING", use, message))
        elif not is_topic(getattr(topics, use)):
            issues.append(Issue("TOPIC_INVALID", use, _("Enter one topic, without + and #")))
    issues += [each for use in READ if (each := _source_issue(use, getattr(topics, use))) is not None]
    for use in WORDS:
        text = getattr(topics, use)
        if len(text) > LONGEST_PAYLOAD or not text.isprintable():
            message = _("Use %(longest)d characters or fewer.") % {"longest": LONGEST_PAYLOAD}
            issues.append(Issue("TEXT_TOO_LONG", use, message))
    if topics.power_unit not in ("", *UNITS):
        issues.append(Issue("UNIT_INVALID", "power_unit", _("Select a unit")))
    return tuple(issues)


def _source_issue(use: str, text: str) -> Issue | None:
    try:
        if not text or (len(text) <= LONGEST and source_of(text)):
            return None
    except ValueError:
        pass
    message = _("Enter one topic, without + and #. For JSON add what to take of it, like $.battery.level")
    return Issue("TOPIC_INVALID", use, message)
