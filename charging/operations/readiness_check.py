"""One check of whether a car is ready, and what all of them are told from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from charging.models import ChargingSession, Finding, Location, Plan, Policy, Vehicle, VehicleView
from charging.operations.prices import PricePeriod


class Status(StrEnum):
    READY = "ready"
    WAITING = "waiting"
    NEEDS_YOU = "needs"
    PROBLEM = "problem"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `reason` says why the status is what it is, `params` hold what its sentence names."""

    code: str
    status: Status
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the checks are told from: the places oldest first, the running plan, and the `recent_findings`.

    `period` are the prices until the running plan's deadline; without them they are read. `may_be_tested` is False
    where it is known that no test charge was ever begun. `session` is the plug-in that the plan belongs to, where the
    saving is told. `started_elsewhere_at` is when something else started the car last, as `started_elsewhere` says.
    """

    vehicle: Vehicle
    view: VehicleView
    policy: Policy | None
    places: Sequence[Location]
    plan: Plan | None
    findings: Sequence[Finding]
    now: datetime
    period: PricePeriod | None = None
    may_be_tested: bool = True
    session: ChargingSession | None = None
    started_elsewhere_at: datetime | None = None
