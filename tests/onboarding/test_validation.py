"""Every rule of the wizard's questions: the right words, twice, values kept, nothing stored."""

import html
from typing import Any

import pytest
from django.test import Client

from charging.models import Location, Vehicle
from onboarding.models import OnboardingDraft
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, page, send

LONG = "7" * 10_000

CAR = "Select your car, or select the simulated car"
SOC = "“Battery now” must be a whole number from 0 to 100"
LIMIT = "“The car’s own charge limit” must be a whole number from 50 to 100"
WHOLE = "Minimum charge must be a whole number"
RANGE = "Minimum charge must be from 0 to 100"
TIME = "Ready by must be hours and minutes, from 00:00 to 23:59"
LATITUDE = "Latitude must be a number from -90 to 90"
LONGITUDE = "Longitude must be a number from -180 to 180"
NO_POINT = "Choose a point: search for a town, pick it on the map, or enter coordinates"
START = "Start time must be a time, like the one shown in your car"
NAME_SEEN = "Name must be letters, numbers and spaces that can be seen"

RULES: list[Any] = [
    pytest.param("car", {"car": ""}, CAR, "id_car_0", id="no car selected"),
    pytest.param("car", {"car": "tesla"}, CAR, "id_car_0", id="a car that is not offered"),
    pytest.param("car", {"soc": "101"}, SOC, "id_soc", id="battery above 100"),
    pytest.param("car", {"soc": "-1"}, SOC, "id_soc", id="battery below 0"),
    pytest.param("car", {"soc": "nan"}, SOC, "id_soc", id="battery not a number"),
    pytest.param("car", {"soc": ""}, SOC, "id_soc", id="battery empty"),
    pytest.param("car", {"limit": "49"}, LIMIT, "id_limit", id="limit below 50"),
    pytest.param("car", {"limit": "80.5"}, LIMIT, "id_limit", id="limit not whole"),
    pytest.param("car", {"limit": "Infinity"}, LIMIT, "id_limit", id="limit infinite"),
    pytest.param("car", {"model": "\0"}, "Select a model", "id_model_0", id="model with a null byte"),
    pytest.param(
        "minimum", {"minimum": ""}, "Enter the minimum charge, or 0 for none", "id_minimum", id="minimum empty"
    ),
    pytest.param("minimum", {"minimum": "abc"}, WHOLE, "id_minimum", id="minimum in letters"),
    pytest.param("minimum", {"minimum": "20.5"}, WHOLE, "id_minimum", id="minimum not whole"),
    pytest.param("minimum", {"minimum": "NaN"}, WHOLE, "id_minimum", id="minimum NaN"),
    pytest.param("minimum", {"minimum": "2\x000"}, WHOLE, "id_minimum", id="minimum with a null byte"),
    pytest.param("minimum", {"minimum": LONG}, WHOLE, "id_minimum", id="minimum of 10,000 digits"),
    pytest.param("minimum", {"minimum": "-1"}, RANGE, "id_minimum", id="minimum -1"),
    pytest.param("minimum", {"minimum": "101"}, RANGE, "id_minimum", id="minimum 101"),
    pytest.param(
        "minimum",
        {"minimum": "81"},
        "Minimum charge must be 80 % or less, because your car is set to stop at 80 %",
        "id_minimum",
        id="minimum above the car's limit",
    ),
    pytest.param(
        "other_control",
        {"other_control": ""},
        "Select whether something else controls charging",
        "id_other_control_0",
        id="other control not answered",
    ),
    pytest.param(
        "other_control",
        {"other_control": "safety_net", "safety_net_time": ""},
        "Enter the time your car’s own schedule starts",
        "id_safety_net_time",
        id="safety net without a time",
    ),
    pytest.param(
        "other_control",
        {"other_control": "safety_net", "safety_net_time": "25:00"},
        START,
        "id_safety_net_time",
        id="safety net at no time",
    ),
    pytest.param(
        "ready_by",
        {"ready_by": ""},
        "Enter the time your car should be ready",
        "id_ready_by",
        id="ready by empty",
    ),
    pytest.param("ready_by", {"ready_by": "24:00"}, TIME, "id_ready_by", id="ready by 24:00"),
    pytest.param("ready_by", {"ready_by": "soon"}, TIME, "id_ready_by", id="ready by in words"),
    pytest.param("ready_by", {"ready_by": "7:\x0000"}, TIME, "id_ready_by", id="ready by with a null byte"),
    pytest.param("ready_by", {"ready_by": LONG}, TIME, "id_ready_by", id="ready by of 10,000 digits"),
    pytest.param(
        "ready_by", {"ready_by": "7:5"}, "Write the minutes with two digits", "id_ready_by", id="ready by 7:5"
    ),
    pytest.param("places", {"name": ""}, "Enter a name for this place", "id_name", id="place without a name"),
    pytest.param(
        "places", {"name": "x" * 101}, "Name must be 100 characters or fewer", "id_name", id="name of 101 characters"
    ),
    pytest.param("places", {"name": "a\x07b"}, NAME_SEEN, "id_name", id="name with a control character"),
    pytest.param("places", {"latitude": "", "longitude": ""}, NO_POINT, "id_q", id="no point"),
    pytest.param("places", {"latitude": "91"}, LATITUDE, "id_latitude", id="latitude 91"),
    pytest.param("places", {"latitude": "nan"}, LATITUDE, "id_latitude", id="latitude NaN"),
    pytest.param("places", {"latitude": "inf"}, LATITUDE, "id_latitude", id="latitude infinite"),
    pytest.param("places", {"longitude": "-181"}, LONGITUDE, "id_longitude", id="longitude -181"),
    pytest.param("places", {"longitude": "1\x002"}, LONGITUDE, "id_longitude", id="longitude with a null byte"),
    pytest.param("places", {"longitude": LONG}, LONGITUDE, "id_longitude", id="longitude of 10,000 digits"),
    pytest.param(
        "places", {"longitude": ""}, "Enter the longitude as well", "id_longitude", id="latitude without longitude"
    ),
    pytest.param(
        "places", {"latitude": ""}, "Enter the latitude as well", "id_latitude", id="longitude without latitude"
    ),
    pytest.param(
        "places",
        {"latitude": "7.9956", "longitude": "58.1467"},
        "These coordinates look the wrong way round. Did you mean latitude 58.1467, longitude 7.9956?",
        "id_latitude",
        id="swapped",
    ),
    pytest.param(
        "places",
        {"latitude": "0", "longitude": "0"},
        "This point is in the sea. Check the coordinates",
        "id_latitude",
        id="zero and zero",
    ),
    pytest.param(
        "places", {"radius": "49"}, "“Radius in meters” must be a whole number from 50 to 500", "id_radius", id="radius"
    ),
]


@pytest.mark.parametrize(("step", "wrong", "message", "control"), RULES)
def test_ux_11_a_wrong_answer_is_told_and_not_stored(
    client: Client, step: str, wrong: dict[str, str], message: str, control: str
) -> None:
    begin(client)
    answer_until(client, step)

    response = send(client, URLS[step], **ANSWERS[step] | wrong, save="1")

    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert text.count(f">{message}</a>") == 1, "once in the summary"
    assert f'<a href="#{control}">{message}</a>' in text
    assert f'id="{control}"' in text
    assert f"</span>{message}</p>" in text, "once at the field"
    assert "<title>Error: " in text
    assert 'aria-invalid="true"' in text
    draft = OnboardingDraft.objects.get()
    assert step not in draft.answered
    assert Vehicle.objects.count() == (0 if step == "car" else 1)
    assert not Location.objects.exists()


@pytest.mark.parametrize(
    ("step", "name", "typed"),
    [
        pytest.param("minimum", "minimum", "quite full", id="minimum"),
        pytest.param("ready_by", "ready_by", "25:00", id="ready by"),
        pytest.param("places", "latitude", "91", id="latitude"),
        pytest.param("car", "soc", "full", id="battery"),
    ],
)
def test_ux_11_what_was_typed_is_still_there_after_an_error(client: Client, step: str, name: str, typed: str) -> None:
    begin(client)
    answer_until(client, step)

    response = send(client, URLS[step], **ANSWERS[step] | {name: typed}, save="1")

    assert f'value="{typed}"' in response.content.decode()


@pytest.mark.parametrize(
    ("step", "name", "typed", "key", "stored"),
    [
        pytest.param("minimum", "minimum", "20 %", "percent", 20, id="20 %"),
        pytest.param("minimum", "minimum", " 20.0 ", "percent", 20, id="20.0"),
        pytest.param("minimum", "minimum", "20,0", "percent", 20, id="20,0"),
        pytest.param("ready_by", "ready_by", "7", "time", "07:00", id="7"),
        pytest.param("ready_by", "ready_by", "0730", "time", "07:30", id="0730"),
        pytest.param("ready_by", "ready_by", "7.30", "time", "07:30", id="7.30"),
        pytest.param("ready_by", "ready_by", "19:30", "time", "19:30", id="19:30"),
        pytest.param("ready_by", "ready_by", "7 am", "time", "07:00", id="7 am"),
        pytest.param("ready_by", "ready_by", "12 am", "time", "00:00", id="12 am"),
    ],
)
def test_ux_19_sloppy_input_is_understood(
    client: Client, step: str, name: str, typed: str, key: str, stored: object
) -> None:
    begin(client)
    answer_until(client, step)

    response = send(client, URLS[step], **{name: typed})

    assert response.status_code == 303
    assert OnboardingDraft.objects.get().value_of(step)[key] == stored


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(" 58,1467 ", "7,9956", id="decimal commas"),
        pytest.param("58.1467, 7.9956", "", id="a pasted pair"),
        pytest.param("58,1467; 7,9956", "", id="a pasted pair with commas"),
        pytest.param("", "58.1467 7.9956", id="a pair in the second field"),
    ],
)
def test_ux_19_coordinates_are_understood(client: Client, latitude: str, longitude: str) -> None:
    begin(client)
    answer_until(client, "places")

    send(client, URLS["places"], name="Home", latitude=latitude, longitude=longitude, save="1")

    place = Location.objects.get()
    assert (place.latitude, place.longitude) == (58.1467, 7.9956)
    assert place.price_area is not None
    assert (place.price_area.code, place.timezone_name) == ("NO2", "Europe/Oslo")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param(
            {"name": "home", "latitude": "59.91", "longitude": "10.75"},
            "You already have a place called Home. Enter another name",
            id="the same name",
        ),
        pytest.param(
            {"name": "Garage", "latitude": "58.1470", "longitude": "7.9956"},
            "This is 33 m from Home. Change Home instead, or move the point",
            id="33 m away",
        ),
    ],
)
def test_a_second_place_must_be_another_one(client: Client, values: dict[str, str], message: str) -> None:
    begin(client)
    answer_until(client, "check")

    response = send(client, "/setup/places/add/", **values, save="1")

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Location.objects.count() == 1


def test_ux_12_the_limit_is_read_again_when_the_form_is_sent(client: Client) -> None:
    begin(client)
    answer_until(client, "minimum")
    page(client, URLS["minimum"])
    vehicle = Vehicle.objects.get()
    vehicle.view.charge_limit_percent = 60
    vehicle.view.save()

    response = send(client, URLS["minimum"], minimum="70")

    assert "Minimum charge must be 60 % or less" in response.content.decode()
