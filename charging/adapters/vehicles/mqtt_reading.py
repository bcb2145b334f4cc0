"""A reading from what is published at the topics of a car.

What a broker keeps has no age. It is as old as what `alive` says: an instant, or a last will, which the broker itself
takes back within a minute or two when the one who publishes is gone. Without one, a value is as old as our first sight
of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_reading import ZONE, reading_of
from charging.adapters.vehicles.home_assistant_states import (
    NO_ANSWERS,
    PLUGGED,
    UNPLUGGED,
    EntityState,
    number_of,
    word_of,
)
from charging.adapters.vehicles.mqtt_broker import Message
from charging.adapters.vehicles.mqtt_topics import Topics, value_of
from charging.core.facts import Reading
from charging.core.trouble import Trouble

Seen = Mapping[str, tuple[str, datetime]]
"""By use, a checksum of what was said, and since when it is said."""

Place = tuple[float, float]

OPPOSITE = "|"
"""Between the words that mean yes and those that mean no."""

ALIVE = frozenset({"online", "on", "true", "alive", "connected", "yes"})
GONE = frozenset({"offline", "off", "false", "dead", "disconnected", "no"})
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Of a place, which says nothing of when."""

NOTHING_SAID = NO_ANSWERS | {"invalid", "unsupported", "null", "nan", "n/a"}
SINCE_1980 = 315_532_800
"""Numbers below are counters and no seconds since 1970; those a thousand times as large are milliseconds."""

UNTIL_2100 = 4_102_444_800


def told_at(topics: Topics, heard: Mapping[str, Message]) -> dict[str, tuple[str, bool]]:
    """What is said by use, and whether it is of an unknown age. Raises GatewayError where who publishes is gone."""
    told = {}
    for role, source in topics.that_are_read():
        message = heard.get(source.topic)
        text = None if message is None else value_of(message.payload, source)
        if message is not None and text is not None:
            told[role] = (text, message.is_kept)
    if told.get("alive", ("", False))[0].lower() in GONE:
        raise GatewayError("Who publishes this is offline.", kind=Trouble.OFFLINE, is_of_car=True)
    return told


def seen_of(told: Mapping[str, tuple[str, bool]], before: Seen, now: datetime) -> Seen:
    """Since when each value is said, as far as we have looked; what was not heard this time stays as it was."""
    sums = {role: hashlib.sha256(text.encode()).hexdigest()[:16] for role, (text, _) in told.items()}
    news = {role: before[role] if before.get(role, ("",))[0] == each else (each, now) for role, each in sums.items()}
    return {**before, **news}


def mqtt_reading(
    topics: Topics, told: Mapping[str, tuple[str, bool]], seen: Seen, place: Place | None, now: datetime
) -> Reading | None:
    """The reading; None where nothing says how full the car is or whether it is plugged in."""
    alive_at = _alive_at(told, seen, now)
    known = {}
    for role, (text, is_kept) in told.items():
        state = _state(topics, role, text, told)
        if state is not None:
            at = now if not is_kept else seen[role][1] if alive_at is None else alive_at
            known[role] = EntityState(role, *state, at)
    if topics.at_home and place is not None:
        where = {"latitude": place[0], "longitude": place[1]}
        known["position"] = EntityState(f"{ZONE}.home", "home", where, NO_TIME)
    known = {role: state for role, state in known.items() if state.is_known and _makes_sense(role, state, known)}
    return reading_of(known, None, now, "mqtt")


def _alive_at(told: Mapping[str, tuple[str, bool]], seen: Seen, now: datetime) -> datetime | None:
    if "alive" not in told:
        return None
    text, is_kept = told["alive"]
    if not is_kept or text.lower() in ALIVE:
        return now
    return instant_of(text) or seen["alive"][1]


def instant_of(text: str) -> datetime | None:
    """The instant that a text names, in ISO 8601 or as seconds or milliseconds since 1970; None where it names none."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
            seconds = at.timestamp() if at.utcoffset() is not None else 0
        except (ValueError, OverflowError):
            return None
        return at.astimezone(UTC) if SINCE_1980 < seconds < UNTIL_2100 else None
    seconds = seconds / 1000 if seconds > UNTIL_2100 else seconds
    return datetime.fromtimestamp(seconds, UTC) if SINCE_1980 < seconds < UNTIL_2100 else None


def _state(
    topics: Topics, role: str, text: str, told: Mapping[str, tuple[str, bool]]
) -> tuple[str, dict[str, Any]] | None:
    """The text and the attributes that an entity of Home Assistant would have; None for what is no value."""
    match role:
        case "plug" | "charging":
            return word_said(text, getattr(topics, f"{role}_words")), {}
        case "power":
            return text, {"unit_of_measurement": topics.power_unit or "W"}
        case "position":
            return text, _position(text, told)
        case "level" | "limit":
            return text, {"unit_of_measurement": "%"}
    return None


def word_said(text: str, words: str) -> str:
    """Returns `on` or `off` by the words that mean yes; without any what was said, with 1 and 0 as words too.

    Empty for what says nothing: that it is not known never means no. Words after `OPPOSITE` are the only ones that mean
    no, where there are any.
    """
    said = text.strip().lower()
    if said in NOTHING_SAID:
        return ""
    yes, no = (
        {word.strip().lower() for word in some.split(",") if word.strip()} for some in words.partition(OPPOSITE)[::2]
    )
    if not yes:
        return {"1": "on", "0": "off"}.get(text, text)
    return "on" if said in yes else "off" if not no or said in no else ""


def _position(text: str, told: Mapping[str, tuple[str, bool]]) -> dict[str, Any]:
    if "longitude" in told:
        found: list[Any] = [text, told["longitude"][0]]
    else:
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = text.split(",")
        if isinstance(content, dict):
            content = [content.get("latitude", content.get("lat")), content.get("longitude", content.get("lon"))]
        found = content if isinstance(content, list) and len(content) == 2 else []
    try:
        return dict(zip(("latitude", "longitude"), map(float, found), strict=False))
    except (TypeError, ValueError, OverflowError):
        return {}


def _makes_sense(role: str, state: EntityState, known: Mapping[str, EntityState]) -> bool:
    """Not so a limit of nothing, which means none, and the level of no car where no cable is."""
    is_without_a_car = role == "level" and "plug" in known and word_of(known["plug"], PLUGGED, UNPLUGGED) is False
    return number_of(state) != 0 if role == "limit" or is_without_a_car else True
