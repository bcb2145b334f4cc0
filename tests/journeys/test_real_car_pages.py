"""The pages of a real car after it was connected, by every way in: on a phone and on a desk, light and dark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.core.obstacle import Obstacle
from charging.core.states import State
from charging.models import ConnectedCar, Connection, Driver, Vehicle, VehicleView
from charging.models.connections import ConnectionKind
from charging.operations.clocks import wall_now
from onboarding.models import OnboardingDraft
from tests.adapters.enode_server import serve_enode
from tests.connections import make_connected_car, make_enode_connection, make_mqtt_car, put_behind_enode
from tests.factories import make_due, make_vehicle
from tests.journeys.test_enode import look_in_every_size
from tests.journeys.test_home_assistant import signed_in
from tests.journeys.wizard_walk import Person

pytestmark = pytest.mark.usefixtures("evening_with_prices")

LOST = {
    ConnectionKind.HOME_ASSISTANT: (Obstacle.CONTROL_GONE, [f"switch.the_car_with_{'a_long' * 8}_name"]),
    ConnectionKind.ENODE: (Obstacle.BLOCKED, ["int-1"]),
    ConnectionKind.MQTT: (Obstacle.SCOPE_WITHDRAWN, ["evcc/loadpoints/1/vehicleSoc", "evcc/loadpoints/1/connected"]),
}


def make_car(kind: str) -> Vehicle:
    """A car of the signed-in driver behind a connection of that kind, of which nothing was heard yet."""
    driver = Driver.objects.get(account=User.objects.latest("pk"))
    if kind == ConnectionKind.MQTT:
        car = make_mqtt_car(driver=driver, address="mqtt://127.0.0.1:1", display_name="Our car")
    elif kind == ConnectionKind.ENODE:
        car = make_vehicle(driver=driver, display_name="Our car", vendor="VOLVO")
        put_behind_enode(make_enode_connection(driver=driver), car)
    else:
        car = make_connected_car(driver=driver, display_name="Our car")
    make_due(vehicle=car)
    VehicleView.objects.filter(vehicle=car).update(observed_at=None, soc_percent=None, is_plugged_in=None)
    # The page looks for two minutes, and a slow machine longer at the page.
    later = wall_now() + timedelta(minutes=10)
    answered = {"car": {"value": {"car": kind}, "version": 1, "at": later.isoformat()}}
    OnboardingDraft.objects.filter(driver=driver).delete()
    OnboardingDraft.objects.create(
        driver=driver, vehicle=car, answers=answered, version=1, created_at=wall_now(), updated_at=wall_now()
    )
    return car


def lose(kind: ConnectionKind) -> None:
    obstacle, names = LOST[kind]
    at = {"obstacle_since": wall_now() - timedelta(hours=1), "control_looked_at": wall_now()}
    ConnectedCar.objects.update(obstacle=obstacle.value, obstacle_names=names, **at)
    Vehicle.objects.update(is_capable=False, state=State.UNKNOWN.value)


def look_at_the_wait(person: Person, kind: str, faults: list[object]) -> None:
    person.open("/setup/car/waiting/")
    assert person.page.get_by_role("heading", name="Connected. Waiting for your car").is_visible()
    faults += look_in_every_size(person.page, f"{kind} waiting")
    VehicleView.objects.update(observed_at=wall_now(), soc_percent=42.0, is_plugged_in=True)
    person.page.get_by_role("heading", name="Your car has answered").wait_for()
    faults += look_in_every_size(person.page, f"{kind} heard")
    person.press("Continue", "link")
    assert person.page.url.endswith("/setup/minimum/")


def look_at_what_is_lost(person: Person, car: Vehicle, kind: ConnectionKind, faults: list[object]) -> None:
    lose(kind)
    person.open(f"/car/{car.public_id}/")
    faults += look_in_every_size(person.page, f"{kind} dashboard")
    person.page.locator("#control").get_by_role("link", name="See what to do").click()
    assert person.page.url.endswith("/control/")
    faults += look_in_every_size(person.page, f"{kind} control")
    person.press("Check again")
    assert person.page.get_by_text("We got no answer. Nothing was changed.").is_visible()


def look_at_the_connection(person: Person, car: Vehicle, kind: str, faults: list[object]) -> None:
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=wall_now())
    ConnectedCar.objects.update(obstacle="", obstacle_since=None)
    person.open(f"/car/{car.public_id}/")
    person.page.locator("#connection").get_by_role("link", name="Sign in again").click()
    person.page.get_by_text("Delete it with everything of it").click()
    faults += look_in_every_size(person.page, f"{kind} sign in again, disconnect and forget")
    person.press("Forget this car for good")
    assert not Vehicle.objects.exists()


def walk(page: Page, url: str, kind: ConnectionKind) -> list[object]:
    """Every page after connecting, one after the other. Returns what is wrong with any of them."""
    person, faults = Person(page, url), list[object]()
    person.open("/setup/car/")
    car = make_car(kind)
    look_at_the_wait(person, kind, faults)
    look_at_what_is_lost(person, car, kind, faults)
    look_at_the_connection(person, car, kind, faults)
    return faults


@pytest.mark.parametrize("kind", ConnectionKind)
def test_every_page_of_a_connected_car_fits_and_axe_finds_nothing(
    kind: ConnectionKind, browser: Browser, live_server: LiveServer, settings: Settings
) -> None:
    context = browser.new_context()
    with serve_enode() as server:
        server.set_up(settings)
        server.replies["GET /"] = server.replies["DELETE /"] = server.answer("GET", "/nowhere", {}, None)
        found = walk(signed_in(context, live_server), live_server.url, kind)
    context.close()

    assert found == []
