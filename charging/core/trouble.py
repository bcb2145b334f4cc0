"""Why a gateway gave no usable answer, as kinds that somebody can act on."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """What is the matter. After the first three a wish may still have reached the car."""

    NO_ANSWER = "NO_ANSWER"
    """The reply was lost, came too late or makes no sense."""

    ASLEEP = "ASLEEP"
    """The car sleeps and could not be woken."""

    OFFLINE = "OFFLINE"
    """The car, or what stands between it and us, cannot be reached."""

    SIGN_IN_NEEDED = "SIGN_IN_NEEDED"
    """Our access is refused: nobody but the driver can give it again."""

    SCHEDULE_CONFLICT = "SCHEDULE_CONFLICT"
    """Refused because a schedule of somebody else stands against it."""

    RATE_LIMITED = "RATE_LIMITED"
    """Asked too often: not before `retry_after`."""

    NOT_ALLOWED = "NOT_ALLOWED"
    """An address that this server may not connect to, or one that refuses this server itself, whoever the driver is."""


ENDED_IN_VAIN = frozenset({Trouble.ASLEEP, Trouble.SCHEDULE_CONFLICT})
"""Troubles after which nothing of a wish is under way any more: it is wished anew, under another id."""
