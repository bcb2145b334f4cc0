"""What is known of a car's charging at one place before this plug-in has told anything."""

from __future__ import annotations

from dataclasses import dataclass

from charging.core.energy import ASSUMED_TAPER, Taper

ENOUGH_SESSIONS = 3
MOST_SHORTFALL = 0.15
"""A plug-in that may fall further below what was expected has to be measured first."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What past plug-ins told (learning.py says how).

    `power_kw`: at the plug, below the knee, on the low side; `sessions`: how many plug-ins it rests on; `shortfall`: by
    which share of the expected power a plug-in fell below it lately; `taper`: the assumed one until enough showed it.
    """

    power_kw: float
    sessions: int
    shortfall: float = 0.0
    taper: Taper = ASSUMED_TAPER

    @property
    def is_trusted(self) -> bool:
        """Whether a plan may rest on it before the power of this plug-in was seen: often enough, and steady."""
        return self.sessions >= ENOUGH_SESSIONS and self.shortfall <= MOST_SHORTFALL
