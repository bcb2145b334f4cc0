"""What a Home Assistant says of chosen entities piece by piece, put together to what they are now.

Only what a reading needs is kept, so that nothing grows however much is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_discovery import HOME
from charging.adapters.vehicles.home_assistant_entities import Entities
from charging.adapters.vehicles.home_assistant_reading import reading_of
from charging.adapters.vehicles.home_assistant_states import EntityState
from charging.core.facts import Reading

KEPT = ("unit_of_measurement", "device_class", "latitude", "longitude")
"""Attributes that a reading is made of."""

LONGEST_STATE = 255
"""Home Assistant itself allows no longer one."""

LONGEST_ATTRIBUTE = 100


@dataclass(slots=True)
class LiveStates:
    """The entities that are `wanted`, as far as they were told: `known` by id."""

    wanted: frozenset[str]
    known: dict[str, EntityState] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any]) -> dict[str, bool]:
        """Takes in what was said. Returns the ids it was about, and of each whether its state is another one.

        `a` has whole entities, `c` what changed of them, `r` those that are gone. Raises GatewayError for nonsense.
        """
        try:
            told = {entity_id: self._added(entity_id, said) for entity_id, said in self._of(event.get("a"))}
            told |= {entity_id: self._changed(entity_id, said) for entity_id, said in self._of(event.get("c"))}
            gone = [each for each in event.get("r") or () if isinstance(each, str)]
            told |= {each: self.known.pop(each, None) is not None for each in gone if each in self.wanted}
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as fault:
            raise GatewayError("What was said is no state.") from fault
        return told

    def _of(self, said: Any) -> Iterable[tuple[str, Any]]:
        return [(entity_id, what) for entity_id, what in (said or {}).items() if entity_id in self.wanted]

    def _added(self, entity_id: str, said: Mapping[str, Any]) -> bool:
        before = self.known.get(entity_id)
        now = EntityState(
            entity_id,
            _state(said["s"]),
            _kept(said.get("a") or {}),
            _instant(said.get("lu") or said["lc"]),
        )
        self.known[entity_id] = now
        return before is None or before.state != now.state

    def _changed(self, entity_id: str, said: Mapping[str, Any]) -> bool:
        """What changed of an entity that was told of before; of others nothing can be said."""
        before = self.known.get(entity_id)
        if before is None:
            return False
        more, less = said.get("+") or {}, said.get("-") or {}
        gone = set(less.get("a") or ())
        attributes = {name: value for name, value in before.attributes.items() if name not in gone}
        at = more.get("lu") or more.get("lc")
        state = _state(more.get("s", before.state))
        self.known[entity_id] = EntityState(
            entity_id,
            state,
            attributes | _kept(more.get("a") or {}),
            before.observed_at if at is None else _instant(at),
        )
        return state != before.state


def wanted_of(entities: Entities) -> frozenset[str]:
    """Returns the ids that tell of a car. A tracker may say that it is at home: where that is has to be told too."""
    ids = {entity_id for _, entity_id in entities.that_are_read()}
    return frozenset(ids | {HOME} if entities.position else ids)


def reading_told(entities: Entities, known: Mapping[str, EntityState], now: datetime) -> Reading | None:
    """The reading that the known states give, as if they had been asked for at `now`.

    None while none of them says how full the car is or whether it is plugged in.
    """
    of_car = {role: known[entity_id] for role, entity_id in entities.that_are_read() if entity_id in known}
    tracker = of_car.get("position")
    home = known.get(HOME) if tracker is not None and tracker.state == "home" else None
    return reading_of({role: state for role, state in of_car.items() if state.is_known}, home, now)


def _state(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("a state is a text")
    return told[:LONGEST_STATE]


def _kept(attributes: Any) -> dict[str, Any]:
    if not isinstance(attributes, dict):
        raise TypeError("attributes have names")
    return {name: attributes[name] for name in KEPT if name in attributes and _is_short(attributes[name])}


def _is_short(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and len(value) <= LONGEST_ATTRIBUTE)


def _instant(told: Any) -> datetime:
    """An instant in seconds since 1970. Raises TypeError, ValueError, OverflowError or OSError for none."""
    return datetime.fromtimestamp(told, UTC)
