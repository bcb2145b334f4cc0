"""The row of the test charge: what it says, what its button does, and where it comes back to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from charging.models import SmartOverride, Vehicle
from charging.operations import clocks, simulation
from charging.operations.readiness_check import Check, Status
from charging.operations.test_charge import Outcome
from charging.views.readiness_rows import headline, make_rows, tally
from tests.factories import make_driver, make_vehicle
from tests.onboarding.test_readiness import make_ready_car
from tests.onboarding.walk import page

pytestmark = pytest.mark.django_db


def let_wait(vehicle: Vehicle) -> None:
    """A car that is plugged in and does not charge, as its plan wants it."""
    vehicle.view.is_charging = False
    vehicle.view.save(update_fields=["is_charging"])


@pytest.mark.parametrize("url", ["/setup/ready/", "/health/"])
def test_the_button_runs_the_test_and_comes_back(client: Client, url: str) -> None:
    vehicle = make_ready_car(client)
    let_wait(vehicle)
    text = page(client, url)
    assert "Let us try: start for 2 minutes, then stop" in text
    assert f'<input type="hidden" name="next" value="{url}">' in text
    assert "Run test" in text

    answer = client.post(f"/car/{vehicle.public_id}/test-charge/", {"next": url})

    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    assert SmartOverride.objects.get().is_test
    text = page(client, url)
    assert "Testing: we are starting your car" in text
    assert "Run test" not in text


def test_where_it_cannot_be_run_the_row_says_why_and_nothing_happens(client: Client) -> None:
    vehicle = make_ready_car(client)
    simulation.unplug(vehicle=vehicle, now=clocks.own_now(driver=vehicle.driver))

    assert "start for 2 minutes, then stop. Not now: Your car is not plugged in" in page(client, "/health/")

    client.post(f"/car/{vehicle.public_id}/test-charge/", {"next": "/health/"})

    assert not SmartOverride.objects.exists()


def test_nobody_tests_the_car_of_somebody_else(client: Client) -> None:
    vehicle = make_ready_car(client)
    other = Client()
    other.post("/setup/try/")

    assert other.post(f"/car/{vehicle.public_id}/test-charge/").status_code == 404
    assert Client().post(f"/car/{vehicle.public_id}/test-charge/").status_code == 302
    assert client.get(f"/car/{vehicle.public_id}/test-charge/").status_code == 405


def check(status: Status, reason: str, **params: object) -> Check:
    return Check("test", status, reason, {"why_not": "", "ago": timedelta(minutes=3)} | params)


@pytest.mark.parametrize(
    ("made", "sentence", "label"),
    [
        (check(Status.OPTIONAL, "never"), "Let us try: start for 2 minutes, then stop", "Run test"),
        (check(Status.WAITING, "running"), "Testing: your car charges for 2 minutes", ""),
        (check(Status.WAITING, "stopping"), "Testing: we are stopping your car", ""),
        (check(Status.READY, "passed"), "Your car started and stopped when we asked, 3 min ago", "Run again"),
        (check(Status.READY, "passed", why_not="Your car is full"), "3 min ago. Not now: Your car is full", ""),
        (check(Status.READY, "started_only"), "so we did not try to stop it", "Run again"),
        (check(Status.PROBLEM, "not_started"), "Your car did not start when we asked, 3 min ago", "Run again"),
        (check(Status.PROBLEM, "not_stopped"), "3 min ago, but did not stop", "Run again"),
        (check(Status.OPTIONAL, "broken_off"), "The last test was broken off", "Run again"),
    ],
)
def test_every_outcome_has_its_words(made: Check, sentence: str, label: str) -> None:
    row = make_rows([made], make_vehicle(driver=make_driver()))[0]

    assert sentence in row.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert row.action_label == label
    assert row.action_is_post is bool(label)


def test_every_outcome_can_be_shown() -> None:
    vehicle = make_vehicle(driver=make_driver())

    assert all(make_rows([check(Status.WAITING, outcome.value)], vehicle)[0].sentence for outcome in Outcome)


def test_a_test_that_nobody_ran_keeps_nothing_back_and_one_that_failed_does() -> None:
    ready = [Check("settings", Status.READY)]

    assert headline([*ready, check(Status.OPTIONAL, "never")], is_past_first_night=False) == "Everything is ready"
    assert headline([*ready, check(Status.WAITING, "running")], is_past_first_night=False) == "Everything is ready"
    assert (
        headline([*ready, check(Status.PROBLEM, "not_started")], is_past_first_night=False)
        == "Almost ready: your car did not do what we asked"
    )
    assert tally([*ready, check(Status.OPTIONAL, "never")]) == "1 of 1 are ready."
