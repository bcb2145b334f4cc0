"""Limits that several processes keep together, at the cost of few queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as HttpClient
from pytest_django import DjangoAssertNumQueries, Settings

from charging.models import AttemptCount
from charging.operations.attempts import forget_old_attempts, seconds_to_wait
from tests.api.callers import make_token
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A full minute, at which time stands still."""
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask_in_another_process(*, limit: int, is_shared: bool = True) -> bool:
    """Whether an attempt is allowed in a process that remembers nothing of the others."""
    cache.clear()
    return seconds_to_wait(name="anybody", limit=limit, is_shared=is_shared) is None


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_all_processes_together_allow_no_more_than_the_limit(limit: int) -> None:
    allowed = [ask_in_another_process(limit=limit) for _ in range(limit + 3)]

    assert sum(allowed) <= limit
    assert allowed[0] is True
    assert allowed[limit:] == [False] * 3


def test_what_is_not_shared_is_counted_in_each_process() -> None:
    assert all(ask_in_another_process(limit=1, is_shared=False) for _ in range(3))
    assert not AttemptCount.objects.exists()


@pytest.mark.parametrize("limit", [1, 7, 100, 1200])
def test_one_process_alone_allows_exactly_the_limit(limit: int) -> None:
    waits = [seconds_to_wait(name="anybody", limit=limit) for _ in range(limit + 2)]

    assert [wait is None for wait in waits] == [True] * limit + [False] * 2


def test_most_attempts_ask_the_database_nothing(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    seconds_to_wait(name="anybody", limit=1200)

    with django_assert_max_num_queries(0):
        waits = {seconds_to_wait(name="anybody", limit=1200) for _ in range(59)}

    assert waits == {None}


def test_whoever_is_over_the_limit_asks_the_database_nothing_either(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(2):
        seconds_to_wait(name="anybody", limit=1)

    with django_assert_max_num_queries(0):
        assert seconds_to_wait(name="anybody", limit=1) is not None


def test_a_new_window_begins_anew_and_old_counts_are_forgotten(clock: time_machine.Traveller) -> None:
    waits = [seconds_to_wait(name="anybody", limit=1) for _ in range(2)]
    clock.shift(timedelta(minutes=1))
    later = seconds_to_wait(name="anybody", limit=1)

    assert (waits, later) == ([None, 60], None)
    assert forget_old_attempts(at_wall=NOW + timedelta(minutes=1)) == 0
    assert forget_old_attempts(at_wall=NOW + timedelta(minutes=3)) == 1


def test_calls_of_one_client_are_counted_over_all_processes(settings: Settings) -> None:
    settings.READYBY_API_CALLS_PER_MINUTE = 2
    browser = HttpClient(headers={"Authorization": f"Bearer {make_token(client=make_client())}"})
    answers = []
    for _ in range(3):
        cache.clear()
        answers.append(browser.get("/api/users"))

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


def test_names_are_kept_as_checksums_alone() -> None:
    seconds_to_wait(name="guest:192.0.2.1", limit=1)

    assert "192.0.2.1" not in str(AttemptCount.objects.values().get())


def test_ids_that_were_made_up_leave_no_rows() -> None:
    for number in range(3):
        form = {"grant_type": "client_credentials", "client_id": f"made up {number}", "client_secret": "x"}
        assert HttpClient().post("/oauth2/token", form).status_code == 401

    assert not AttemptCount.objects.exists()
