"""What a car publishes, and what it listens to: as evcc does it, and as somebody with topics of their own does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from charging.adapters.vehicles.mqtt_topics import Topics
from charging.core.facts import CommandKind, Reading

HOME = (58.1467, 7.9956)


@dataclass(frozen=True)
class Layout:
    """`kept` gives payloads by topic, `wishes` what a payload at a topic means."""

    topics: Topics
    kept: Callable[[Reading, datetime], dict[str, str]]
    wishes: Mapping[tuple[str, str], CommandKind]


def _evcc(reading: Reading, now: datetime) -> dict[str, str]:
    yes = {True: "true", False: "false"}
    return {
        "evcc/status": "online",
        "evcc/updated": str(int(now.timestamp())),
        "evcc/loadpoints/1/title": "Garage",
        "evcc/loadpoints/1/vehicleSoc": f"{reading.soc_percent:.3f}",
        "evcc/loadpoints/1/connected": yes[bool(reading.is_plugged_in)],
        "evcc/loadpoints/1/charging": yes[bool(reading.is_charging)],
        "evcc/loadpoints/1/chargePower": f"{(reading.charging_power_kw or 0) * 1000:.0f}",
        "evcc/loadpoints/1/effectiveLimitSoc": f"{reading.charge_limit_percent:.0f}",
        "evcc/loadpoints/1/mode": "pv",
    }


EVCC = Layout(
    Topics(
        level="evcc/loadpoints/1/vehicleSoc",
        plug="evcc/loadpoints/1/connected",
        charging="evcc/loadpoints/1/charging",
        power="evcc/loadpoints/1/chargePower",
        power_unit="W",
        limit="evcc/loadpoints/1/effectiveLimitSoc",
        at_home="yes",
        alive="evcc/updated",
        start="evcc/loadpoints/1/mode/set",
        start_payload="now",
        stop="evcc/loadpoints/1/mode/set",
        stop_payload="off",
    ),
    _evcc,
    {
        ("evcc/loadpoints/1/mode/set", "now"): CommandKind.START,
        ("evcc/loadpoints/1/mode/set", "off"): CommandKind.STOP,
    },
)


def _own(reading: Reading, now: datetime) -> dict[str, str]:
    state = "C" if reading.is_charging else "B" if reading.is_plugged_in else "A"
    told = {
        "battery": {"levels": [reading.soc_percent], "limit": reading.charge_limit_percent},
        "state": state,
        "kw": reading.charging_power_kw or 0.0,
        "at": now.isoformat(),
    }
    return {
        "our garage/car": json.dumps(told),
        "our garage/where": json.dumps({"lat": reading.latitude, "lon": reading.longitude}),
    }


OWN = Layout(
    Topics(
        level="our garage/car $.battery.levels[0]",
        plug="our garage/car $.state",
        plug_words="B, C, D",
        charging="our garage/car $.state",
        charging_words="c",
        power="our garage/car $.kw",
        power_unit="kW",
        limit="our garage/car $.battery.limit",
        position="our garage/where",
        alive="our garage/car $.at",
        start="our garage/relay",
        start_payload="",
        stop="our garage/no relay",
        stop_payload="STOP IT",
    ),
    _own,
    {("our garage/relay", ""): CommandKind.START, ("our garage/no relay", "STOP IT"): CommandKind.STOP},
)
LAYOUTS = {"evcc": EVCC, "own topics": OWN}
