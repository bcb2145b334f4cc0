"""The life of a command: when it is sent, and what proves that it worked (API_CONTRACT 6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from charging.core.car_view import charging_seen_at
from charging.core.facts import Car, CommandFacts, CommandKind, CommandPurpose, CommandStatus, Thresholds

RELEASE_LASTS = timedelta(hours=24)
"""How long a car that nobody can decide about is asked to start: beyond any night."""
JUDGED_BEFORE = timedelta(minutes=1)
"""A command whose sendings are used up is given up first, by whoever can."""


def next_sending_at(command: CommandFacts, thresholds: Thresholds) -> datetime | None:
    """When the command is to be sent (again): at once, then every `resend_after`, while it has sendings left.

    None when it is settled or all sendings are used up. A release that nobody has taken goes on for RELEASE_LASTS:
    where a car cannot be decided about, no other START follows it.
    """
    if not command.is_open:
        return None
    if command.last_sent_at is None:
        return command.created_at
    again_at = command.last_sent_at + thresholds.resend_after
    if command.attempts < allowed_sendings(command, thresholds):
        return again_at
    return again_at + JUDGED_BEFORE if _is_release_in_vain(command) else None


def _is_release_in_vain(command: CommandFacts) -> bool:
    if command.purpose is not CommandPurpose.RELEASE or command.status is CommandStatus.ACCEPTED:
        return False
    return command.last_sent_at is not None and command.last_sent_at < command.created_at + RELEASE_LASTS


def allowed_sendings(command: CommandFacts, thresholds: Thresholds) -> int:
    """How often the command may be sent: `max_sendings` times, which a vendor may limit; a retry once.

    A retry is followed by another one when it has failed, so a START is sent every `resend_after` all the same.
    """
    return 1 if command.purpose is CommandPurpose.RETRY else thresholds.max_sendings


def after_sending(command: CommandFacts, now: datetime, accepted: bool | None) -> CommandFacts:
    """The command after a sending at `now`; None for `accepted` means that the reply was lost.

    An answer proves nothing about the car: ACCEPTED and UNKNOWN both wait for telemetry, and a refused command is
    INTENDED again until its next sending. A command that was settled while it was being sent stays settled.
    """
    answers = {True: CommandStatus.ACCEPTED, False: CommandStatus.INTENDED, None: CommandStatus.UNKNOWN}
    status = answers[accepted] if command.is_open else command.status
    return replace(command, status=status, attempts=command.attempts + 1, last_sent_at=now)


def sending_key(command_id: UUID, refusals: int) -> UUID:
    """The id under which a command is sent after so many refusals of it.

    After a lost reply it stays the same, so that a wish has its effect once. After a refusal it is another one: who
    remembers ids would only say again what was said before.
    """
    return uuid5(command_id, str(refusals)) if refusals else command_id


def judge(command: CommandFacts, car: Car, now: datetime, thresholds: Thresholds) -> CommandFacts:
    """The command in the light of the newest telemetry.

    CONFIRMED when the car was seen charging, or not, as it should after the last sending, FAILED when the last allowed
    sending is `resend_after` ago without that, else unchanged. A settled command never changes.
    """
    if not command.is_open:
        return command
    if _is_proven(command, car):
        return replace(command, status=CommandStatus.CONFIRMED)
    fails_at = gives_up_at(command, thresholds)
    if fails_at is not None and now >= fails_at:
        return replace(command, status=CommandStatus.FAILED)
    return command


def gives_up_at(command: CommandFacts, thresholds: Thresholds) -> datetime | None:
    """When an open command without effect becomes FAILED; None while sendings are left, and when it is settled."""
    if not command.is_open or command.last_sent_at is None or command.attempts < allowed_sendings(command, thresholds):
        return None
    return command.last_sent_at + thresholds.resend_after


def _is_proven(command: CommandFacts, car: Car) -> bool:
    seen_at = charging_seen_at(car)
    if command.last_sent_at is None or seen_at is None or seen_at <= command.last_sent_at:
        return False
    if command.kind is CommandKind.START:
        return car.is_charging is True
    return car.is_plugged_in is True and car.is_charging is False
