"""The gateway to a car that a Home Assistant knows.

Reading asks for the state of each entity. A wish is a call of a service: `turn_on` and `turn_off` of a switch, or a
press of one of two buttons. Both are absolute, so that calling again changes nothing. HTTP 200 says only that the call
was taken, also for an entity that is not there; the car's own state is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, GatewayError
from charging.adapters.vehicles.home_assistant_entities import PRESSED, Entities
from charging.adapters.vehicles.home_assistant_http import NOT_PERMITTED, NOT_THERE, HomeAssistantApi, Session
from charging.adapters.vehicles.home_assistant_reading import TOLD_BY, reading_of
from charging.adapters.vehicles.home_assistant_states import (
    PLUGGED,
    UNPLUGGED,
    EntityState,
    state_of,
    word_of,
)
from charging.core.facts import Hold, Reading
from charging.core.obstacle import WELL, Control, Obstacle
from charging.core.trouble import Trouble

HOME = "zone.home"
TAKEN = Acknowledgement(accepted=True)
NOT_PLUGGED_IN = Acknowledgement(accepted=False, detail="The car is not plugged in.")
NO_LEASE = Acknowledgement(accepted=False, detail="Home Assistant keeps no lease.")
FORBIDDEN = Acknowledgement(accepted=False, detail="Home Assistant does not permit this token’s user to control it.")
REFUSED = Acknowledgement(accepted=False, detail="Home Assistant refused the call.")


@dataclass(frozen=True, slots=True)
class HomeAssistantGateway:
    """Reads and commands one car. There is no lease: a stop lasts until a start."""

    api: HomeAssistantApi
    entities: Entities
    poll_interval: timedelta = timedelta(minutes=2)
    has_lease: bool = False

    @property
    def capabilities(self) -> Capabilities:
        """What the chosen entities tell."""
        told = {name for role, _ in self.entities.that_are_read() for name in TOLD_BY[role]}
        return Capabilities(is_controllable=self.entities.is_controllable, readings=frozenset(told))

    def read(self, *, now: datetime) -> Reading | None:
        """What the entities say; None while none of them says how full the car is or whether it is plugged in."""
        with self.api.session() as session:
            found = {role: _state(session, entity_id) for role, entity_id in self.entities.that_are_read()}
            tracker = found.get("position")
            home = _state(session, HOME) if tracker is not None and tracker.state == "home" else None
        known = {role: state for role, state in found.items() if state is not None and state.is_known}
        return reading_of(known, home, now)

    def control(self, *, now: datetime) -> Control:
        """Whether the entities are there that start and stop the car, and that tell its level and plug."""
        entities = self.entities
        with self.api.session() as session:
            gone = {each for each in (*entities.commanded(), *entities.needed()) if _state(session, each) is None}
        if control := tuple(each for each in entities.commanded() if each in gone):
            return Control(Obstacle.CONTROL_GONE, control)
        reading = tuple(each for each in entities.needed() if each in gone)
        return Control(Obstacle.READING_GONE, reading) if reading else WELL

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Switch on, or press start. `command_id` has no place to go."""
        return self._wish(self.entities.start, "turn_on")

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Switch off, or press stop; the hold is the caller's to end."""
        return self._wish(self.entities.stop, "turn_off")

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Refused: nobody there could start the car by itself."""
        return NO_LEASE

    def _wish(self, button: str, service: str) -> Acknowledgement:
        entity_id = self.entities.switch or button
        domain = entity_id.partition(".")[0]
        with self.api.session() as session:
            before = _state(session, entity_id)
            if before is None:
                return _missing(entity_id)
            if before.state == "unavailable":
                raise GatewayError(f"{entity_id} is unavailable.", kind=Trouble.OFFLINE, is_of_car=True)
            if self._is_unplugged(session):
                return NOT_PLUGGED_IN
            called = _service_of(domain) or service
            reply = session.call(f"/api/services/{domain}/{called}", {"entity_id": entity_id})
            if reply.status in NOT_PERMITTED:
                return FORBIDDEN
            if reply.status in NOT_THERE:
                return REFUSED
            # An empty list is what an entity without a change gives, and one that is gone.
            if reply.content == [] and _state(session, entity_id) is None:
                return _missing(entity_id)
            return TAKEN

    def _is_unplugged(self, session: Session) -> bool:
        plug = _state(session, self.entities.plug)
        return plug is not None and word_of(plug, PLUGGED, UNPLUGGED) is False


def _service_of(domain: str) -> str:
    """The service of what is pressed; empty for what is switched."""
    return "" if domain not in PRESSED else "turn_on" if domain == "script" else "press"


def _missing(entity_id: str) -> Acknowledgement:
    return Acknowledgement(accepted=False, detail=f"There is no {entity_id} any more.")


def _state(session: Session, entity_id: str) -> EntityState | None:
    """The entity; None where there is none of that id. Raises GatewayError."""
    reply = session.get(f"/api/states/{entity_id}")
    return None if reply.status in {400, 404} else state_of(reply.content)
