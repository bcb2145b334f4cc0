"""Cars that are announced for Home Assistant: by a message for each entity, or one for the whole device."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from charging.adapters.vehicles.mqtt_broker import Message
from charging.adapters.vehicles.mqtt_presets import Likeness
from charging.adapters.vehicles.mqtt_reading import ALIVE, OPPOSITE
from charging.adapters.vehicles.mqtt_topics import is_topic

CONFIG = re.compile(r"homeassistant/(\w+)/(?:[^/]+/)?([^/]+)/config")
LONG = {
    "stat_t": "state_topic",
    "cmd_t": "command_topic",
    "json_attr_t": "json_attributes_topic",
    "avty_t": "availability_topic",
    "pl_avail": "payload_available",
    "val_tpl": "value_template",
    "dev_cla": "device_class",
    "unit_of_meas": "unit_of_measurement",
    "pl_on": "payload_on",
    "pl_off": "payload_off",
    "pl_prs": "payload_press",
    "dev": "device",
    "p": "platform",
    "cmps": "components",
}
"""The short names that most who announce themselves use."""

PLAIN = re.compile(r"\{\{\s*value_json((?:\.\w+|\[['\"]\w+['\"]\]|\[\d+\])+)\s*(?:\|[^{}]*)?\}\}")
"""A template that takes one place of the JSON; all others are programs, which are not run here."""

QUOTED = re.compile(r"\[['\"]")

READ_BY_CLASS = {
    ("sensor", "battery"): "level",
    ("sensor", "power"): "power",
    ("binary_sensor", "plug"): "plug",
    ("binary_sensor", "battery_charging"): "charging",
}


def announced_cars(heard: Mapping[str, Message]) -> Iterator[Likeness]:
    """One for each device with a level and a plug."""
    devices: dict[str, dict[str, str]] = {}
    for topic, message in heard.items():
        found = CONFIG.fullmatch(topic)
        config = None if found is None else _config(message)
        if found is None or config is None:
            continue
        device = config.get("device")
        name = str(device.get("name", "")) if isinstance(device, dict) else ""
        for component, object_id, each in _entities(found[1], found[2], config):
            devices.setdefault(name[:60], {}).update(_uses(component, object_id, each))
    for name, chosen in devices.items():
        if {"level", "plug"} <= chosen.keys():
            yield Likeness("Home Assistant", name, chosen, name)


def _entities(component: str, object_id: str, config: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The entity that is announced, or all of those of a device that is announced as a whole."""
    if component != "device":
        yield component, object_id, config
        return
    parts = config.get("components")
    for name, part in parts.items() if isinstance(parts, dict) else ():
        if isinstance(part, dict):
            whole = _in_full({**config, **part})
            yield str(whole.get("platform", "")), str(name), whole


def _config(message: Message) -> dict[str, Any] | None:
    try:
        told = json.loads(message.payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return _in_full(told)


def _in_full(told: Mapping[str, Any]) -> dict[str, Any]:
    config = {LONG.get(str(name), str(name)): value for name, value in told.items()}
    base = str(config.get("~", ""))
    return {name: _whole(base, name, value) for name, value in config.items()}


def _whole(base: str, name: str, value: Any) -> Any:
    """A topic with the part that many begin with in its place."""
    if not (base and name.endswith("_topic") and isinstance(value, str)):
        return value
    return base + value[1:] if value.startswith("~") else value[:-1] + base if value.endswith("~") else value


def _uses(component: str, object_id: str, config: Mapping[str, Any]) -> dict[str, str]:
    """What of a car the entity tells or does."""
    called = f"{object_id} {config.get('name', '')}".lower()
    uses = _read(component, called, config) | _commands(component, called, config)
    alive = config.get("availability_topic")
    if uses and isinstance(alive, str) and str(config.get("payload_available", "online")).lower() in ALIVE:
        uses["alive"] = alive
    return uses


def _read(component: str, called: str, config: Mapping[str, Any]) -> dict[str, str]:
    if component == "device_tracker":
        where = config.get("json_attributes_topic")
        return {"position": where} if isinstance(where, str) else {}
    source = _source(config)
    use = READ_BY_CLASS.get((component, str(config.get("device_class", ""))))
    if use is None and component in {"sensor", "number"} and "limit" in called:
        use = "limit" if config.get("unit_of_measurement") == "%" else None
    if source is None or use is None:
        return {}
    if use == "power":
        return {"power": source, "power_unit": "kW" if config.get("unit_of_measurement") == "kW" else "W"}
    return {use: source, f"{use}_words": _words(config)} if component == "binary_sensor" else {use: source}


def _words(config: Mapping[str, Any]) -> str:
    """What means yes, and what means no where that is announced: then any other word says nothing."""
    yes, no = str(config.get("payload_on", "ON")), str(config.get("payload_off", ""))
    return f"{yes} {OPPOSITE} {no}" if no.strip() and OPPOSITE not in yes + no else yes


def _commands(component: str, called: str, config: Mapping[str, Any]) -> dict[str, str]:
    topic = config.get("command_topic")
    if not isinstance(topic, str) or not is_topic(topic):
        return {}
    if component == "switch" and "charg" in called:
        on, off = str(config.get("payload_on", "ON")), str(config.get("payload_off", "OFF"))
        return {"start": topic, "start_payload": on, "stop": topic, "stop_payload": off}
    if component == "button":
        pressed = str(config.get("payload_press", "PRESS"))
        return {use: text for each in ("start", "stop") if each in called for use, text in _press(each, topic, pressed)}
    return {}


def _press(use: str, topic: str, payload: str) -> tuple[tuple[str, str], ...]:
    return ((use, topic), (f"{use}_payload", payload))


def _source(config: Mapping[str, Any]) -> str | None:
    topic, template = config.get("state_topic"), config.get("value_template")
    if not isinstance(topic, str) or not is_topic(topic):
        return None
    if template is None:
        return topic
    found = PLAIN.fullmatch(str(template).strip())
    return None if found is None else f"{topic} ${QUOTED.sub('.', found[1])}".replace("']", "").replace('"]', "")
