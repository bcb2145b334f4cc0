"""The gateway to a car that is reached by Enode's API: at Enode, or at another server that speaks it, as this one does.

Reading takes what the server knows and wakes nobody; where that has become old while the cable is in, the server is
asked to look again, which it may do or not. A wish is an action there, which is followed until it has ended: that it
was taken says nothing of the car, whose own state is what counts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from charging.adapters.vehicles.enode_actions import Action, acknowledgement_of, action_of
from charging.adapters.vehicles.enode_car import EnodeCar, control_in
from charging.adapters.vehicles.enode_http import EnodeApi, Reply, Session
from charging.adapters.vehicles.enode_reading import TOLD_BY, reading_of
from charging.adapters.vehicles.enode_values import text_of, yes_or_no
from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, GatewayError
from charging.core.facts import Hold, Reading
from charging.core.obstacle import Control
from charging.core.trouble import Trouble

LOOK_AGAIN_AFTER = timedelta(minutes=15)
LOOK_AGAIN_FOR = timedelta(hours=1)
"""A server that has heard nothing for longer is not helped by more questions."""

NO_LEASE = Acknowledgement(accepted=False, detail="There is no lease behind this API.")
NO_SUCH_CAR = Acknowledgement(accepted=False, detail="The car is not linked any more.")
REFUSED = Acknowledgement(accepted=False, detail="The car cannot be commanded now.")
SCHEDULED = Acknowledgement(accepted=False, detail="A schedule or plan there has the car.", is_schedule_conflict=True)


@dataclass(frozen=True, slots=True)
class Follow:
    """An action that had not ended when it was last heard of, and who is told of it."""

    action_id: str
    tell: Callable[[Action], object]


@dataclass(frozen=True, slots=True)
class EnodeGateway:
    """Reads and commands one car. There is no lease: a stop lasts until a start."""

    api: EnodeApi
    car: EnodeCar
    follow: Follow | None = field(default=None, repr=False)
    poll_interval: timedelta = timedelta(minutes=5)
    has_lease: bool = False

    @property
    def capabilities(self) -> Capabilities:
        """What the car was said to tell when it was connected."""
        told = {name for part in self.car.tells for name in TOLD_BY[part]}
        return Capabilities(is_controllable=True, readings=frozenset(told))

    def read(self, *, now: datetime) -> Reading | None:
        """What the server knows; None while it does not know how full the car is or whether it is plugged in."""
        with self.api.session() as session:
            content = self._looked_up(session)
            if yes_or_no(content, "isReachable") is False:
                self._look_at_access(session)
            reading = reading_of(content, self.car.tells, now)
            with suppress(GatewayError):
                self._follow(session)
                if reading is not None and _is_old(reading, now):
                    self._ask_afresh(session)
        return reading

    def control(self, *, now: datetime) -> Control:
        """What the server says of the car's capabilities and of our scopes now."""
        with self.api.session() as session:
            return control_in(self._looked_up(session))

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Carried out once, however often it is sent, by a server that knows such keys."""
        return self._wish("START", command_id)

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """The same; the hold is the caller's to end."""
        return self._wish("STOP", command_id)

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Refused: nobody there would start the car by itself."""
        return NO_LEASE

    @property
    def _path(self) -> str:
        return f"/vehicles/{quote(self.car.id, safe='')}"

    def _looked_up(self, session: Session) -> dict[str, Any]:
        reply = session.get(self._path)
        if reply.status == 404 and (_is_problem(reply.content) or self._is_well(session)):
            raise GatewayError("The car is not linked any more.", kind=Trouble.SIGN_IN_NEEDED)
        return _usable(reply.content if reply.is_success else None)

    def _wish(self, kind: str, command_id: UUID) -> Acknowledgement:
        with self.api.session() as session:
            reply = session.ask("POST", f"{self._path}/charging", {"action": kind}, key=str(command_id))
            if reply.is_success:
                answer = acknowledgement_of(action_of(reply.content))
                # Whether the car follows is seen sooner so; whether that question was heard does not matter.
                with suppress(GatewayError):
                    self._ask_afresh(session)
                return answer
            return {404: NO_SUCH_CAR, 409: SCHEDULED, 422: SCHEDULED}.get(reply.status, REFUSED)

    def _look_at_access(self, session: Session) -> None:
        """A car that cannot be reached may be one whose maker does not let the server in any more."""
        reply = self._user(session)
        if self.car.vendor in lost_vendors(reply.content):
            raise GatewayError("The maker does not let it in any more.", kind=Trouble.SIGN_IN_NEEDED)

    def _is_well(self, session: Session) -> bool:
        """Whether the API itself speaks: what stands before it answers 404 to everything while it is away."""
        reply = self._user(session)
        return _is_problem(reply.content) or (reply.is_success and isinstance(reply.content, dict))

    def _user(self, session: Session) -> Reply:
        return session.get(f"/users/{quote(self.car.user_id, safe='')}")

    def _follow(self, session: Session) -> None:
        if self.follow is not None:
            reply = session.get(f"/vehicles/actions/{quote(self.follow.action_id, safe='')}")
            if reply.is_success:
                self.follow.tell(action_of(reply.content))

    def _ask_afresh(self, session: Session) -> None:
        session.ask("POST", f"{self._path}/refresh-hint")


def lost_vendors(content: Any) -> frozenset[str]:
    """The makers of which an answer about a user says that they do not let the server in any more."""
    linked = content.get("linkedVendors") if isinstance(content, dict) else None
    rows = [row for row in linked if isinstance(row, dict)] if isinstance(linked, list) else []
    return frozenset(text_of(row, "vendor", 20) for row in rows if yes_or_no(row, "isValid") is False)


def _is_problem(content: Any) -> bool:
    """Whether this is how the API itself says that something is not there."""
    return isinstance(content, dict) and any(text_of(content, name) for name in ("type", "title"))


def _usable(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or "chargeState" not in content:
        raise GatewayError("The answer is no vehicle.", is_of_car=True)
    return content


def _is_old(reading: Reading, now: datetime) -> bool:
    return reading.is_plugged_in is True and LOOK_AGAIN_AFTER <= now - reading.observed_at <= LOOK_AGAIN_FOR
