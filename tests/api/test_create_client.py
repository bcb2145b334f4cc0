"""`manage.py create_client` prints credentials that work."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as HttpClient

from charging.models import Client, Driver, Vehicle
from charging.operations.clients import ensure_built_in_client
from charging.operations.drivers import create_guest
from tests.factories import NOW, make_vehicle

pytestmark = pytest.mark.django_db


def created(*arguments: str) -> Any:
    out = StringIO()
    call_command("create_client", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def caller_with(made: dict[str, str]) -> HttpClient:
    form = {"grant_type": "client_credentials"} | {key: made[key] for key in ("client_id", "client_secret")}
    token = HttpClient().post("/oauth2/token", form).json()["access_token"]
    return HttpClient(headers={"Authorization": f"Bearer {token}"})


def test_a_name_alone_makes_a_client_with_credentials() -> None:
    made = created("Fleet app")

    assert (made["user_id"], made["vehicle_id"]) == (None, None)
    assert Client.objects.get().name == "Fleet app"
    assert caller_with(made).get("/api/vehicles").json()["data"] == []


def test_a_user_with_a_simulated_car_is_there_at_once() -> None:
    made = created("Fleet app", "--user", "anna", "--simulated-car")

    car = caller_with(made).get(f"/api/vehicles/{made['vehicle_id']}").json()
    assert (made["user_id"], car["userId"]) == ("anna", "anna")
    assert car["isSimulated"] is True
    assert car["chargeState"]["batteryCapacity"] == 77.0
    assert car["chargeState"]["isPluggedIn"] is False


def test_built_in_credentials_see_the_drivers_of_the_pages() -> None:
    guest = create_guest(now=NOW)
    car = make_vehicle(driver=guest)

    made = created("Home automation", "--built-in")

    assert [one["id"] for one in caller_with(made).get("/api/vehicles").json()["data"]] == [str(car.public_id)]
    assert Client.objects.get() == guest.client


def test_a_user_that_the_client_has_is_kept() -> None:
    guest = create_guest(now=NOW)

    made = created("Home automation", "--built-in", "--user", guest.external_id, "--simulated-car")

    assert Driver.objects.get() == guest
    assert str(guest.vehicles.get().public_id) == made["vehicle_id"]


def test_the_same_user_id_at_two_clients_is_two_users() -> None:
    created("One", "--user", "anna")
    created("Two", "--user", "anna")

    assert Driver.objects.count() == 2


def test_without_json_the_credentials_are_named_in_words() -> None:
    out = StringIO()

    call_command("create_client", "Fleet app", "--user", "anna", stdout=out)

    labels = [line.split(": ")[0] for line in out.getvalue().splitlines()]
    assert labels == ["Client id", "Client secret (shown only this once)", "User id"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Fleet app", "--simulated-car"], "--user"),
        (["Fleet app", "--built-in", "--simulated-car"], "--user"),
        (["Fleet app", "--user", "an na"], "user id"),
        (["Fleet app", "--user", ""], "user id"),
        ([" "], "name"),
        (["x" * 101], "name"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_stored(arguments: list[str], message: str) -> None:
    ensure_built_in_client(now=NOW)

    with pytest.raises(CommandError, match=message):
        created(*arguments)

    assert Client.objects.count() == 1
    assert not Driver.objects.exists()
    assert not Vehicle.objects.exists()
