"""The policy: what a body means, every rule it can break, and that a refused one leaves everything as it was."""

from datetime import time
from typing import Any

import pytest

from charging.core.states import State
from charging.models import Policy, Vehicle
from tests.api.callers import codes_of, everything_stored, make_caller, send
from tests.factories import (
    make_client,
    make_driver,
    make_location,
    make_parked_car,
    make_policy,
    make_price_area,
    make_vehicle,
)

pytestmark = pytest.mark.django_db


def url_of(car: Vehicle) -> str:
    return f"/api/vehicles/{car.public_id}/smart-charging-policy"


def put(car: Vehicle, body: Any) -> Any:
    return send(make_caller(car.driver.client), "PUT", url_of(car), body)


def test_without_a_policy_smart_charging_is_off() -> None:
    car = make_vehicle(driver=make_driver())

    answer = make_caller(car.driver.client).get(url_of(car))

    assert answer.status_code == 200
    assert answer.json() == {"isEnabled": False, "deadline": None, "minimumChargeLimit": 0.0}


def test_a_policy_is_stored_and_obeyed_at_once() -> None:
    car = make_parked_car(state=State.DISABLED)

    answer = put(car, {"isEnabled": True, "deadline": "07:30", "minimumChargeLimit": 25.5})

    assert answer.status_code == 200
    assert answer.json() == {"isEnabled": True, "deadline": "07:30", "minimumChargeLimit": 25.5}
    car.refresh_from_db()
    assert car.state != State.DISABLED
    assert make_caller(car.driver.client).get(url_of(car)).json() == answer.json()


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        pytest.param({}, (False, time(7), 0), id="nothing: off, no minimum, the deadline stays"),
        pytest.param({"deadline": "06:15"}, (False, time(6, 15), 0), id="a deadline alone turns it off"),
        pytest.param({"isEnabled": True}, (True, time(7), 0), id="on with the stored deadline"),
        pytest.param({"deadline": None}, (False, None, 0), id="null clears the deadline"),
        pytest.param({"minimumChargeLimit": 100}, (False, time(7), 100), id="off, the car's limit is not asked"),
        pytest.param({"isEnabled": True, "deadline": "00:00"}, (True, time(0), 0), id="midnight"),
        pytest.param({"isEnabled": True, "deadline": "23:59"}, (True, time(23, 59), 0), id="a minute before it"),
        pytest.param({"isEnabled": True, "minimumChargeLimit": 80}, (True, time(7), 80), id="at the car's limit"),
    ],
)
def test_what_is_left_out_takes_its_default_but_the_deadline_stays(
    body: dict[str, Any], stored: tuple[bool, time | None, float]
) -> None:
    car = make_parked_car(state=State.CONSIDERING)

    assert put(car, body).status_code == 200

    policy = Policy.objects.get(vehicle=car)
    assert (policy.is_enabled, policy.deadline, policy.minimum_charge_limit) == stored


DEADLINE = {("DEADLINE_INVALID", "deadline")}
MINIMUM = {("MINIMUM_INVALID", "minimumChargeLimit")}
BAD_FORM = [
    *[(f'{{"deadline": {text}}}', DEADLINE) for text in (
        '"24:00"', '"7:5"', '"07:60"', '"07:05:00"', '"07:05Z"', '"07:05\\n"', '" 07:05"', '""', '"noon"',
        '"\\u0660\\u0667:\\u0660\\u0665"', "700", "7.5", "true", "[]", "{}", '"' + "1" * 10_000 + '"',
    )],
    *[(f'{{"minimumChargeLimit": {text}}}', MINIMUM) for text in (
        "-1", "-0.001", "101", "100.001", '"50"', "true", "false", "null", "[]", "1" + "0" * 400,
    )],
    *[(f'{{"isEnabled": {text}}}', {("ENABLED_INVALID", "isEnabled")}) for text in ("1", '"true"', "null", "[]")],
    ('{"minimumChargLimit": 50}', {("KEY_UNKNOWN", "minimumChargLimit")}),
    ('{"is_enabled": true}', {("KEY_UNKNOWN", "is_enabled")}),
    ("[]", {("BODY_INVALID", "")}),
    ("null", {("BODY_INVALID", "")}),
    ('"07:00"', {("BODY_INVALID", "")}),
    ("", {("BODY_INVALID", "")}),
    (
        '{"isEnabled": "yes", "deadline": "25:00", "minimumChargeLimit": "50", "x": 1}',
        DEADLINE | MINIMUM | {("ENABLED_INVALID", "isEnabled"), ("KEY_UNKNOWN", "x")},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "codes"), BAD_FORM, ids=[body[:40] for body, _ in BAD_FORM])
def test_a_value_of_the_wrong_form_stores_nothing(body: str, codes: set[tuple[str, str]]) -> None:
    car = make_parked_car(state=State.CONSIDERING)
    before = everything_stored()

    answer = put(car, body)

    assert answer.status_code == 400
    assert codes_of(answer) == codes
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("values", "body", "codes"),
    [
        pytest.param({}, {"deadline": None}, {("DEADLINE_MISSING", "deadline")}, id="no deadline"),
        pytest.param(
            {},
            {"minimumChargeLimit": 81},
            {("MINIMUM_ABOVE_CHARGE_LIMIT", "minimumChargeLimit")},
            id="a minimum above the car's limit",
        ),
        pytest.param(
            {"vendor": "MERCEDES"},
            {"minimumChargeLimit": 49},
            {("MINIMUM_BELOW_VENDOR_FLOOR", "minimumChargeLimit")},
            id="a minimum below the vendor's floor",
        ),
        pytest.param({"is_capable": False}, {}, {("CONTROL_NOT_AVAILABLE", "isEnabled")}, id="a car out of control"),
        pytest.param(
            {"is_capable": False, "vendor": "MERCEDES"},
            {"deadline": None},
            {
                ("CONTROL_NOT_AVAILABLE", "isEnabled"),
                ("DEADLINE_MISSING", "deadline"),
                ("MINIMUM_BELOW_VENDOR_FLOOR", "minimumChargeLimit"),
            },
            id="every rule at once",
        ),
        pytest.param(
            {"is_capable": False},
            {"deadline": "24:00", "minimumChargeLimit": 90},
            {
                ("CONTROL_NOT_AVAILABLE", "isEnabled"),
                ("DEADLINE_INVALID", "deadline"),
                ("MINIMUM_ABOVE_CHARGE_LIMIT", "minimumChargeLimit"),
            },
            id="a wrong form and broken rules",
        ),
    ],
)
def test_enabling_names_every_broken_rule_and_stores_nothing(
    values: dict[str, Any], body: dict[str, Any], codes: set[tuple[str, str]]
) -> None:
    car = make_vehicle(driver=make_driver(), **values)
    make_policy(vehicle=car, is_enabled=False)
    before = everything_stored()

    answer = put(car, {"isEnabled": True, **body})

    assert answer.status_code == 400
    assert codes_of(answer) == codes
    assert everything_stored() == before


def test_a_place_without_prices_forbids_enabling() -> None:
    car = make_vehicle(driver=make_driver())
    make_location(driver=car.driver, price_area=make_price_area(code="IS", name="Iceland", country="IS"))

    answer = put(car, {"isEnabled": True, "deadline": "07:00"})

    assert codes_of(answer) == {("NO_PRICES", "isEnabled")}


def test_a_car_that_charges_smartly_for_a_stranger_is_only_refused() -> None:
    vin = "WVWZZZE1ZMP000001"
    stranger = make_driver(external_id="charlie", client=make_client(name="Somebody"))
    make_policy(vehicle=make_vehicle(driver=stranger, vin=vin))
    car = make_vehicle(driver=make_driver(), vin=vin)

    answer = put(car, {"isEnabled": True, "deadline": "07:00"})

    assert codes_of(answer) == {("ENABLED_BY_ANOTHER_USER", "isEnabled")}
    assert "charlie" not in answer.text
    assert "Somebody" not in answer.text


def test_the_policy_of_a_stranger_cannot_be_set() -> None:
    car = make_parked_car()
    before = everything_stored()

    answer = send(make_caller(make_client()), "PUT", url_of(car), {"isEnabled": False})

    assert answer.status_code == 404
    assert everything_stored() == before
