"""A driver with several cars: the list of them, and pages that are one car's own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Vehicle
from tests import factories
from tests.views.cars import make_own_car, text_of, url


@pytest.fixture
def first(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def make_second(first: Vehicle, state: State = State.STARTED, name: str = "Small car", minutes: int = 0) -> Vehicle:
    """Another car of the same driver, in its state for some minutes."""
    second = factories.make_parked_car(state=state, driver=first.driver, view={"soc_percent": 61.0})
    since = factories.NOW - timedelta(minutes=minutes)
    Vehicle.objects.filter(pk=second.pk).update(display_name=name, state_changed_at=since)
    second.refresh_from_db()
    return second


def order_on(page: str, *names: str) -> list[str]:
    return sorted(names, key=lambda name: page.index(f'visually-hidden">, {name}</span>'))


def test_the_list_shows_what_each_car_does_its_level_and_its_next_time(client: Browser, first: Vehicle) -> None:
    second = make_second(first)

    page = text_of(client.get("/dashboard/")).replace("\N{NO-BREAK SPACE}", " ")

    for car, level in ((first, "38 %"), (second, "61 %")):
        assert f'<a href="{url("car", car)}">' in page
        assert f"<dd>{level}</dd>" in page
    assert "Waiting for cheaper hours" in page
    assert re.search(r'<time datetime="[^"]+">01:45</time></dt><dd>starts in 3 h 4', page)


def test_the_newest_trouble_stands_first(client: Browser, first: Vehicle) -> None:
    make_second(first, State.START_FAILED, "Older trouble", minutes=60)
    make_second(first, State.STOP_FAILED, "Newer trouble", minutes=5)
    make_second(first, State.STARTED, "No trouble", minutes=1)

    page = text_of(client.get("/dashboard/"))

    names = ("Family car", "Older trouble", "Newer trouble", "No trouble")
    assert order_on(page, *names) == ["Newer trouble", "Older trouble", "Family car", "No trouble"]


def test_a_car_that_has_said_nothing_yet_has_no_level(client: Browser, first: Vehicle) -> None:
    factories.make_vehicle(driver=first.driver, view={"soc_percent": None}, display_name="New car")

    assert "<dd>not known</dd>" in text_of(client.get("/dashboard/"))


@pytest.mark.parametrize("shown", ["/settings/", "one", "list"])
def test_a_car_can_be_added_from_wherever_cars_are(client: Browser, first: Vehicle, shown: str) -> None:
    address = {"one": url("car", first), "list": "/dashboard/"}.get(shown, shown)
    if shown == "list":
        make_second(first)

    assert 'action="/setup/add-car/"' in text_of(client.get(address))


def test_settings_change_the_car_of_the_row(client: Browser, first: Vehicle) -> None:
    Vehicle.objects.filter(pk=first.pk).update(charger_brand="other")
    second = make_second(first)

    page = text_of(client.get("/settings/"))

    for car in (first, second):
        link = f"/setup/other-control/?return=settings&amp;car={car.public_id}"
        assert f'href="{link}">' in page
        assert f'href="{link}#id_charger_brand">' in page
        assert f'href="{url("car_remove", car)}">' in page
    assert "<dt>Charger</dt><dd>Another charger</dd>" in page
    assert "<dt>Charger</dt><dd>I do not know</dd>" in page


class TestHealth:
    """The health check is one car's."""

    def test_with_several_cars_the_driver_chooses(self, client: Browser, first: Vehicle) -> None:
        second = make_second(first)

        page = text_of(client.get("/health/"))

        assert "<h1>Health check</h1>" in page
        for car in (first, second):
            assert f'<a href="{url("car_health", car)}">{car}</a>' in page

    def test_each_car_has_its_own_checks(self, client: Browser, first: Vehicle) -> None:
        second = make_second(first)
        Vehicle.objects.filter(pk=second.pk).update(is_capable=False)

        pages = [text_of(client.get(url("car_health", car))) for car in (first, second)]

        assert ["There is a problem" in page for page in pages] == [False, True]
        assert f'hx-get="{url("health_fragment", second)}"' in pages[1]
        assert f'href="{url("car", second)}">Go to dashboard' in pages[1]

    def test_the_live_part_is_of_the_same_car(self, client: Browser, first: Vehicle) -> None:
        second = make_second(first)
        Vehicle.objects.filter(pk=second.pk).update(is_capable=False)

        part = text_of(client.get(url("health_fragment", second), headers={"HX-Request": "true"}))

        assert "There is a problem" in part
        assert f'href="{url("car_health", second)}"' in part

    def test_what_is_missing_is_put_right_for_the_same_car(self, client: Browser, first: Vehicle) -> None:
        second = make_second(first, State.DISABLED)

        page = text_of(client.get(url("car_health", second)))

        assert f'href="/setup/check/?return=check&amp;car={second.public_id}"' in page

    def test_a_button_of_a_simulated_car_acts_on_that_car(self, client: Browser, first: Vehicle) -> None:
        second = make_second(first, State.CONSIDERING)
        second.view.is_plugged_in, second.view.plugged_in_at = False, None
        second.view.save()

        answer = client.post(url("car_health", second), {"do": "plug_in"})

        second.view.refresh_from_db()
        assert answer.headers["Location"] == url("car_health", second)
        assert second.view.is_plugged_in is True
