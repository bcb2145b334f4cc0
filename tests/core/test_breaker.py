"""The breaker: when a service that does not answer is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from charging.core.breaker import (
    FAILURES_TO_OPEN,
    LONGEST_REST,
    MOST_FAILURES,
    PROBE_TAKES,
    URGENT_EVERY,
    Breaker,
    Operation,
    ask,
    bound_of,
    failed,
    may_stop,
)

NOW = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def opened(*, failures: int = FAILURES_TO_OPEN, chance: float = 1.0) -> Breaker:
    breaker = Breaker()
    for _ in range(failures):
        breaker = failed(breaker, now=NOW, chance=chance)
    return breaker


def test_two_failures_in_a_row_keep_nobody_from_asking() -> None:
    breaker = opened(failures=2)

    assert (breaker.is_closed, breaker.rests_until, breaker.opened_at) == (True, None, None)
    assert ask(breaker, now=NOW).is_given


def test_the_third_lets_the_service_rest() -> None:
    leave = ask(opened(), now=NOW)

    assert (leave.is_given, leave.until) == (False, NOW + 5 * SECOND)
    assert opened().opened_at == NOW


def test_rests_grow_to_five_minutes_and_are_drawn_between_nothing_and_their_bound() -> None:
    bounds = [bound_of(FAILURES_TO_OPEN + number) // SECOND for number in range(8)]

    assert bounds == [5, 10, 20, 40, 80, 160, 300, 300]
    assert bound_of(MOST_FAILURES) == LONGEST_REST
    assert opened(failures=5, chance=0.25).rests_until == NOW + 5 * SECOND
    assert opened(failures=5, chance=0.0).rests_until == NOW
    assert opened(failures=MOST_FAILURES + 2).failures == MOST_FAILURES


def test_after_the_rest_one_goes_and_the_others_wait_for_what_comes_of_it() -> None:
    after = NOW + 5 * SECOND

    first = ask(opened(), now=after)
    second = ask(first.breaker, now=after)

    assert (first.is_given, second.is_given, second.until) == (True, False, after + PROBE_TAKES)
    assert ask(first.breaker, now=after + PROBE_TAKES).is_given


def test_a_probe_in_vain_begins_a_longer_rest_and_keeps_since_when_it_is_open() -> None:
    after = NOW + 5 * SECOND
    probed = failed(ask(opened(), now=after).breaker, now=after, chance=1.0)

    assert (probed.rests_until, probed.opened_at) == (after + 10 * SECOND, NOW)


def test_what_cannot_wait_goes_once_a_minute() -> None:
    breaker = opened(failures=9)
    first = ask(breaker, now=NOW + SECOND, is_urgent=True)

    again = ask(first.breaker, now=NOW + 2 * SECOND, is_urgent=True)

    assert (first.is_given, again.is_given, again.until) == (True, False, NOW + SECOND + URGENT_EVERY)
    assert ask(first.breaker, now=NOW + SECOND + URGENT_EVERY, is_urgent=True).is_given
    assert not ask(first.breaker, now=NOW + SECOND + URGENT_EVERY).is_given


def test_what_cannot_wait_waits_no_longer_than_the_rest() -> None:
    breaker = ask(opened(), now=NOW, is_urgent=True).breaker

    assert ask(breaker, now=NOW + SECOND, is_urgent=True).until == NOW + 5 * SECOND


@pytest.mark.parametrize("operation", [Operation.READ, Operation.START, Operation.RENEW])
def test_no_car_is_stopped_while_anything_else_fails(operation: Operation) -> None:
    assert not may_stop({operation: opened()}, now=NOW + timedelta(days=1))
    assert may_stop({operation: opened(failures=2)}, now=NOW)


def test_stops_that_fail_rest_and_are_tried_again() -> None:
    breakers = {Operation.STOP: opened()}

    assert not may_stop(breakers, now=NOW + 4 * SECOND)
    assert may_stop(breakers, now=NOW + 5 * SECOND)
    assert may_stop({}, now=NOW)


def test_a_rest_of_a_clock_that_was_wrong_is_not_believed() -> None:
    longest = opened(failures=30)
    of_a_later_hour = replace(longest, rests_until=NOW + timedelta(hours=1))

    assert longest.is_resting(NOW)
    assert not of_a_later_hour.is_resting(NOW)
    assert ask(of_a_later_hour, now=NOW).breaker.rests_until == NOW + PROBE_TAKES


def test_an_urgent_question_of_a_clock_that_was_wrong_keeps_no_other_back() -> None:
    of_a_later_hour = replace(opened(failures=30), urgent_at=NOW + timedelta(hours=1))

    leave = ask(of_a_later_hour, now=NOW, is_urgent=True)

    assert (leave.is_given, leave.breaker.urgent_at) == (True, NOW)
