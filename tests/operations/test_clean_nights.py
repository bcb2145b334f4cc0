"""Nobody is accused of anything by nights in which only look-alikes happen to a simulated car (UX 3.2, N1 to N4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from charging.adapters.vehicles.faults import NO_FAULTS, Faults
from charging.models import DecisionLog, Finding, StateEvent
from charging.operations import due, simulation
from charging.operations.decision_log import replay
from charging.operations.simulated_faults import clear_faults
from tests.operations.lived_nights import MINUTE, Nights

pytestmark = pytest.mark.django_db

OWN_MINIMUM = Faults(name="own minimum", ceiling_percent=50.0)


def plain(nights: Nights) -> None:
    """Nothing but the plan."""


def sleeps_deeply(nights: Nights) -> None:
    """N1: it is slow to wake up, and now and then a command is lost on it."""
    nights.fault("sleeps")


def falls_silent(nights: Nights) -> None:
    """N1: held, and out of reach for three hours; nobody sees how it starts at the end of its hold."""
    nights.night.let_pass(60 * MINUTE)
    nights.fault("silent")


def tells_old_news(nights: Nights) -> None:
    """N1: what is told is old for an hour and a half."""
    nights.night.let_pass(90 * MINUTE)
    nights.fault("frozen")


def is_balanced(nights: Nights) -> None:
    """N2: the power goes up and down with what the house leaves."""
    nights.fault("load_balancing")


def is_elsewhere(nights: Nights) -> None:
    """N3: plugged in eleven kilometres away, where somebody starts and stops it."""
    simulation.drive_away(vehicle=nights.night.vehicle, now=nights.night.now)
    simulation.plug_in(vehicle=nights.night.vehicle, now=nights.night.now)
    for wants_charge in (False, True, False, True):
        nights.night.let_pass(12 * MINUTE)
        nights.change_car(wants_charge=wants_charge)


def charges_to_its_own_minimum(nights: Nights) -> None:
    """N4: up to half full it charges at once, whatever anybody says."""
    nights.night.let_pass(12 * MINUTE)
    nights.change_car(faults=OWN_MINIMUM, wants_charge=True, hold=None)
    nights.night.let_pass(90 * MINUTE)
    nights.change_car(faults=NO_FAULTS, wants_charge=False)


STORIES: tuple[Callable[[Nights], None], ...] = (
    *(plain, sleeps_deeply, falls_silent, tells_old_news, is_balanced, is_elsewhere, charges_to_its_own_minimum),
)


def ask_like_a_real_car(patch: pytest.MonkeyPatch) -> None:
    """Every two minutes while it changes, not every five seconds."""
    patch.setattr(due, "POLL_SIMULATED_WHILE_CHANGING", due.POLL_WHILE_CHANGING)


@pytest.fixture(autouse=True)
def asked_like_a_real_car(monkeypatch: pytest.MonkeyPatch) -> None:
    ask_like_a_real_car(monkeypatch)


def live(count: int, seed: int) -> list[str]:
    """So many nights, each with one of the stories. Returns what is found, by the story after which it is."""
    nights, rng = Nights(), Random(seed)
    found = []
    for number in range(count):
        story = STORIES[number] if number < len(STORIES) else rng.choice(STORIES)
        rows = nights.live(story, level=rng.uniform(32.0, 44.0))
        found += [f"{number} {story.__name__}: {row.cause} {row.codes} {row.evidence}" for row in rows]
        clear_faults(vehicle=nights.night.vehicle, now=nights.night.now)
    assert Finding.objects.count() == len(nights.open()), "and none came and went"
    return found


@pytest.fixture(scope="module")
def seven_nights(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """What is found in seven nights that are lived once; they are undone with the last test."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        ask_like_a_real_car(patch)
        yield live(7, seed=1)
        transaction.set_rollback(True)


def test_ux_31_seven_nights_one_of_each_kind_raise_no_alert(seven_nights: list[str]) -> None:
    assert seven_nights == []


@pytest.mark.usefixtures("seven_nights")
def test_the_log_explains_every_step_of_seven_days() -> None:
    """UX 4: no transition without a row."""
    events = list(StateEvent.objects.order_by("seq"))
    rows = list(DecisionLog.objects.select_related("prices").order_by("pk"))
    steps: dict[object, list[str]] = {}
    for event in events:
        steps.setdefault(event.at, []).extend((event.from_state, event.to_state))
    logged = {(row.at, row.state_before, row.state_after) for row in rows}

    assert events[-1].at - events[0].at > timedelta(days=6)
    assert len(steps) > 5 * 7
    assert {(at, path[0], path[-1]) for at, path in steps.items() if path[0] != path[-1]} <= logged
    # And the rows hang together: none begins in another state than the one before has left behind.
    assert all(before.state_after == after.state_before for before, after in pairwise(rows))
    assert all(row.rule for row in rows)
    assert all(replay(row).is_same for row in rows[:: len(rows) // 20])


@pytest.mark.slow
def test_ux_31_sixty_nights_of_look_alikes_raise_no_alert() -> None:
    assert live(60, seed=2) == []
