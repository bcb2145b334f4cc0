"""What a run has counted, as a short table."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass
class Figures:
    """`rows` are shown; of `must_be_zero` one that is not makes the run a failure."""

    rows: dict[str, object] = field(default_factory=dict)
    must_be_zero: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not any(self.must_be_zero.values())


def show(figures: Figures, *, seconds: float) -> int:
    """Prints the table. Returns the exit code: 1 where something that must be zero is not."""
    for name, value in {**figures.rows, "seconds in all": round(seconds), **figures.must_be_zero}.items():
        say(f"{name:40} {value}")
    say("ok" if figures.is_good else "FAILED")
    return 0 if figures.is_good else 1


def say(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
