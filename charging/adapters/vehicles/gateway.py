"""What every gateway to a car promises, whatever stands behind it.

`tests/adapters/gateway_contract.py` holds these promises as tests; a new gateway runs them on its own fake.

- **Reading.** `read` never wakes or changes the car. It returns what the vendor knows, with the instant the car was
  observed, not the instant of asking. The same observation has the same `event_id` each time it is read. None means
  that there was no answer: it is never the same as "not plugged in".
- **Commands are absolute wishes.** `start` means "charge from now on", `stop` "do not charge". An acknowledgement says
  that the wish was taken or refused, not that the car followed it: only a later reading proves that.
- **Once per command.** A `command_id` that was carried out is not carried out again, so sending it again after a lost
  reply is harmless. One that never reached the car may be carried out when it is sent again. A vendor without such keys
  is told an absolute wish again, which changes nothing; as only the newest command of a car is ever sent again, that is
  enough.
- **Leases.** Charging is the default. Where `has_lease` is true, the gateway itself starts the car at `hold.until`, or
  when nobody renewed it by `hold.renew_by`, also while this server is down; `renew` replaces the hold of a car that is
  being held and is refused for one that is not, so it never stops a car. Where it is false, `hold` is ignored, `renew`
  is refused, and the caller keeps a larger margin. A stop without a hold lasts until a start or until unplugging.
- **Failure.** A lost reply, a broken network or an unusable answer is a GatewayError of a `Trouble`; the wish may or
  may not have reached the car. After RATE_LIMITED nothing is asked before `retry_after` has passed, after
  SIGN_IN_NEEDED nothing but a START that cannot wait before the driver has signed in again. Every call has a time-out
  of its own.
- **Capabilities.** `capabilities` name what a reading of this car can hold; what is not among them is always None.
- **Control.** `control` asks whether what was found when the car was connected is still there: what starts and stops
  it, what tells its level and plug, the permission for both. It commands nothing and wakes nobody.
- **Age.** Values that were not observed at the reading's own instant have theirs in `observed_each`. A level that was
  last seen well before the car was plugged in stops no car.
- **Time.** `now` is given by the caller, aware and in UTC, and does not run backward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from charging.core.facts import Hold, Reading
from charging.core.obstacle import Control
from charging.core.trouble import Trouble


class GatewayError(Exception):
    """The gateway could not be asked, or its reply was lost. The text is for operators and holds no secret.

    `is_of_car`: the service answered, and it is this one car that it cannot reach. `was_asked` is false where nothing
    went out, because the service is left alone until `retry_after` has passed.
    """

    def __init__(
        self,
        detail: str = "",
        *,
        kind: Trouble = Trouble.NO_ANSWER,
        retry_after: timedelta | None = None,
        is_of_car: bool = False,
        was_asked: bool = True,
    ) -> None:
        super().__init__(detail or kind.value)
        self.kind = kind
        self.retry_after = retry_after
        self.is_of_car = is_of_car
        self.was_asked = was_asked


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Whether a car can be started and stopped, and which fields of a `Reading` it can tell."""

    is_controllable: bool
    readings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The answer to a wish: taken or refused, with a sentence for operators.

    `is_schedule_conflict`: the vendor says that another charging schedule stands against the wish. `action_id` is how
    the vendor calls the wish, where its fate can be asked for later.
    """

    accepted: bool
    detail: str = ""
    is_schedule_conflict: bool = False
    action_id: str = ""


class Gateway(Protocol):
    """One car, as it is read and commanded. Every method raises GatewayError."""

    @property
    def poll_interval(self) -> timedelta:
        """How often reading is worth it."""

    @property
    def has_lease(self) -> bool:
        """Whether a hold ends by itself, without this server."""

    @property
    def capabilities(self) -> Capabilities:
        """What can be read of the car, and whether it can be commanded. Asks nobody."""

    def read(self, *, now: datetime) -> Reading | None:
        """The newest reading of the car; None when it gave no answer."""

    def control(self, *, now: datetime) -> Control:
        """What keeps the car from being started, stopped or seen, if anything does."""

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Wish that the car charges; ends a hold."""

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Wish that the car does not charge, for as long as the hold lives."""

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Put another hold in the place of the one that is alive."""
