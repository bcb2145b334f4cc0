"""What is known to publish cars: evcc, TeslaMate, and whatever names its topics as most do.

The topics are those of the documentation: docs.evcc.io (MQTT API) and docs.teslamate.org (MQTT).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from charging.adapters.vehicles.mqtt_broker import Message
from charging.adapters.vehicles.mqtt_topics import is_topic

EVCC = re.compile(r"(.+)/loadpoints/(\d+)/chargePower")
TESLAMATE = re.compile(r"(teslamate(?:/.+)?/cars/\d+)/battery_level")
NAMES: Mapping[str, re.Pattern[str]] = {
    use: re.compile(f"(?:{words})", re.IGNORECASE)
    for use, words in {
        "level": r"(vehicle_?)?soc|(battery|charge)_?(level|soc|percent)|battery|state_?of_?charge|soc_?percent",
        "plug": r"(is_?)?plug(ged)?(_?in|_?state)?|(is_?)?connected|cable(_?connected)?",
        "charging": r"(is_?)?charging(_?state)?|charge_?state",
        "power": r"(charg(e|er|ing)_?)?power(_?k?w)?",
        "limit": r"(charge_?)?limit(_?soc|_?percent)?|target_?soc|soc_?limit",
        "position": r"location|position|gps",
        "alive": r"last_?(seen|updated?|contact)|time_?stamp|updated(_?at)?|status|lwt|availability",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What looks like a car: who publishes it, what it is called there, and its topics by use.

    `title` is the name of the car itself, where it is known.
    """

    kind: str
    name: str
    chosen: Mapping[str, str]
    title: str = ""

    @property
    def is_controllable(self) -> bool:
        return bool(self.chosen.get("start") and self.chosen.get("stop"))


def cars_of_evcc(heard: Mapping[str, Message]) -> Iterator[Likeness]:
    """One for each charging point: the car that is plugged in there."""
    for topic in heard:
        found = EVCC.fullmatch(topic)
        if found is None:
            continue
        root, point = found[1], f"{found[1]}/loadpoints/{found[2]}"
        chosen = {
            "level": f"{point}/vehicleSoc",
            "plug": f"{point}/connected",
            "charging": f"{point}/charging",
            "power": topic,
            "power_unit": "W",
            "at_home": "yes",
            "start": f"{point}/mode/set",
            "start_payload": "now",
            "stop": f"{point}/mode/set",
            "stop_payload": "off",
        }
        for use, topic_of_use in (
            ("limit", f"{point}/vehicleLimitSoc"),
            ("limit", f"{point}/effectiveLimitSoc"),
            ("alive", f"{root}/status"),
            ("alive", f"{root}/updated"),
        ):
            chosen |= {use: topic_of_use} if topic_of_use in heard else {}
        name, title = _text(heard, f"{point}/title"), _text(heard, f"{point}/vehicleTitle")
        yield Likeness("evcc", name or found[2], chosen, title)


def cars_of_teslamate(heard: Mapping[str, Message]) -> Iterator[Likeness]:
    """One for each car; it can be looked at and not commanded."""
    for topic in heard:
        found = TESLAMATE.fullmatch(topic)
        if found is None:
            continue
        car = found[1]
        chosen = {
            "level": topic,
            "plug": f"{car}/plugged_in",
            "power": f"{car}/charger_power",
            "power_unit": "kW",
            "limit": f"{car}/charge_limit_soc",
        }
        if f"{car}/location" in heard:
            chosen["position"] = f"{car}/location"
        else:
            chosen |= {"position": f"{car}/latitude", "longitude": f"{car}/longitude"}
        title = _text(heard, f"{car}/display_name")
        yield Likeness("TeslaMate", title or car.rpartition("/")[2], chosen, title)


def cars_by_name(heard: Mapping[str, Message]) -> Iterator[Likeness]:
    """One for each group of topics, or each JSON payload, with a level and a plug by their names."""
    groups: dict[str, dict[str, str]] = {}
    for topic, message in heard.items():
        parent, _, leaf = topic.rpartition("/")
        groups.setdefault(parent, {})[leaf] = topic
        content = _json(message)
        if isinstance(content, dict):
            groups.setdefault(topic, {}).update({name: f"{topic} $.{name}" for name in content if _is_simple(name)})
    for name, leaves in groups.items():
        chosen = {
            use: next(text for leaf, text in leaves.items() if pattern.fullmatch(leaf))
            for use, pattern in NAMES.items()
            if any(pattern.fullmatch(leaf) for leaf in leaves)
        }
        if "power" in chosen:
            chosen["power_unit"] = "kW" if chosen["power"].lower().endswith("kw") else "W"
        if {"level", "plug"} <= chosen.keys():
            yield Likeness("", name, chosen)


def _text(heard: Mapping[str, Message], topic: str) -> str:
    message = heard.get(topic)
    return "" if message is None else message.payload.decode(errors="replace").strip()[:60]


def _json(message: Message) -> Any:
    try:
        return json.loads(message.payload)
    except (ValueError, RecursionError):
        return None


def _is_simple(name: object) -> bool:
    return isinstance(name, str) and is_topic(name) and not set(name) & set(".[] ")
