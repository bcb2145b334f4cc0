"""A driver's clock: the wall's time for real cars, faster for simulated ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SPEEDS = (1, 60, 600)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that showed `own_anchor` when the wall showed `wall_anchor`, and runs `speed` times as fast since.

    From `fast_until` on, an instant of its own, it runs at the wall's pace, whether or not somebody slows it down.

    Raises ValueError for a speed that is not in SPEEDS.
    """

    wall_anchor: datetime
    own_anchor: datetime
    speed: int = 1
    fast_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.speed not in SPEEDS:
            raise ValueError(f"A clock runs at {SPEEDS}, not at {self.speed}")

    @property
    def shows_wall_time(self) -> bool:
        """Whether this clock shows the wall's time now and later; one that once ran faster stays ahead."""
        return self.speed == 1 and self.own_anchor == self.wall_anchor

    def own(self, wall: datetime) -> datetime:
        """What this clock shows at a wall instant: own_anchor + (wall - wall_anchor) x speed, while it is fast."""
        fast = self.own_anchor + (wall - self.wall_anchor) * self.speed
        if self.fast_until is None or fast <= self.fast_until:
            return fast
        return self.fast_until + (wall - self._wall_while_fast(self.fast_until))

    def wall(self, own: datetime) -> datetime:
        """The first wall instant (whole microseconds) at which this clock shows `own` or later.

        Rounding up means that what is due at `own` is never looked at too early, and so never twice.
        """
        if self.fast_until is None or own <= self.fast_until:
            return self._wall_while_fast(own)
        return self._wall_while_fast(self.fast_until) + (own - self.fast_until)

    def with_speed(self, speed: int, at_wall: datetime) -> Clock:
        """This clock with another speed from `at_wall` on; what it shows does not jump.

        Raises ValueError for an unknown speed, and for an instant before the last change: a clock only goes forward.
        """
        if at_wall < self.wall_anchor:
            raise ValueError(f"This clock was set at {self.wall_anchor}, after {at_wall}")
        return Clock(wall_anchor=at_wall, own_anchor=self.own(at_wall), speed=speed)

    def _wall_while_fast(self, own: datetime) -> datetime:
        return self.wall_anchor - (self.own_anchor - own) // self.speed
