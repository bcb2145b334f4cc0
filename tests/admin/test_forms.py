"""Places and policies change through operations; what those refuse stands beside the fields and is not stored."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from charging.admin.operation_form import was_applied
from charging.admin.policies import PolicyForm
from charging.models import Activity, Location, Policy
from charging.operations.issues import Issue, Refused
from tests import factories
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Night:
    """A car at Home with smart charging on, ready by 07:00."""
    night = make_night()
    night.add_place()
    night.turn_on(minimum=20)
    return night


def place_values(location: Location, **values: Any) -> dict[str, Any]:
    stored = {
        "name": location.name,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "radius_meters": location.radius_meters,
        "timezone_name": location.timezone_name,
        "price_area": location.price_area.code if location.price_area is not None else "",
        "example_area": "",
    }
    return stored | values


def post(browser: Browser, row: Location | Policy, values: dict[str, Any]) -> Any:
    address = reverse(f"admin:charging_{row._meta.model_name}_change", args=[row.pk])
    return browser.post(address, {"reason": "Ticket 77"} | values)


def test_the_form_of_a_place_shows_what_is_stored(browser_of_operator: Browser, night: Night) -> None:
    location = Location.objects.get()

    page = browser_of_operator.get(reverse("admin:charging_location_change", args=[location.pk]))

    assert 'value="Home"' in page.text
    assert 'value="58.1467"' in page.text
    assert '<option value="NO2" selected>' in page.text


def test_a_place_is_renamed_and_the_history_says_by_whom(
    browser_of_operator: Browser, night: Night, operator: User
) -> None:
    location = Location.objects.get()

    answer = post(browser_of_operator, location, place_values(location, name="Cabin"))

    assert answer.status_code == 302
    location.refresh_from_db()
    assert location.name == "Cabin"
    assert not location.is_area_hand_set
    assert LogEntry.objects.get().user == operator


def test_a_moved_place_finds_its_price_area_anew(browser_of_operator: Browser, night: Night) -> None:
    location = Location.objects.get()

    post(browser_of_operator, location, place_values(location, latitude=59.91, longitude=10.75))

    location.refresh_from_db()
    assert location.price_area is not None
    assert location.price_area.code == "NO1"


def test_a_price_area_set_here_counts_as_set_by_hand(browser_of_operator: Browser, night: Night) -> None:
    location = Location.objects.get()

    post(browser_of_operator, location, place_values(location, price_area="NO5", example_area="SE4"))

    location.refresh_from_db()
    assert location.price_area is not None
    assert location.example_area is not None
    assert (location.price_area.code, location.is_area_hand_set, location.example_area.code) == ("NO5", True, "SE4")


def test_the_price_area_can_be_taken_away(browser_of_operator: Browser, night: Night) -> None:
    location = Location.objects.get()

    post(browser_of_operator, location, place_values(location, price_area=""))

    location.refresh_from_db()
    assert location.price_area is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("latitude", value) for value in ("91", "-90.01", "NaN", "inf", "1e400", "north", "")),
        *(("longitude", value) for value in ("181", "nan", "-inf", "")),
        *(("radius_meters", value) for value in ("49", "501", "1.5", "-150", "9" * 30, "")),
        *(("timezone_name", value) for value in ("Mars/Olympus", "UTC+25", "", "localtime")),
        *(("name", value) for value in ("", "   ", "x" * 101, "x" * 10_000, "a\x00b", "a\u202eb", "a\tb")),
        *(("price_area", value) for value in ("XX9", "NO2\x00")),
        ("example_area", "XX9"),
    ],
)
def test_bad_values_of_a_place_are_refused_beside_their_field(
    name: str, value: str, browser_of_operator: Browser, night: Night
) -> None:
    location = Location.objects.get()
    before = Location.objects.values().get()

    answer = post(browser_of_operator, location, place_values(location, **{name: value}))

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {name}
    assert "Nothing was stored" in answer.text
    assert Location.objects.values().get() == before
    assert not LogEntry.objects.exists()


def test_every_fault_is_told_at_once_and_the_values_are_kept(browser_of_operator: Browser, night: Night) -> None:
    location = Location.objects.get()

    answer = post(browser_of_operator, location, place_values(location, latitude="91", longitude="200", name="Cabin"))

    assert set(answer.context["form"].errors) == {"latitude", "longitude"}
    assert 'value="Cabin"' in answer.text
    assert 'value="200"' in answer.text


def test_a_policy_is_changed_and_obeyed_at_once(browser_of_operator: Browser, night: Night) -> None:
    policy = Policy.objects.get()

    answer = post(browser_of_operator, policy, {"deadline": "06:30", "minimum_charge_limit": "10"})

    assert answer.status_code == 302
    policy.refresh_from_db()
    assert (policy.is_enabled, policy.deadline, policy.minimum_charge_limit) == (False, time(6, 30), 10.0)
    assert Activity.objects.filter(code="turned_off", actor="support").exists()
    night.vehicle.refresh_from_db()
    assert night.vehicle.state == "DISABLED"
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        pytest.param({"deadline": "24:00"}, {"deadline"}, id="24 o'clock"),
        pytest.param({"deadline": "soon"}, {"deadline"}, id="no time"),
        pytest.param({"deadline": ""}, {"deadline"}, id="on without a deadline"),
        pytest.param({"minimum_charge_limit": "-1"}, {"minimum_charge_limit"}, id="minimum below 0"),
        pytest.param({"minimum_charge_limit": "101"}, {"minimum_charge_limit"}, id="minimum above 100"),
        pytest.param({"minimum_charge_limit": "NaN"}, {"minimum_charge_limit"}, id="minimum not a number"),
        pytest.param({"minimum_charge_limit": "inf"}, {"minimum_charge_limit"}, id="minimum infinite"),
        pytest.param({"minimum_charge_limit": "81"}, {"minimum_charge_limit"}, id="minimum above the car's limit"),
        pytest.param(
            {"deadline": "", "minimum_charge_limit": "81"}, {"deadline", "minimum_charge_limit"}, id="both at once"
        ),
    ],
)
def test_bad_policies_are_refused_and_nothing_is_stored(
    values: dict[str, str], fields: set[str], browser_of_operator: Browser, night: Night
) -> None:
    policy, before = Policy.objects.get(), Policy.objects.values().get()
    wanted = {"is_enabled": "on", "deadline": "07:00", "minimum_charge_limit": "20"} | values

    answer = post(browser_of_operator, policy, wanted)

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == fields
    assert Policy.objects.values().get() == before
    assert not LogEntry.objects.exists()


def test_a_car_that_cannot_be_controlled_is_not_switched_on(browser_of_operator: Browser) -> None:
    vehicle = factories.make_vehicle(driver=factories.make_driver(), is_capable=False)
    policy = factories.make_policy(vehicle=vehicle, is_enabled=False)

    answer = post(browser_of_operator, policy, {"is_enabled": "on", "deadline": "07:00", "minimum_charge_limit": "20"})

    assert answer.context["form"].errors["is_enabled"] == ["This car cannot be started and stopped from here"]


def test_a_refusal_without_a_field_of_the_form_stands_above_it() -> None:
    form = PolicyForm({"minimum_charge_limit": "20", "reason": "Ticket 77"})
    assert form.is_valid()

    def refuse() -> None:
        raise Refused([Issue("NOT_PLUGGED_IN", "somewhereElse", "Plug in first")])

    assert was_applied(form, refuse) is False
    assert form.non_field_errors() == ["Plug in first"]
