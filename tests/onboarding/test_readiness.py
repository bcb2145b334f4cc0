"""The ten checks, each in each of its statuses, and the pages that show them."""

import html
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from charging.models import Plan, Policy, Vehicle, VehicleView
from charging.operations import simulation
from charging.operations.clocks import own_now
from charging.operations.readiness import is_past_first_night, readiness
from charging.operations.readiness_check import Check, Status
from charging.views.readiness_rows import headline, make_rows
from tests.factories import make_override, make_plan
from tests.onboarding.walk import URLS, answer_until, begin, h1, page, send


@pytest.fixture(autouse=True)
def _monday_evening(settings: Settings) -> None:
    settings.READYBY_NOW, settings.READYBY_NOW_SINCE = datetime(2026, 1, 12, 18, tzinfo=UTC), datetime.now(UTC)


def make_ready_car(client: Client) -> Vehicle:
    begin(client)
    answer_until(client, "check")
    send(client, URLS["check"], turn_on="1")
    return Vehicle.objects.select_related("driver").get()


def check_of(vehicle: Vehicle, code: str) -> Check:
    now = own_now(driver=vehicle.driver)
    return next(check for check in readiness(vehicle=vehicle, now=now) if check.code == code)


def change_view(**values: Any) -> Callable[[Vehicle], None]:
    return lambda vehicle: void(VehicleView.objects.filter(vehicle=vehicle).update(**values))


def change_vehicle(**values: Any) -> Callable[[Vehicle], None]:
    return lambda vehicle: void(Vehicle.objects.filter(pk=vehicle.pk).update(**values))


def change_policy(**values: Any) -> Callable[[Vehicle], None]:
    return lambda vehicle: void(Policy.objects.filter(vehicle=vehicle).update(**values))


def void(_rows: object) -> None:
    """Nothing: an update's count is of no interest here."""


def be_silent(vehicle: Vehicle) -> None:
    long_ago = own_now(driver=vehicle.driver) - timedelta(hours=5)
    VehicleView.objects.filter(vehicle=vehicle).update(observed_at=long_ago)


def lose_prices(vehicle: Vehicle) -> None:
    vehicle.driver.locations.update(price_area=None)


def leave_places(vehicle: Vehicle) -> None:
    vehicle.driver.locations.all().delete()


def be_old(vehicle: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(linked_at=vehicle.linked_at - timedelta(days=4))


def be_started_elsewhere(vehicle: Vehicle) -> None:
    be_old(vehicle)
    at = own_now(driver=vehicle.driver) - timedelta(days=1)
    make_override(vehicle=vehicle, created_at=at, ended_at=at, is_from_elsewhere=True)


def nothing(vehicle: Vehicle) -> None:
    """The car as it is."""


CASES = [
    pytest.param("settings", nothing, "ready", "Ready by 07:00, minimum 20 %", id="settings ready"),
    pytest.param("settings", change_policy(is_enabled=False), "needs", "Smart charging is off", id="switched off"),
    pytest.param(
        "settings",
        change_view(charge_limit_percent=10),
        "needs",
        "Minimum charge is above the limit in your car",
        id="minimum above the limit",
    ),
    pytest.param("place", nothing, "ready", "Home, price area NO2", id="place ready"),
    pytest.param("place", leave_places, "needs", "Tell us where you charge", id="no place"),
    pytest.param("answers", nothing, "ready", "Last heard less than a minute ago", id="answers"),
    pytest.param("answers", change_view(observed_at=None), "waiting", "Your car has not answered yet", id="never"),
    pytest.param("answers", be_silent, "needs", "Last heard from your car 5 h ago.", id="silent"),
    pytest.param("control", nothing, "ready", "Your car can be started and stopped from here", id="control ready"),
    pytest.param(
        "control",
        change_vehicle(is_capable=False),
        "problem",
        "Switch on remote charging in the Volkswagen app",
        id="not capable",
    ),
    pytest.param("plugged_in", nothing, "ready", "Your car is plugged in", id="plugged in"),
    pytest.param("plugged_in", change_view(is_plugged_in=False), "needs", "Plug in your car", id="not plugged in"),
    pytest.param("at_place", nothing, "ready", "Your car is at Home", id="at home"),
    pytest.param(
        "at_place",
        change_view(location=None, latitude=58.1737),
        "needs",
        "Your car is about 3 km from Home",
        id="3 km away",
    ),
    pytest.param(
        "at_place",
        change_view(location=None, latitude=None, longitude=None),
        "needs",
        "We cannot see where the car is",
        id="position unknown",
    ),
    pytest.param("at_place", leave_places, "waiting", "We can tell when there is a place", id="at no place"),
    pytest.param("prices", nothing, "ready", "Known until Wednesday 00:00", id="prices known"),
    pytest.param("prices", lose_prices, "needs", "There are no prices for your place yet", id="no prices"),
    pytest.param(
        "benefit",
        change_vehicle(rule="nothing_to_save"),
        "ready",
        "Nothing to save tonight, we will charge normally",
        id="nothing to save",
    ),
    pytest.param("benefit", change_vehicle(rule="making_plan"), "waiting", "We are making a plan", id="making a plan"),
    pytest.param(
        "nothing_else", nothing, "waiting", "Watching the first three nights", id="watching the first three nights"
    ),
    pytest.param("nothing_else", be_old, "ready", "Three nights without surprises", id="three nights"),
    pytest.param("nothing_else", be_started_elsewhere, "waiting", "Something else started your car", id="a surprise"),
    pytest.param(
        "nothing_else",
        change_vehicle(other_control="another_service"),
        "needs",
        "Another service controls your charging",
        id="another service",
    ),
    pytest.param(
        "nothing_else",
        change_vehicle(other_control="safety_net", safety_net_time="23:00"),
        "ready",
        "You keep a schedule in the car from 23:00",
        id="safety net",
    ),
]


@pytest.mark.parametrize(("code", "change", "status", "sentence"), CASES)
def test_ux_23_a_check_has_its_status_and_its_words(
    client: Client, code: str, change: Callable[[Vehicle], None], status: str, sentence: str
) -> None:
    vehicle = make_ready_car(client)
    change(vehicle)

    found = check_of(Vehicle.objects.select_related("driver").get(), code)

    assert found.status == status
    assert sentence in html.unescape(make_rows([found], vehicle)[0].sentence).replace("\N{NO-BREAK SPACE}", " ")


def test_the_title_names_the_first_thing_that_is_missing(client: Client) -> None:
    vehicle = make_ready_car(client)
    simulation.unplug(vehicle=vehicle, now=own_now(driver=vehicle.driver))

    assert h1(page(client, "/setup/ready/")) == "Almost ready: plug in your car"
    assert h1(page(client, "/health/")) == "Almost ready: plug in your car"


def test_a_car_that_is_watched_is_ready_for_its_first_night() -> None:
    checks = [Check("settings", Status.READY), Check("nothing_else", Status.WAITING, "watching")]

    assert headline(checks, is_past_first_night=False) == "Ready for the first night"
    assert headline(checks, is_past_first_night=True) == "Ready, and still watching"
    assert headline(checks[:1], is_past_first_night=False) == "Everything is ready"


def test_the_first_night_is_in_the_title_until_its_plan_has_come_to_its_deadline(client: Client) -> None:
    vehicle = make_ready_car(client)
    Plan.objects.filter(vehicle=vehicle).delete()
    now = own_now(driver=vehicle.driver)
    plan = make_plan(vehicle=vehicle, windows=(), deadline_at=now + timedelta(hours=9))
    assert is_past_first_night(vehicle=vehicle, now=now) is False

    Plan.objects.filter(pk=plan.pk).update(deadline_at=now)

    assert is_past_first_night(vehicle=vehicle, now=now) is True
    for url in ("/health/", "/setup/ready/"):
        assert h1(page(client, url)) == "Ready, and still watching"


@pytest.mark.parametrize("url", ["/setup/ready/", "/health/"])
def test_a_simulated_car_is_made_ready_with_the_buttons(client: Client, url: str) -> None:
    vehicle = make_ready_car(client)
    simulation.drive_away(vehicle=vehicle, now=own_now(driver=vehicle.driver))
    assert "Drive home" in page(client, url)

    for do in ("drive_home", "plug_in"):
        assert client.post(url, {"do": do}).headers["Location"] == url

    view = VehicleView.objects.get()
    assert view.is_plugged_in is True
    assert view.location is not None


def test_time_is_sped_up_and_back(client: Client) -> None:
    vehicle = make_ready_car(client)
    speeds = []
    for do in ("fast_time", "normal_time"):
        client.post("/setup/ready/", {"do": do})
        vehicle.driver.refresh_from_db()
        speeds.append(vehicle.driver.clock_speed)

    assert speeds == [60, 1]


@pytest.mark.parametrize("do", ["", "explode", "\0"])
def test_an_unknown_press_changes_nothing(client: Client, do: str) -> None:
    make_ready_car(client)
    before = VehicleView.objects.values().get()

    client.post("/health/", {"do": do})

    assert VehicleView.objects.values().get() == before


@pytest.mark.parametrize("name", ["setup_ready", "car_health"])
def test_the_live_fragment_brings_title_list_and_buttons(client: Client, name: str) -> None:
    vehicle = make_ready_car(client)
    ids = [vehicle.public_id] if name == "car_health" else []
    fragment = reverse("health_fragment" if ids else "setup_ready_fragment", args=ids)
    url = reverse(name, args=ids)
    simulation.unplug(vehicle=vehicle, now=own_now(driver=vehicle.driver))

    text = client.get(fragment, headers={"HX-Request": "true"}).content.decode()

    assert h1(text) == "Almost ready: plug in your car"
    assert "<title>Almost ready: plug in your car - Readyby</title>" in text
    assert text.count("<li") == 10
    assert 'data-row="Plugged in: needs you."' in text
    assert f'id="check-again" href="{url}"' in text
    assert '<div id="readiness-buttons" hx-swap-oob="innerHTML">' in text
    assert f'action="{url}"' in text.split('id="readiness-buttons"')[1]
    assert "Plug in now" in text


def test_the_page_itself_has_its_title_and_buttons_once(client: Client) -> None:
    vehicle = make_ready_car(client)
    simulation.unplug(vehicle=vehicle, now=own_now(driver=vehicle.driver))

    text = page(client, "/setup/ready/")

    assert text.count("Plug in now") == 1
    assert text.count("<h1") == 1
    assert "hx-swap-oob" not in text


def test_without_a_car_the_checks_lead_to_the_wizard(client: Client) -> None:
    begin(client)

    assert client.get("/setup/ready/").headers["Location"] == "/setup/"
    assert client.get("/health/").headers["Location"] == "/setup/"
    assert client.get("/fragments/setup-ready/").status_code == 204


def test_the_page_without_a_script_loads_itself_until_told_not_to(client: Client) -> None:
    make_ready_car(client)

    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page(client, "/setup/ready/")
    assert 'http-equiv="refresh"' not in page(client, "/setup/ready/?still=1")
