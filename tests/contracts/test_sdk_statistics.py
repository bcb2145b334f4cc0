"""Statistics through Enode's own SDK, from stored sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.models import ChargingSession, Client, Driver, Location, Vehicle
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_driver, make_location, make_session, make_vehicle

pytestmark = pytest.mark.django_db(transaction=True)
MIDNIGHT = datetime(2025, 12, 8, 22, 0, tzinfo=UTC)
START = NOW - timedelta(days=30)


@pytest.fixture
def anna(client: Client) -> Driver:
    return make_driver(client=client, external_id="anna")


def quarters(start: datetime, prices: list[str], kwh: list[float], at_once: list[float]) -> list[list[Any]]:
    step = timedelta(minutes=15)
    return [
        [(start + n * step).isoformat(), (start + (n + 1) * step).isoformat(), price, energy, once, None]
        for n, (price, energy, once) in enumerate(zip(prices, kwh, at_once, strict=True))
    ]


def make_moved_night(vehicle: Vehicle, place: Location | None = None, **values: Any) -> ChargingSession:
    """Plugged in an hour before midnight UTC+2; one quarter before it and two after it are used."""
    start = MIDNIGHT - timedelta(minutes=30)
    rows = quarters(start, ["0.30", "0.10", "0.12", "0.08"], [0.0, 1.0, 2.0, 2.0], [2.5, 2.5, 0.0, 0.0])
    defaults = {
        "plugged_in_at": start,
        "unplugged_at": start + timedelta(hours=2),
        "location": place,
        "energy_kwh": 5.0,
        "cost": Decimal("0.50"),
        "cost_charged_at_once": Decimal("1.00"),
        "saving": Decimal("0.50"),
        "quarters": rows,
    }
    return make_session(vehicle=vehicle, **defaults | values)


def test_a_night_is_divided_at_the_midnight_of_the_offset(
    live_server: LiveServer, client: Client, anna: Driver
) -> None:
    make_moved_night(make_vehicle(driver=anna))

    days = open_sdk(live_server, client).statistics.get_charging(
        user_id="anna", start_date=START, type_="vehicle", utc_offset="2"
    )

    assert [(day.date_, day.kwh_sum) for day in days] == [(MIDNIGHT - timedelta(days=1), 1.0), (MIDNIGHT, 4.0)]
    first, second = days
    assert (first.kw.min, first.kw.max, first.kw.mean) == (4.0, 4.0, 4.0)
    assert (second.kw.min, second.kw.max, second.kw.mean) == (8.0, 8.0, 8.0)
    assert (second.price.min, second.price.max, second.price.mean) == (0.08, 0.12, 0.1)
    assert (first.cost_sum, second.cost_sum) == (0.1, 0.4)
    assert (first.estimated_savings, second.estimated_savings) == (0.1, 0.4)
    assert second.non_smart_price.mean == 0.2


@pytest.mark.parametrize("resolution", ["QUARTER_HOUR", "HALF_HOUR", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"])
def test_every_resolution_adds_up_to_the_same(
    live_server: LiveServer, client: Client, anna: Driver, resolution: str
) -> None:
    car = make_vehicle(driver=anna)
    make_moved_night(car)
    make_moved_night(car, plugged_in_at=START, unplugged_at=START + timedelta(hours=3), quarters=[], saving=None)

    found = open_sdk(live_server, client).statistics.get_charging(
        user_id="anna", start_date=START - timedelta(days=1), type_="vehicle", resolution=resolution
    )

    assert sum(one.kwh_sum for one in found) == pytest.approx(10, abs=0.01)
    assert sum(one.cost_sum for one in found) == pytest.approx(0.5)
    assert sum(one.estimated_savings or 0 for one in found) == pytest.approx(0.5)
    assert [one.date_ for one in found] == sorted(one.date_ for one in found)


def test_a_session_names_its_car_and_its_place(live_server: LiveServer, client: Client, anna: Driver) -> None:
    place, car = make_location(driver=anna), make_vehicle(driver=anna)
    make_moved_night(car, place)

    (session,) = open_sdk(live_server, client).statistics.get_charging_sessions(
        user_id="anna", start_date=START, type_="vehicle"
    )

    assert (session.id, session.location_id) == (str(car.public_id), str(place.public_id))
    assert (session.from_, session.to) == (
        MIDNIGHT - timedelta(minutes=15),
        MIDNIGHT + timedelta(minutes=30),
    )
    assert (session.kwh_sum, session.cost_sum, session.estimated_savings) == (5.0, 0.5, 0.5)
    assert (session.price.mean, session.non_smart_price.mean) == (0.1, 0.2)


def test_without_smart_charging_nothing_was_saved(live_server: LiveServer, client: Client, anna: Driver) -> None:
    make_moved_night(make_vehicle(driver=anna), saving=None, has_plan=False)

    (session,) = open_sdk(live_server, client).statistics.get_charging_sessions(
        user_id="anna", start_date=START, type_="vehicle"
    )

    assert session.estimated_savings is None
    assert session.non_smart_price.min is None


def test_currencies_and_energy_without_a_price_stand_apart(
    live_server: LiveServer, client: Client, anna: Driver
) -> None:
    car = make_vehicle(driver=anna)
    make_moved_night(car)
    make_moved_night(make_vehicle(driver=anna), currency="NOK")
    unpriced: dict[str, Any] = {
        "quarters": [],
        "cost": None,
        "cost_charged_at_once": None,
        "saving": None,
        "currency": "",
    }
    none: dict[str, Any] = {"planned_cost": None, "protective_cost": None, "override_cost": None}
    make_moved_night(make_vehicle(driver=anna), **unpriced, **none)

    found = (
        connect_http(live_server, client)
        .get(
            "/users/anna/statistics/charging",
            params={"startDate": "2025-12-01T00:00:00Z", "type": "vehicle", "resolution": "YEAR"},
        )
        .json()
    )

    told = [(one["currency"], one["priced"], one["kwhSum"], one["costSum"]) for one in found]
    assert told == [(None, False, 5.0, 0), ("EUR", True, 5.0, 0.5), ("NOK", True, 5.0, 0.5)]
    assert found[0]["price"] == {"min": 0, "max": 0, "mean": 0}


def test_places_cars_and_times_narrow_down(live_server: LiveServer, client: Client, anna: Driver) -> None:
    place, car, other = make_location(driver=anna), make_vehicle(driver=anna), make_vehicle(driver=anna)
    make_moved_night(car, place)
    make_moved_night(other, plugged_in_at=START, unplugged_at=START + timedelta(hours=1), quarters=[], saving=None)
    statistics = open_sdk(live_server, client).statistics

    def cars(**ask: Any) -> set[str]:
        found = statistics.get_charging_sessions(
            **{"user_id": "anna", "start_date": START - timedelta(days=1), "type_": "vehicle"} | ask
        )
        return {one.id for one in found}

    assert cars() == {str(car.public_id), str(other.public_id)}
    assert cars(id=str(other.public_id)) == {str(other.public_id)}
    assert cars(location_id=str(place.public_id)) == {str(car.public_id)}
    assert cars(location_id="x") == cars(type_="charger") == set()
    assert cars(end_date=START + timedelta(days=1)) == {str(other.public_id)}
    assert cars(start_date=START + timedelta(days=1)) == {str(car.public_id)}


def test_an_unknown_user_is_the_typed_error(live_server: LiveServer, client: Client) -> None:
    make_driver(external_id="stranger")
    statistics = open_sdk(live_server, client).statistics

    for call in (statistics.get_charging, statistics.get_charging_sessions):
        with pytest.raises(errors.ProblemError) as caught:
            call(user_id="stranger", start_date=START, type_="vehicle")
        assert caught.value.status_code == 404


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("startDate", value) for value in ("", "x", "2025", "1", "2025-12-01", "2025-13-01T00:00:00Z", "now")),
        *(
            ("startDate", value)
            for value in ("0001-01-01T00:00:00+14:00", "2025-12-01T00:00:00", "2030-01-01T00:00:00Z")
        ),
        *(("endDate", value) for value in ("", "x", "2020-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00")),
        *(("type", value) for value in ("", "car", "VEHICLE")),
        *(("utcOffset", value) for value in ("", "x", "15", "-15", "2:00", "+99:00", "1e1", "NaN", "٢")),
        *(("resolution", value) for value in ("", "day", "DECADE")),
    ],
)
def test_a_bad_query_is_named(live_server: LiveServer, client: Client, anna: Driver, key: str, value: str) -> None:
    query = {"startDate": "2025-12-01T00:00:00Z", "type": "vehicle"} | {key: value}

    answer = connect_http(live_server, client).get("/users/anna/statistics/charging", params=query)

    assert answer.status_code == 400
    assert answer.json()["issues"][0]["path"] in {key, "startDate"}
