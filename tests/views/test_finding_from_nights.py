"""From what a car did in two nights to what its driver reads in the third evening."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser

from charging.models import Driver, Vehicle
from charging.operations.findings import judge_interference
from tests import factories
from tests.core.interference_stories import CEILING, CLEAN, DAY, FIGHT, LIMIT, STARTED, TIMER, UNDONE
from tests.core.night_stories import MONDAY, tell
from tests.operations.stored_nights import make_car, store
from tests.views.cars import sign_in, url
from tests.views.findings import shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def live(*stories: tuple[str, ...]) -> Vehicle:
    """A car that has lived through these nights, judged after each; its driver’s clock shows the next morning."""
    car = make_car()
    for number, lines in enumerate(stories):
        now = store(car, tell(*lines, day=MONDAY + number * DAY))
        judge_interference(vehicle=car, now=now)
    Driver.objects.filter(pk=car.driver_id).update(clock_own_anchor=now, clock_wall_anchor=factories.NOW)
    return Vehicle.objects.get(pk=car.pk)


def told(browser: Browser, *stories: tuple[str, ...]) -> str:
    car = sign_in(browser, live(*stories))
    return re.sub(r"<[^>]*>", " ", shown(browser, url("car", car)))


def test_a_timer_is_told_with_its_time_and_stands_in_the_timeline(client: Browser) -> None:
    page = told(client, TIMER, TIMER)

    assert "On two nights your car waited until 23:00, although we had asked it to start at 18:02." in page
    assert page.count("Your car seems to wait for a timer at 23:00") == 2


@pytest.mark.parametrize(
    ("stories", "expected"),
    [
        pytest.param([CEILING] * 3, "Something stops charging at", id="ceiling"),
        pytest.param([FIGHT] * 2, "Something else starts and stops your car too", id="tug of war"),
        pytest.param([STARTED] * 2, "Something starts your car while it should wait", id="foreign start"),
        pytest.param([LIMIT] * 2, "Something changes the charge limit of your car", id="limit"),
        pytest.param([UNDONE] * 2, "Something stops your car after we have started it", id="undone"),
    ],
)
def test_what_was_found_is_told(client: Browser, stories: list[tuple[str, ...]], expected: str) -> None:
    assert expected in told(client, *stories)


def test_two_clean_nights_are_told_as_the_end_of_it(client: Browser) -> None:
    page = told(client, TIMER, TIMER, CLEAN, CLEAN)

    assert "Two nights without it, so it is over: “Your car seems to wait for a timer at 23:00”" in page
    assert "That is on purpose" not in page


def test_quiet_nights_tell_nothing(client: Browser) -> None:
    page = told(client, CLEAN, CLEAN, CLEAN)

    assert "That is on purpose" not in page
    assert "seems to" not in page
