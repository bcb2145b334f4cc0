"""The words in which interference is told: causes, how sure we are, and what was seen (UX 3.2)."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Cause(StrEnum):
    """Who or what works against the plan."""

    TIMER = "timer"
    """Nothing flows before a fixed time: a timer in the car or the charger."""
    WINDOW_END = "window_end"
    """Charging ends at a fixed time: "off-peak only", or the end of a window."""
    CEILING = "ceiling"
    """Charging ends at the same level, below the car's own limit."""
    LIMIT_AUTOMATION = "limit_automation"
    """Something changes the car's charge limit again and again."""
    UNDONE = "undone"
    """The car stops soon after our start."""
    FOREIGN_START = "foreign_start"
    """The car starts while the plan says wait."""
    TUG_OF_WAR = "tug_of_war"
    """Two controllers start and stop the car in turns."""
    CHARGER_REFUSES = "charger_refuses"
    """The answer to a command names a conflict with another schedule."""
    REPORTED_SCHEDULE = "reported_schedule"
    """The car itself says that a schedule is on."""
    SECOND_ACCOUNT = "second_account"
    """The same car has smart charging on in another account of this server."""
    OTHER_OPTIMISER = "other_optimiser"
    """Something charges the car in the cheapest hours before another time than the driver's."""
    CHARGER_PAUSES = "charger_pauses"
    """Each time the car is started, something pauses it again within a minute."""
    RANDOM_STARTS = "random_starts"
    """The car starts at irregular times night after night."""


class Status(StrEnum):
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


class Strength(IntEnum):
    """What one sighting adds to the score of its cause."""

    WEAK = 1
    STRONG = 2
    DIRECT = 3


class Seen(StrEnum):
    """What an evidence row says was seen; its value is a power in kW, a level in percent, or a text."""

    START_SENT = "start_sent"
    START_CONFIRMED = "start_confirmed"
    STOP_CONFIRMED = "stop_confirmed"
    CHARGING_BEGAN = "charging_began"
    CHARGING_ENDED = "charging_ended"
    CEILING_REACHED = "ceiling_reached"
    LIMIT_CHANGED = "limit_changed"
    CONFLICT_ANSWERED = "conflict_answered"
    SCHEDULE_REPORTED = "schedule_reported"
    SECOND_ACCOUNT = "second_account"
