"""Linking a car by Enode in the wizard, without JavaScript: away, back with a car, and every other way back."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.operations.clocks import wall_now
from onboarding.models import OnboardingDraft
from onboarding.summary import describe
from tests.adapters.enode_server import CAR_ID, FakeEnode, as_json, make_content, serve_enode
from tests.factories import make_account
from tests.onboarding.enode import CAR, URL, begin_link, come_back, connection_of, go_on
from tests.onboarding.walk import ANSWERS, URLS, begin, h1, page, send


@pytest.fixture
def server(settings: Settings) -> Iterator[FakeEnode]:
    with serve_enode() as server:
        server.set_up(settings)
        server.vehicles = [make_content(at=wall_now())]
        yield server


def is_over(client: Client, back: str) -> bool:
    answer = client.get(back)
    return answer.status_code == 410 and h1(answer.content.decode()) == "This way back is over"


def test_the_way_leads_from_the_first_question_to_a_car_that_answers(
    client: Client, alice: Driver, server: FakeEnode
) -> None:
    assert send(client, URLS["car"], car="enode").headers["Location"] == URL
    cars = come_back(client, server)
    details = client.get(cars).headers["Location"]
    text = page(client, details)
    assert "The red one, Volvo EX30, …1234" in text
    assert 'value="64"' in text

    answer = send(client, details, **CAR)

    assert answer.headers["Location"] == URLS["minimum"]
    car = Vehicle.objects.get()
    assert (car.gateway, str(car), car.vendor, car.battery_capacity_kwh) == ("enode", "Our car", "VOLVO", 64)
    assert (car.view.is_plugged_in, car.view.is_charging, car.view.soc_percent) == (True, True, 42)
    assert "Your car stops at 80" in page(client, URLS["minimum"])
    assert describe("car", OnboardingDraft.objects.get().value_of("car")) == "“Our car, through Enode”"


def test_where_nothing_is_set_up_nothing_is_offered(client: Client, alice: Driver) -> None:
    assert "maker’s account" not in html.unescape(page(client, URLS["car"]))
    assert client.get(URL).status_code == 404
    assert send(client, URLS["car"], car="enode").headers["Location"] == URL


def test_what_the_car_does_not_tell_is_asked(client: Client, alice: Driver, server: FakeEnode) -> None:
    server.vehicles = [make_content(at=wall_now(), chargeState={"batteryCapacity": None})]
    details = client.get(come_back(client, server)).headers["Location"]

    answer = send(client, details, **CAR | {"capacity": "", "kilowatts": "much", "name": " "})

    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    for words in (
        "Enter a name for the car",
        "Battery size must be a number, like 77",
        "Charging power must be a number, like 11",
    ):
        assert text.count(words) == 2
    assert not Vehicle.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("capacity", "0"), ("kilowatts", "501")])
def test_numbers_out_of_reason_are_refused(
    client: Client, alice: Driver, server: FakeEnode, field: str, value: str
) -> None:
    details = client.get(come_back(client, server)).headers["Location"]

    answer = send(client, details, **CAR | {field: value})

    assert "Use a number from" in answer.content.decode()
    assert not Vehicle.objects.exists()


def test_of_several_cars_one_is_chosen(client: Client, alice: Driver, server: FakeEnode) -> None:
    other = make_content(at=wall_now(), id="other", information={"displayName": "The blue one", "vin": None})
    server.vehicles.append(other)
    cars = come_back(client, server)
    assert h1(page(client, cars)) == "Which car?"
    refused = send(client, cars)
    assert html.unescape(refused.content.decode()).count("Select the car") == 2

    answer = send(client, cars, which="other")
    send(client, answer.headers["Location"], **CAR)

    assert ConnectedCar.objects.get().entities["vehicle"] == "other"


def test_a_car_that_is_there_already_is_not_offered_for_a_second_one(
    client: Client, alice: Driver, server: FakeEnode
) -> None:
    cars = come_back(client, server)
    send(client, client.get(cars).headers["Location"], **CAR)
    client.post("/setup/add-car/")
    assert f'href="{cars}"' in page(client, URL)

    assert h1(go_on(client, cars).content.decode()) == "There is no car in this account"
    assert client.get(f"{cars}{CAR_ID}/").headers["Location"] == cars


def test_a_link_that_was_cancelled_says_so_and_saves_nothing(client: Client, alice: Driver, server: FakeEnode) -> None:
    back = begin_link(client, server)

    text = page(client, f"{back}?error=cancelled&error_message=<b>Sorry</b>")

    assert h1(text) == "Your car is not connected yet"
    assert "Nothing was saved" in text
    assert "<b>Sorry" not in text
    assert not Vehicle.objects.exists()


def test_a_way_back_is_over_after_a_day(client: Client, alice: Driver, server: FakeEnode) -> None:
    back = begin_link(client, server)

    with time_machine.travel(wall_now() + timedelta(days=1, seconds=1)):
        client.force_login(alice.account)  # type: ignore[arg-type]
        assert is_over(client, back)


@pytest.mark.parametrize("state", ["x", "x:y:z", "eyJ:1:2"])
def test_a_way_back_that_was_not_made_here_is_explained(
    client: Client, alice: Driver, server: FakeEnode, state: str
) -> None:
    assert is_over(client, f"{URL}back/{state}/")


def test_the_way_back_of_somebody_else_leads_nowhere(client: Client, alice: Driver, server: FakeEnode) -> None:
    back = begin_link(client, server)
    client.force_login(make_account(username="bob", email="bob@example.com"))

    assert is_over(client, back)


def test_a_draft_that_is_gone_is_explained(client: Client, alice: Driver, server: FakeEnode) -> None:
    back = begin_link(client, server)
    OnboardingDraft.objects.all().delete()

    assert is_over(client, back)


def test_another_tab_may_have_been_first(client: Client, alice: Driver, server: FakeEnode) -> None:
    first, second = begin_link(client, server), begin_link(client, server)
    send(client, go_on(client, first).wsgi_request.path, **CAR)

    text = page(client, second)

    assert h1(text) == "Connected in another tab"
    assert f'href="{URLS["minimum"]}"' in text
    assert Vehicle.objects.count() == 1


def test_whoever_was_signed_out_comes_back_after_signing_in(client: Client, alice: Driver, server: FakeEnode) -> None:
    back = begin_link(client, server)
    client.logout()

    assert client.get(back).headers["Location"].startswith("/accounts/login/?next=")


def test_a_guest_keeps_the_account_first(client: Client, server: FakeEnode) -> None:
    begin(client)
    assert "Keep this account first" in page(client, URL)

    assert send(client, URL).status_code == 422
    assert server.asked == []


def test_what_is_the_matter_at_the_other_end_is_told(client: Client, alice: Driver, server: FakeEnode) -> None:
    server.replies["POST /users"] = as_json({}, 502)

    answer = send(client, URL)

    assert answer.status_code == 422
    assert "Enode cannot be reached at the moment" in answer.content.decode()


def test_the_button_may_lead_to_the_other_end_and_no_other_page_may(
    client: Client, alice: Driver, server: FakeEnode
) -> None:
    assert "form-action 'self' http:;" in f"{client.get(URL).headers['Content-Security-Policy']};"
    assert "form-action 'self';" in f"{client.get(URLS['car']).headers['Content-Security-Policy']};"


def test_a_simulated_car_stays_beside_the_linked_one(client: Client, alice: Driver, server: FakeEnode) -> None:
    send(client, URLS["car"], **ANSWERS["car"])

    send(client, go_on(client, come_back(client, server)).wsgi_request.path, **CAR)

    assert sorted(Vehicle.objects.values_list("gateway", flat=True)) == ["enode", "simulator"]


def test_the_way_back_to_the_check_is_kept(client: Client, alice: Driver, server: FakeEnode) -> None:
    answer = client.get(begin_link(client, server, f"{URL}?return=check"))
    answer = client.get(answer.headers["Location"])
    assert answer.headers["Location"].endswith("?return=check")

    assert send(client, answer.headers["Location"], **CAR).headers["Location"] == URLS["check"]


def test_a_car_is_linked_again_as_it_was(client: Client, alice: Driver, server: FakeEnode) -> None:
    send(client, go_on(client, come_back(client, server)).wsgi_request.path, **CAR)
    car = Vehicle.objects.get()
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=wall_now())
    connection = page(client, f"/car/{car.public_id}/connection/")
    assert "Your car’s account does not let us in any more" in html.unescape(connection)
    assert f'href="{URL}?car={car.public_id}"' in connection

    answer = client.get(begin_link(client, server, f"{URL}?car={car.public_id}"))

    assert answer.headers["Location"].startswith(f"/car/{car.public_id}/")
    assert connection_of(alice).trouble == ""
    assert Vehicle.objects.get() == car
