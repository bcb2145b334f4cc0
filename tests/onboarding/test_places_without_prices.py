"""Where an area has no prices: what is said, and the prices that a simulated car can be tried with."""

import pytest
from django.test import Client

from charging.models import Location
from tests.onboarding.walk import URLS, answer_until, begin, page, send

HOME = {"name": "Home", "latitude": "58.1467", "longitude": "7.9956", "step": "100"}


@pytest.fixture
def at_places(client: Client) -> Client:
    begin(client)
    answer_until(client, "places")
    return client


OUTSIDE = [pytest.param("51.5", "-0.12", id="London"), pytest.param("30", "-40", id="at sea")]
CHOICE = 'name="example_area"'


@pytest.mark.parametrize(("latitude", "longitude"), OUTSIDE)
def test_a_place_without_prices_is_saved_and_says_so(at_places: Client, latitude: str, longitude: str) -> None:
    values = {"name": "Home", "latitude": latitude, "longitude": longitude, "example_area": ""}
    send(at_places, URLS["places"], **values, save="1")

    assert "We have no prices here yet." in page(at_places, URLS["places"])
    response = send(at_places, URLS["check"], turn_on="1")
    assert response.status_code == 422
    place = Location.objects.get()
    words = "There are no prices for any of your places yet. Choose prices to try it with"
    assert f'<a href="/setup/places/{place.public_id}/?return=check#point">{words}' in response.content.decode()


@pytest.mark.parametrize(
    ("values", "area"),
    [
        pytest.param({"q": "Oslo", "search": "1"}, "NO2", id="searched"),
        pytest.param({"latitude": "59.91", "longitude": "10.75", "save": "1"}, "NO2", id="typed and Continue"),
        pytest.param({"latitude": "60.17", "longitude": "24.94", "save": "1"}, "SE4", id="nearer to Sweden"),
    ],
)
def test_without_prices_a_simulated_car_is_offered_those_of_the_nearest_example(
    at_places: Client, values: dict[str, str], area: str
) -> None:
    response = send(at_places, URLS["places"], name="Home", **values)

    assert response.headers["Location"] == "/setup/places/#point"
    text = page(at_places, URLS["places"])
    before_details = text.split("<details", 1)[0]
    assert f'<option value="{area}" selected>' in before_details.split(CHOICE, 1)[1]
    assert text.count(CHOICE) == 1
    send(at_places, URLS["places"], name="Home", latitude="59.91", longitude="10.75", example_area=area, save="1")
    assert send(at_places, URLS["check"], turn_on="1").status_code == 303


def test_the_way_out_of_the_check_is_one_press(at_places: Client) -> None:
    values = {"name": "Home", "latitude": "59.91", "longitude": "10.75"}
    send(at_places, URLS["places"], **values, example_area="", save="1")
    url = f"/setup/places/{Location.objects.get().public_id}/?return=check"
    assert '<option value="NO2" selected>' in page(at_places, url)

    send(at_places, url, **values, example_area="NO2", save="1")

    assert send(at_places, URLS["check"], turn_on="1").status_code == 303


def test_a_point_with_prices_needs_none_of_another_area(at_places: Client) -> None:
    send(at_places, URLS["places"], **HOME, example_area="SE4", save="1")

    assert Location.objects.get().example_area is None
    assert CHOICE not in page(at_places, "/setup/places/add/")


@pytest.mark.parametrize("field", ["price_area", "example_area"])
def test_an_area_that_is_not_offered_is_refused_in_our_words(at_places: Client, field: str) -> None:
    values = {"name": "Home", "latitude": "59.91", "longitude": "10.75", "example_area": "NO2"}

    response = send(at_places, URLS["places"], **values | {field: "XX"}, save="1")

    assert response.status_code == 422
    assert response.content.decode().count("Select an area from the list") == 2
    assert "valid choice" not in response.content.decode()


def test_countries_are_named_only_where_there_is_no_area(at_places: Client) -> None:
    texts = [
        at_places.get(f"/fragments/place-point/?latitude={latitude}&longitude={longitude}").content.decode()
        for latitude, longitude in ((59.91, 10.75), (30, -40), (58.1467, 7.9956))
    ]

    assert ["Price areas are known in" in text for text in texts] == [False, True, False]
    assert ["We have no prices here yet." in text for text in texts] == [True, True, False]
    assert [CHOICE in text for text in texts] == [True, True, False]
    assert "Point set: 30.0000 north, 40.0000 west. No price area that we know" in texts[1]


def test_example_prices_stand_in_and_are_named(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", latitude="51.5", longitude="-0.12", example_area="SE4", save="1")

    assert "Example prices of SE4" in page(at_places, URLS["places"])
    assert send(at_places, URLS["check"], turn_on="1").status_code == 303
