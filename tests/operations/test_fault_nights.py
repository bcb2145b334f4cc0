"""Who works against the plan is found by what a simulated car does, night after night, and is called by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

import pytest

from charging.core.states import State
from charging.models import Vehicle
from charging.operations import due, overrides
from tests import factories
from tests.operations.lived_nights import MINUTE, Nights

pytestmark = pytest.mark.django_db


def undone_once(nights: Nights) -> None:
    """Somebody stops it a few minutes after our start, once."""
    nights.wait_for(State.STARTED)
    nights.night.let_pass(4 * MINUTE)
    nights.change_car(wants_charge=False)
    nights.night.let_pass(20 * MINUTE)


def undone_again_and_again(nights: Nights) -> None:
    """Another app that wakes up once the car is held."""
    nights.wait_for(State.STOPPED)
    nights.fault("another_app")


def taken_back_and_undone(nights: Nights) -> None:
    """Another app undoes our STOP; the driver lets smart charging take over each time."""
    for _ in range(3):
        nights.wait_for(State.OVERRIDDEN)
        overrides.end_override(vehicle=nights.night.vehicle, now=nights.night.now)
        nights.night.let_pass(MINUTE)


@dataclass(frozen=True)
class Case:
    """A signature and how it is made; found in the morning after `night`, and not before."""

    codes: tuple[str, ...]
    cause: str
    night: int
    fault: str = ""
    happens: Callable[[Nights], None] | None = None
    minimum: float = 0.0
    clock_time: time | None = None
    percent: float | None = None


# Not every plan of these nights is at work while the fault is: the prices of the second night are low before eleven.
CASES = (
    Case(("F1",), "undone", 2, happens=undone_once),
    Case(("F2",), "foreign_start", 2, "another_app", clock_time=time(18, 38)),
    Case(("F2",), "foreign_start", 3, "starts_at_23", clock_time=time(23)),
    Case(("F3",), "timer", 2, "timer_at_23", clock_time=time(23)),
    Case(("F4",), "window_end", 3, "timer_until_4", clock_time=time(4)),
    Case(("F5",), "ceiling", 3, "ceiling_at_60", percent=60),
    Case(("F6",), "limit_automation", 2, "limit_falls_at_22", clock_time=time(22), percent=50),
    Case(("F6", "F7"), "limit_automation", 2, "limit_falls_at_22", minimum=60, clock_time=time(22), percent=50),
    Case(("F8",), "tug_of_war", 2, "another_app", happens=taken_back_and_undone),
    pytest.param(Case(("F8",), "tug_of_war", 2, happens=undone_again_and_again), marks=pytest.mark.slow),
    Case(("F11",), "charger_refuses", 2, "schedule_conflict"),
    Case(("F12",), "reported_schedule", 1, "reports_schedule", clock_time=time(23)),
    Case(("F17",), "random_starts", 3, "starts_at_odd_times"),
)


@pytest.fixture(autouse=True)
def asked_like_a_real_car(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every two minutes while it changes, not every five seconds."""
    monkeypatch.setattr(due, "POLL_SIMULATED_WHILE_CHANGING", due.POLL_WHILE_CHANGING)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join((*case.codes, case.fault)))
def test_ux_31_a_signature_is_found_and_called_by_its_name(case: Case) -> None:
    nights = Nights(minimum=case.minimum)

    mornings = [nights.live(case.happens, fault=case.fault) for _ in range(case.night)]

    assert [row.status for rows in mornings[:-1] for row in rows if row.status == "confirmed"] == []
    (found,) = mornings[-1]
    assert (tuple(found.codes), found.cause, found.status) == (case.codes, case.cause, "confirmed")
    assert (found.clock_time, found.percent) == (case.clock_time, case.percent)
    assert len(found.evidence) >= found.nights


def test_the_same_car_in_another_account_is_found_after_one_night() -> None:
    """F15."""
    nights = Nights()
    other = factories.make_vehicle(driver=factories.make_driver())
    factories.make_policy(vehicle=other)
    Vehicle.objects.update(vin="WVWZZZE1ZMP001234")

    (found,) = nights.live()

    assert (found.codes, found.cause, found.status) == (["F15"], "second_account", "confirmed")
    assert [row["seen"] for row in found.evidence] == ["second_account"]
