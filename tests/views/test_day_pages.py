"""Other times on some days of the week."""

from datetime import time

import pytest
from django.test import Client as Browser

from charging.models import Policy, Vehicle
from tests import factories
from tests.views.cars import make_own_car, text_of, url
from tests.views.test_car_actions import follow, policy_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

NONE = {f"day_{day}": "" for day in range(7)}
WEEKEND = NONE | {"day_5": "9", "day_6": "0930", "holidays": "sunday"}


@pytest.fixture
def vehicle(client: Browser) -> Vehicle:
    return make_own_car(client)


def test_a_weekend_with_times_of_its_own_is_stored_and_said(client: Browser, vehicle: Vehicle) -> None:
    page = follow(client, vehicle, client.post(url("car_days", vehicle), WEEKEND))

    assert policy_of(vehicle).deadline == time(7, 0)
    assert policy_of(vehicle).weekday_deadlines == {5: time(9, 0), 6: time(9, 30)}
    assert "Ready by 07:00 \N{EN DASH} Sat 09:00, Sun 09:30." in page
    assert "07:00 \N{EN DASH} Sat 09:00, Sun 09:30" in text_of(client.get("/settings/"))


def test_the_page_shows_what_is_stored_and_the_next_holiday_of_the_place(client: Browser, vehicle: Vehicle) -> None:
    client.post(url("car_days", vehicle), WEEKEND | {"holidays": "weekday"})

    page = text_of(client.get(url("car_days", vehicle)))

    assert 'name="day_5" value="09:00"' in page
    assert 'value="weekday" ' in page
    assert not policy_of(vehicle).observes_holidays
    assert "The next one at your place is" in page


def test_where_holidays_are_not_known_the_page_says_so(client: Browser, vehicle: Vehicle) -> None:
    vehicle.driver.locations.update(timezone_name="UTC")

    assert "We do not know the public holidays" in text_of(client.get(url("car_days", vehicle)))


def test_a_time_that_is_none_is_named_with_its_day_and_nothing_is_lost(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.post(url("car_days", vehicle), WEEKEND | {"day_2": "soon"}))

    assert "Wednesday: Ready by must be hours and minutes, from 00:00 to 23:59" in page
    assert 'name="day_6" value="0930"' in page
    assert policy_of(vehicle).weekday_deadlines == {}


def test_a_change_in_another_tab_is_not_overwritten_silently(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.filter(vehicle=vehicle).update(deadline_friday=time(5, 0), version=2)

    first = text_of(client.post(url("car_days", vehicle), WEEKEND | {"version": "1"}))
    client.post(url("car_days", vehicle), WEEKEND | {"version": "2"})

    assert "It is now 07:00 \N{EN DASH} Fri 05:00; save again to use yours" in first
    assert policy_of(vehicle).weekday_deadlines == {5: time(9, 0), 6: time(9, 30)}


def test_a_refusal_is_shown_above_the_form(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.filter(vehicle=vehicle).update(minimum_charge_limit=99)

    page = text_of(client.post(url("car_days", vehicle), WEEKEND))

    assert "There is a problem" in page
    assert policy_of(vehicle).weekday_deadlines == {}


def test_without_a_policy_the_wizard_asks_first(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.filter(vehicle=vehicle).delete()

    assert client.get(url("car_days", vehicle))["Location"] == f"/setup/?car={vehicle.public_id}"


def test_the_usual_time_of_a_day_with_its_own_is_that_one(client: Browser, vehicle: Vehicle) -> None:
    tomorrow = (factories.NOW.weekday() + 1) % 7
    client.post(url("car_days", vehicle), NONE | {f"day_{tomorrow}": "9"})

    client.post(url("car_ready_by", vehicle), {"ready_by": "9", "scope": "tonight"})
    as_usual = policy_of(vehicle).one_off_deadline_at
    client.post(url("car_ready_by", vehicle), {"ready_by": "7", "scope": "tonight"})

    assert as_usual is None
    assert policy_of(vehicle).one_off_deadline_at == factories.at(7)
