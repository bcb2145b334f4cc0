"""How soon what a car says becomes a reading, when it says it by itself as often as it likes.

A change of its state (plugged in, charging) counts almost at once: it only waits for what is told in the same breath.
Numbers that move on have time. Whoever changes its mind without end is heard ever so often. Times are seconds of a
clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

SETTLES_IN = 0.5
NUMBERS_EVERY = 30.0
AT_ONCE = 10
"""So many changes are taken at once; then one more for every NUMBERS_EVERY seconds."""


@dataclass(slots=True)
class NewsPace:
    """When the next reading is due: at `due_at`, infinity while there is no news."""

    due_at: float = inf
    taken_at: float = -inf
    left: float = AT_ONCE
    as_of: float = 0.0

    def hear(self, *, is_change: bool, at: float) -> None:
        """Notes news. What is due earlier stays so."""
        if is_change:
            waits = max(SETTLES_IN, (1 - self._left_at(at)) * NUMBERS_EVERY)
            self.due_at = min(self.due_at, at + waits)
        else:
            self.due_at = min(self.due_at, max(at + SETTLES_IN, self.taken_at + NUMBERS_EVERY))

    def is_due(self, at: float) -> bool:
        """Whether a reading is to be taken now."""
        return at >= self.due_at

    def take(self, at: float) -> None:
        """Notes that a reading is taken."""
        self.left, self.as_of = max(self._left_at(at) - 1, 0.0), at
        self.due_at, self.taken_at = inf, at

    def _left_at(self, at: float) -> float:
        return min(self.left + (at - self.as_of) / NUMBERS_EVERY, AT_ONCE)
