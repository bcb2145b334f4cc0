"""What a Home Assistant has that could belong to a car: by what it could be used for, grouped by device."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_entities import PRESSED, SWITCHED
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi, Session
from charging.adapters.vehicles.home_assistant_states import EntityState, state_of

DEVICES = (
    "[{% for id in ids %}{% set device = device_id(id) %}"
    "{{ [id, device_attr(device, 'name_by_user') or device_attr(device, 'name') if device else none] | to_json }}"
    "{{ ',' if not loop.last }}{% endfor %}]"
)
"""A template, which Home Assistant fills in: the device of each entity."""

HOME = "zone.home"
MOST_ENTITIES = 2000
VALUES = frozenset({"sensor", "number", "input_number"})
YES_OR_NO = frozenset({"binary_sensor", "input_boolean", "sensor", "switch"})


@dataclass(frozen=True, slots=True)
class Use:
    """What an entity could be used for: whether it can be, and whether it is likely to be."""

    can: Callable[[EntityState], bool]
    is_likely: Callable[[EntityState], bool]


def _says_yes_or_no(state: EntityState) -> bool:
    return state.domain in YES_OR_NO and not state.unit and state.device_class != "timestamp"


def _is_in(domains: frozenset[str]) -> Callable[[EntityState], bool]:
    return lambda state: state.domain in domains


def _is_of(device_class: str) -> Callable[[EntityState], bool]:
    return lambda state: state.device_class == device_class


def _is_percent(state: EntityState) -> bool:
    return state.domain in VALUES and state.unit == "%"


USES: Mapping[str, Use] = {
    "level": Use(_is_percent, _is_of("battery")),
    "plug": Use(_says_yes_or_no, _is_of("plug")),
    "charging": Use(_says_yes_or_no, _is_of("battery_charging")),
    "power": Use(lambda state: state.domain in VALUES and state.unit in {"W", "kW"}, _is_of("power")),
    "limit": Use(_is_percent, lambda state: state.device_class != "battery" and "limit" in state.entity_id),
    "position": Use(
        lambda state: state.domain == "device_tracker" or state.entity_id == HOME,
        lambda state: state.attributes.get("source_type") == "gps",
    ),
    "switch": Use(_is_in(SWITCHED), lambda state: state.domain == "switch" and "charg" in state.entity_id),
    "start": Use(_is_in(PRESSED), lambda state: "start" in state.entity_id),
    "stop": Use(_is_in(PRESSED), lambda state: "stop" in state.entity_id),
}
"""By device class where there is one; switches and buttons have none, so that their names tell."""

TELLS_A_CAR = frozenset({"plug", "charging", "limit", "switch"})
"""What a phone or a vacuum cleaner does not have."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity with its device; `uses` are what it could be used for, `likely` what it most likely is."""

    entity_id: str
    name: str
    state: str
    device: str
    uses: frozenset[str]
    likely: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What an instance calls itself, and what it has, likely cars first."""

    name: str
    candidates: tuple[Candidate, ...]

    def for_use(self, use: str) -> tuple[Candidate, ...]:
        """Those that could be used so."""
        return tuple(each for each in self.candidates if use in each.uses)

    def suggested(self) -> dict[str, str]:
        """Entity ids by use, of the device that looks most like a car; nothing is taken from another one."""
        if not self.candidates:
            return {}
        device = self.candidates[0].device
        of_it = [each for each in self.candidates if each.device == device]
        likely = {use: [each.entity_id for each in of_it if use in each.likely] for use in USES}
        chosen = {use: ids[0] for use, ids in likely.items() if ids}
        if "switch" in chosen:
            chosen = {use: entity_id for use, entity_id in chosen.items() if use not in {"start", "stop"}}
        return chosen


def look_around(api: HomeAssistantApi) -> Found:
    """Asks an instance what it has. Raises GatewayError."""
    with api.session() as session:
        config = session.get("/api/config").content
        content = session.get("/api/states").content
        if not isinstance(content, list) or not isinstance(config, dict):
            raise GatewayError("The answer is not that of Home Assistant.")
        useful = [state for state in map(state_of, content) if _uses_of(state)][:MOST_ENTITIES]
    devices = _devices_of(api, [state.entity_id for state in useful])
    candidates = [_candidate(state, devices.get(state.entity_id, "")) for state in useful]
    return Found(str(config.get("location_name", ""))[:100], tuple(_likely_cars_first(candidates)))


def _uses_of(state: EntityState) -> frozenset[str]:
    return frozenset(use for use, test in USES.items() if test.can(state))


def _candidate(state: EntityState, device: str) -> Candidate:
    uses = _uses_of(state)
    likely = frozenset(use for use in uses if USES[use].is_likely(state))
    shown = f"{state.state} {state.unit}".strip()
    return Candidate(state.entity_id, state.name, shown[:40], device, uses, likely)


def _devices_of(api: HomeAssistantApi, ids: Sequence[str]) -> dict[str, str]:
    """The name of each entity's device. Only administrators may ask: for others nothing is grouped."""
    try:
        with api.session() as session:
            return _devices_in(session, ids)
    except GatewayError:
        return {}


def _devices_in(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.post("/api/template", {"template": DEVICES, "variables": {"ids": list(ids)}}).content
    if not isinstance(rows, list):
        return {}
    pairs = [row for row in rows if isinstance(row, list) and len(row) == 2]
    return {str(entity_id): str(name)[:100] for entity_id, name in pairs if name}


def _likely_cars_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By device, the one with most of what only cars have first; what has no device comes last."""
    uses: dict[str, set[str]] = {}
    for each in candidates:
        uses.setdefault(each.device, set()).update(each.likely)
    score = {device: (len(found & TELLS_A_CAR), len(found)) for device, found in uses.items()}
    return sorted(
        candidates,
        key=lambda each: (each.device == "", [-part for part in score[each.device]], each.device, each.entity_id),
    )
