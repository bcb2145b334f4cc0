"""What keeps a car that was connected well from being started, stopped or seen, as kinds that its driver can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

HOLDS_AFTER = timedelta(minutes=10)
"""Who restarts has nothing to show for some minutes: what is gone for longer is gone."""


class Obstacle(StrEnum):
    """What is in the way. It is no trouble: who stands between us and the car answers, and says so."""

    CONTROL_GONE = "CONTROL_GONE"
    """What starts and stops the car is not there any more."""

    READING_GONE = "READING_GONE"
    """What tells the level or the plug is not there any more."""

    SCOPE_WITHDRAWN = "SCOPE_WITHDRAWN"
    """We are let in, but not allowed what we need."""

    BLOCKED = "BLOCKED"
    """Its driver has to switch something on in the car or its app."""

    NOT_POSSIBLE = "NOT_POSSIBLE"
    """Nobody may start and stop this car from outside any more."""

    @property
    def keeps_control(self) -> bool:
        """Whether the car can be started and stopped all the same."""
        return self is Obstacle.READING_GONE


@dataclass(frozen=True, slots=True)
class Control:
    """Whether a car can be started, stopped and seen. `names` are what is not there any more, or what resolves it."""

    obstacle: Obstacle | None = None
    names: tuple[str, ...] = ()


WELL = Control()
