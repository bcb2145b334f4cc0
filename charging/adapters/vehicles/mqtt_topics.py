"""Which topics of a broker are used for a car, by what they are used for, and how their payloads are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

READ = ("level", "plug", "charging", "power", "limit", "position", "longitude", "alive")
LONGEST = 300
LONGEST_PAYLOAD = 200
STEP = re.compile(r"\.([^.\[\]\s]+)|\[(\d{1,4})\]")
UNITS = ("W", "kW")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is published: a topic, and the way to it inside a payload that is JSON."""

    topic: str
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """Sources as people write them, empty where there is none: `garage/car` or, inside JSON, `garage/car $.battery`.

    `position` is JSON with latitude and longitude, or the latitude alone where `longitude` has a topic of its own; with
    `at_home` the car stands at its driver's place whenever it is plugged in. `alive` says how old all of it is. Words
    are separated by commas; without any the usual ones count.
    """

    level: str = ""
    plug: str = ""
    plug_words: str = ""
    charging: str = ""
    charging_words: str = ""
    power: str = ""
    power_unit: str = ""
    limit: str = ""
    position: str = ""
    longitude: str = ""
    at_home: str = ""
    alive: str = ""
    start: str = ""
    start_payload: str = ""
    stop: str = ""
    stop_payload: str = ""

    @property
    def is_controllable(self) -> bool:
        return bool(self.start and self.stop)

    def that_are_read(self) -> Iterator[tuple[str, Source]]:
        """What each is used for, and where it is published."""
        for role in READ:
            text = getattr(self, role)
            if text:
                yield role, source_of(text)


def source_of(text: str) -> Source:
    """Returns the source that somebody has written. Raises ValueError for one that cannot be."""
    topic, sign, steps = text.strip().partition(" $")
    is_whole = STEP.sub("", steps) == ""
    if not is_topic(topic) or not is_whole or (sign and not steps):
        raise ValueError("This is no topic, or no way into JSON")
    return Source(topic, tuple(int(index) if index else name for name, index in STEP.findall(steps)))


def is_topic(text: str) -> bool:
    """Whether something can be published there: not empty, not too long, without wildcards."""
    return 0 < len(text) <= LONGEST and text.isprintable() and not set(text) & {"+", "#"}


def value_of(payload: bytes, source: Source) -> str | None:
    """The text that a payload gives; None where it is no text, or JSON without that place in it."""
    try:
        text = payload.decode()
        if not source.path:
            return text.strip()
        found: Any = json.loads(text)
        for step in source.path:
            found = found[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    if found is None:
        return None
    return found if isinstance(found, str) else json.dumps(found)


def topics_to_json(topics: Topics) -> dict[str, str]:
    """Returns what is used."""
    return {role: text for role, text in asdict(topics).items() if text}


def topics_from_json(stored: Mapping[str, str]) -> Topics:
    """Returns what was stored; what is not known any more is left out."""
    known = {each.name for each in fields(Topics)}
    return Topics(**{role: text for role, text in stored.items() if role in known})
