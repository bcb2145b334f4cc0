"""Which entities of a Home Assistant are used for a car, by what they are used for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields

READ = ("level", "plug", "charging", "power", "limit", "position", "switch")
PRESSED = frozenset({"button", "input_button", "script"})
SWITCHED = frozenset({"switch", "input_boolean"})


@dataclass(frozen=True, slots=True)
class Entities:
    """Entity ids; empty where there is none. A car is commanded by a switch, or by two buttons."""

    level: str
    plug: str
    charging: str = ""
    power: str = ""
    limit: str = ""
    position: str = ""
    switch: str = ""
    start: str = ""
    stop: str = ""

    @property
    def is_controllable(self) -> bool:
        return bool(self.switch) or len(self.commanded()) == 2

    def commanded(self) -> tuple[str, ...]:
        """Ids of what is called."""
        return (self.switch,) if self.switch else tuple(filter(None, (self.start, self.stop)))

    def needed(self) -> tuple[str, ...]:
        """Ids of what tells the level and the plug, without which nothing can be planned."""
        return tuple(filter(None, (self.level, self.plug)))

    def that_are_read(self) -> Iterator[tuple[str, str]]:
        """What each is used for, and its id."""
        for role in READ:
            entity_id = getattr(self, role)
            if entity_id:
                yield role, entity_id


def entities_to_json(entities: Entities) -> dict[str, str]:
    """Returns those that are used."""
    return {role: entity_id for role, entity_id in asdict(entities).items() if entity_id}


def entities_from_json(stored: Mapping[str, str]) -> Entities:
    """Returns what was stored; what is not known any more is left out."""
    known = {each.name for each in fields(Entities)}
    return Entities(**{"level": "", "plug": ""} | {role: text for role, text in stored.items() if role in known})
