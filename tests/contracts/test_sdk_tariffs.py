"""Tariffs through Enode's own SDK."""

from __future__ import annotations

from datetime import timedelta

import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.models import Client
from charging.operations.place_prices import prices_for
from tests.contracts.connection import connect_http, open_sdk
from tests.factories import NOW, make_driver, make_location

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = {"name": "night", "from": "22:00", "to": "06:00"}


def test_rates_are_made_and_changed_by_name(live_server: LiveServer, client: Client) -> None:
    tariffs = open_sdk(live_server, client).tariffs

    tariffs.create(
        tariff_id="two-rate", request_body=[{"name": "day", "cost": "0.30"}, {"name": "night", "cost": "0.1"}]
    )
    tariffs.create(tariff_id="two-rate", request_body=[{"name": "night", "cost": "-0.05"}])

    read = tariffs.get(tariff_id="two-rate")
    assert [(rate.name, rate.cost) for rate in read] == [("day", "0.3"), ("night", "-0.05")]


def test_a_tariff_is_its_clients_own(live_server: LiveServer, client: Client) -> None:
    stranger = make_driver()
    open_sdk(live_server, stranger.client).tariffs.create(tariff_id="t", request_body=[{"name": "a", "cost": "1"}])

    for tariff_id in ("t", "nothing"):
        with pytest.raises(errors.EnodeError) as caught:
            open_sdk(live_server, client).tariffs.get(tariff_id=tariff_id)
        assert caught.value.status_code == 404


@pytest.mark.parametrize(
    "cost", ["", "1,5", "1e3", "NaN", "0x1", " 1", "1 ", "+1", "1.", ".5", "1001", "-1001", "1" * 13]
)
def test_a_cost_that_is_no_plain_number_is_refused(live_server: LiveServer, client: Client, cost: str) -> None:
    answer = connect_http(live_server, client).put("/tariffs/t", json=[{"name": "a", "cost": cost}])

    assert answer.status_code == 400
    assert answer.json()["issues"][0]["path"] in {"0.cost", "cost"}
    assert connect_http(live_server, client).get("/tariffs/t").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, None, 1, "x", [1], [{}], [{"name": "a"}], [{"name": "", "cost": "1"}], [{"name": "a", "cost": 1}]]
)
def test_rates_of_another_form_are_refused(live_server: LiveServer, client: Client, body: object) -> None:
    assert connect_http(live_server, client).put("/tariffs/t", json=body).status_code == 400


def test_names_are_sent_once_and_ids_of_drivers_own_tariffs_are_reserved(
    live_server: LiveServer, client: Client
) -> None:
    http, rate = connect_http(live_server, client), {"name": "a", "cost": "1"}

    assert http.put("/tariffs/t", json=[rate, rate]).status_code == 400
    assert http.put("/tariffs/readyby:x", json=[rate]).status_code == 400
    assert http.put(f"/tariffs/{'x' * 201}", json=[rate]).status_code == 400
    assert http.put("/tariffs/%00", json=[rate]).status_code == 400
    assert http.get("/tariffs/%00").status_code == 404


def test_a_place_gets_a_tariff_and_shows_a_row_for_each_weekday(live_server: LiveServer, client: Client) -> None:
    place = make_location(driver=make_driver(client=client))
    tariffs, place_id = open_sdk(live_server, client).tariffs, str(place.public_id)
    tariffs.create(tariff_id="two", request_body=[{"name": "day", "cost": "0.30"}, {"name": "night", "cost": "0.1"}])

    tariffs.link_to_location(
        location_id=place_id,
        tariff_id="two",
        tariff_intervals=[NIGHT, {"name": "day", "from": "06:00", "to": "22:00", "weekdays": [5, 6]}],
    )

    rows = tariffs.get_by_location(location_id=place_id)
    assert len(rows) == 9
    night = rows[0]
    assert (night.weekday, night.from_hour_minute, night.to_hour_minute) == (0, "22:00", "06:00")
    assert (night.tariff_id, night.tariff_name) == ("two", "night")
    raw = connect_http(live_server, client).get(f"/locations/{place_id}/tariff").json()
    assert {row["timezoneName"] for row in raw} == {"Europe/Oslo"}
    period = prices_for(location=place, driver=place.driver, start=NOW, end=NOW + timedelta(hours=1), now=NOW)
    assert period is not None
    assert {str(interval.price_per_kwh) for interval in period.intervals if interval.start >= NOW} == {"0.10000"}


def test_the_typed_errors_of_a_places_tariff(live_server: LiveServer, client: Client) -> None:
    place_id = str(make_location(driver=make_driver(client=client)).public_id)
    strangers = str(make_location(driver=make_driver()).public_id)
    tariffs = open_sdk(live_server, client).tariffs
    tariffs.create(tariff_id="two", request_body=[{"name": "night", "cost": "0.1"}])

    def status_of(location_id: str, tariff_id: str, *intervals: dict[str, str]) -> int:
        with pytest.raises(errors.ProblemError) as caught:
            tariffs.link_to_location(location_id=location_id, tariff_id=tariff_id, tariff_intervals=list(intervals))
        return int(caught.value.status_code)

    assert status_of(place_id, "nothing", NIGHT) == 404
    assert status_of(strangers, "two", NIGHT) == 404
    assert status_of(place_id, "two", NIGHT | {"name": "day"}) == 400
    assert status_of(place_id, "two", NIGHT, NIGHT | {"from": "05:00", "to": "07:00"}) == 400
    for location_id in (place_id, strangers):
        with pytest.raises(errors.ProblemError) as caught:
            tariffs.get_by_location(location_id=location_id)
        assert caught.value.status_code == 404
