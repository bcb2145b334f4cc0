from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from charging.core.commands import after_sending, gives_up_at, judge, next_sending_at, sending_key
from charging.core.facts import (
    OPEN_STATUSES,
    Car,
    CommandFacts,
    CommandKind,
    CommandPurpose,
    CommandStatus,
    Thresholds,
)

NOW = datetime(2026, 3, 1, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
THRESHOLDS = Thresholds()
SETTLED = sorted(set(CommandStatus) - OPEN_STATUSES)


def make_command(kind: CommandKind = CommandKind.START, status: CommandStatus = CommandStatus.INTENDED) -> CommandFacts:
    return CommandFacts(kind=kind, status=status, purpose=CommandPurpose.PLAN, created_at=NOW)


def make_sent(kind: CommandKind = CommandKind.START, times: int = 1) -> CommandFacts:
    """A command sent `times` times every five minutes from NOW on."""
    command = make_command(kind)
    for i in range(times):
        command = after_sending(command, NOW + 5 * i * MINUTE, True)
    return command


def make_car(
    observed_at: datetime | None, *, is_plugged_in: bool | None = True, is_charging: bool | None = False
) -> Car:
    return Car(
        battery_capacity_kwh=60,
        max_power_kw=11,
        observed_at=observed_at,
        is_plugged_in=is_plugged_in,
        is_charging=is_charging,
    )


def test_a_new_command_is_sent_at_once() -> None:
    assert next_sending_at(make_command(), THRESHOLDS) == NOW


def test_a_command_without_effect_is_sent_every_five_minutes_three_times() -> None:
    command, sent_at = make_command(), []
    while (at := next_sending_at(command, THRESHOLDS)) is not None:
        sent_at.append(at)
        command = after_sending(command, at, True)

    assert sent_at == [NOW, NOW + 5 * MINUTE, NOW + 10 * MINUTE]
    assert command.attempts == 3


@pytest.mark.parametrize("accepted", [False, None])
def test_a_release_that_nobody_takes_is_sent_for_a_day(accepted: bool | None) -> None:
    command, sent_at = replace(make_command(), purpose=CommandPurpose.RELEASE), []
    while (at := next_sending_at(command, THRESHOLDS)) is not None:
        given_up_at = gives_up_at(command, THRESHOLDS)
        assert given_up_at is None or given_up_at < at, "whoever can decide gives it up first"
        sent_at.append(at)
        command = after_sending(command, at, accepted)

    assert max(later - before for before, later in pairwise(sent_at)) == 6 * MINUTE
    assert timedelta(hours=24) <= sent_at[-1] - NOW <= timedelta(hours=24, minutes=6)


def test_a_release_that_was_taken_is_sent_three_times() -> None:
    release = replace(make_sent(times=3), purpose=CommandPurpose.RELEASE)

    assert next_sending_at(release, THRESHOLDS) is None


def test_a_vendor_that_allows_one_sending_gets_one() -> None:
    assert next_sending_at(make_sent(), replace(THRESHOLDS, max_sendings=1)) is None


def test_a_retry_is_sent_once_and_given_up_five_minutes_later() -> None:
    retry = replace(make_sent(), purpose=CommandPurpose.RETRY)

    assert next_sending_at(retry, THRESHOLDS) is None
    assert gives_up_at(retry, THRESHOLDS) == NOW + 5 * MINUTE


@pytest.mark.parametrize("status", SETTLED)
def test_a_settled_command_is_neither_sent_nor_given_up_nor_judged(status: CommandStatus) -> None:
    command = replace(make_sent(times=3), status=status)

    assert next_sending_at(command, THRESHOLDS) is None
    assert gives_up_at(command, THRESHOLDS) is None
    assert judge(command, make_car(NOW + 60 * MINUTE, is_charging=True), NOW + 60 * MINUTE, THRESHOLDS) == command


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        pytest.param(True, CommandStatus.ACCEPTED, id="accepted"),
        pytest.param(False, CommandStatus.INTENDED, id="refused"),
        pytest.param(None, CommandStatus.UNKNOWN, id="reply lost"),
    ],
)
def test_an_answer_never_settles_a_command(accepted: bool | None, status: CommandStatus) -> None:
    command = after_sending(make_command(), NOW, accepted)

    assert (command.status, command.attempts, command.last_sent_at) == (status, 1, NOW)
    assert command.is_open


def test_a_command_superseded_while_it_is_being_sent_stays_superseded() -> None:
    command = after_sending(make_command(status=CommandStatus.SUPERSEDED), NOW, True)

    assert (command.status, command.attempts) == (CommandStatus.SUPERSEDED, 1)


@pytest.mark.parametrize(
    ("kind", "car", "status"),
    [
        pytest.param(
            CommandKind.START, make_car(NOW + MINUTE, is_charging=True), CommandStatus.CONFIRMED, id="start: charging"
        ),
        pytest.param(CommandKind.START, make_car(NOW + MINUTE), CommandStatus.ACCEPTED, id="start: still idle"),
        pytest.param(
            CommandKind.START, make_car(NOW, is_charging=True), CommandStatus.ACCEPTED, id="start: not newer than sent"
        ),
        pytest.param(
            CommandKind.START,
            make_car(NOW - MINUTE, is_charging=True),
            CommandStatus.ACCEPTED,
            id="start: seen before the sending",
        ),
        pytest.param(
            CommandKind.START, make_car(None, is_charging=True), CommandStatus.ACCEPTED, id="start: never observed"
        ),
        pytest.param(CommandKind.STOP, make_car(NOW + MINUTE), CommandStatus.CONFIRMED, id="stop: idle"),
        pytest.param(
            CommandKind.STOP, make_car(NOW + MINUTE, is_charging=True), CommandStatus.ACCEPTED, id="stop: charging"
        ),
        pytest.param(
            CommandKind.STOP, make_car(NOW + MINUTE, is_plugged_in=False), CommandStatus.ACCEPTED, id="stop: unplugged"
        ),
        pytest.param(
            CommandKind.STOP, make_car(NOW + MINUTE, is_charging=None), CommandStatus.ACCEPTED, id="stop: unknown"
        ),
    ],
)
def test_only_the_wanted_state_observed_after_the_sending_confirms(
    kind: CommandKind, car: Car, status: CommandStatus
) -> None:
    assert judge(make_sent(kind), car, NOW + 2 * MINUTE, THRESHOLDS).status is status


@pytest.mark.parametrize("kind", CommandKind)
def test_a_position_that_is_newer_proves_nothing_of_charging(kind: CommandKind) -> None:
    command = make_sent(kind)
    car = make_car(NOW + MINUTE, is_charging=kind is CommandKind.START)

    before = judge(command, replace(car, charging_observed_at=NOW - MINUTE), NOW + 2 * MINUTE, THRESHOLDS)
    after = judge(command, replace(car, charging_observed_at=NOW + MINUTE), NOW + 2 * MINUTE, THRESHOLDS)

    assert (before.status, after.status) == (CommandStatus.ACCEPTED, CommandStatus.CONFIRMED)


def test_a_lost_reply_is_confirmed_by_telemetry_all_the_same() -> None:
    command = after_sending(make_command(), NOW, None)

    judged = judge(command, make_car(NOW + MINUTE, is_charging=True), NOW + MINUTE, THRESHOLDS)

    assert judged.status is CommandStatus.CONFIRMED


def test_telemetry_from_before_a_repeated_sending_proves_nothing() -> None:
    judged = judge(make_sent(times=2), make_car(NOW + 4 * MINUTE, is_charging=True), NOW + 6 * MINUTE, THRESHOLDS)

    assert judged.status is CommandStatus.ACCEPTED


def test_a_command_that_was_never_sent_cannot_be_confirmed_or_fail() -> None:
    car = make_car(NOW + 60 * MINUTE, is_charging=True)

    assert judge(make_command(), car, NOW + 60 * MINUTE, THRESHOLDS) == make_command()


@pytest.mark.parametrize(
    ("times", "minutes", "status"),
    [
        pytest.param(2, 60, CommandStatus.ACCEPTED, id="a sending is left"),
        pytest.param(3, 14, CommandStatus.ACCEPTED, id="four minutes after the last"),
        pytest.param(3, 15, CommandStatus.FAILED, id="five minutes after the last"),
    ],
)
def test_a_command_fails_five_minutes_after_its_last_sending(times: int, minutes: int, status: CommandStatus) -> None:
    judged = judge(make_sent(times=times), make_car(NOW), NOW + minutes * MINUTE, THRESHOLDS)

    assert judged.status is status


def test_proof_that_arrives_with_the_last_minute_wins() -> None:
    judged = judge(make_sent(times=3), make_car(NOW + 15 * MINUTE, is_charging=True), NOW + 15 * MINUTE, THRESHOLDS)

    assert judged.status is CommandStatus.CONFIRMED


def test_the_id_of_a_sending_changes_with_a_refusal_and_with_nothing_else() -> None:
    command_id = UUID(int=7)

    assert sending_key(command_id, 0) == command_id
    assert len({sending_key(command_id, refusals) for refusals in range(4)}) == 4
    assert sending_key(command_id, 2) == sending_key(command_id, 2)
