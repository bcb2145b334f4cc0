"""What is behind a connection, as somebody chooses from it: by use, grouped by device, with what is likely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_discovery import HOME, USES, Candidate
from charging.core.trouble import Trouble
from charging.models import Connection
from charging.operations.connections import discover, trouble_issue
from charging.operations.issues import Refused

Group = tuple[str, tuple[tuple[str, str], ...]]
"""A device, and of each of its entities the id and words for it."""


@dataclass(frozen=True, slots=True)
class Choices:
    """`by_use` has the groups for each use; `suggested` what looks most like one car; `home` the zone of the home."""

    by_use: Mapping[str, tuple[Group, ...]]
    suggested: Mapping[str, str]
    home: str = HOME

    @property
    def has_a_car(self) -> bool:
        """Whether there is anything that could be a car: a level, and something to press or to switch."""
        found = self.by_use
        return bool(found["level"] and (found["switch"] or (found["start"] and found["stop"])))


def choices_behind(*, connection: Connection, at_wall: datetime) -> Choices:
    """Returns what may be chosen. Raises Refused with the trouble in words, beside `token` or `address`."""
    try:
        found = discover(connection=connection, at_wall=at_wall)
    except ValueError as fault:
        raise Refused([trouble_issue(Trouble.SIGN_IN_NEEDED)]) from fault
    except GatewayError as error:
        raise Refused([trouble_issue(error.kind)]) from error
    return Choices({use: _groups(found.for_use(use)) for use in USES}, found.suggested())


def _groups(candidates: tuple[Candidate, ...]) -> tuple[Group, ...]:
    devices = dict.fromkeys(each.device for each in candidates)
    return tuple(
        (device, tuple((each.entity_id, _words(each)) for each in candidates if each.device == device))
        for device in devices
    )


def _words(candidate: Candidate) -> str:
    """`Family car battery: 40.0 %`, so that the driver knows it when they see it."""
    if candidate.entity_id == HOME:
        return candidate.name
    return f"{candidate.name}: {candidate.state}"
