"""Choosing a point without a script: search, moves, zoom, the car's position, the example, and areas without prices."""

import html

import pytest
from django.test import Client

from charging.core.geo import distance_m
from charging.models import Location, PriceArea, Vehicle
from charging.operations import simulation
from charging.operations.clocks import own_now
from onboarding.models import OnboardingDraft
from tests.onboarding.walk import URLS, answer_until, begin, h1, hidden_fields, page, send

HOME = {"name": "Home", "latitude": "58.1467", "longitude": "7.9956", "step": "100"}


@pytest.fixture
def at_places(client: Client) -> Client:
    begin(client)
    answer_until(client, "places")
    return client


def point_on(text: str) -> tuple[float, float]:
    """Returns the coordinates in the form's fields."""
    values = {
        name: text.split(f'name="{name}"', 1)[1].split(">", 1)[0].split('value="', 1)[1].split('"', 1)[0]
        for name in ("latitude", "longitude")
    }
    return float(values["latitude"]), float(values["longitude"])


@pytest.mark.parametrize(
    ("direction", "north", "east"),
    [
        ("north", 1, 0),
        ("north-east", 1, 1),
        ("east", 0, 1),
        ("south-east", -1, 1),
        ("south", -1, 0),
        ("south-west", -1, -1),
        ("west", 0, -1),
        ("north-west", 1, -1),
    ],
)
@pytest.mark.parametrize("step_m", [10, 100, 1000])
def test_a_move_button_moves_the_point_by_its_step(
    at_places: Client, direction: str, north: int, east: int, step_m: int
) -> None:
    response = send(at_places, URLS["places"], **HOME | {"step": str(step_m)}, move=direction)

    assert response.status_code == 303
    latitude, longitude = point_on(page(at_places, URLS["places"]))
    assert distance_m(58.1467, 7.9956, latitude, longitude) == pytest.approx(
        step_m * (north * north + east * east) ** 0.5, rel=0.15
    )
    assert (latitude - 58.1467) * north >= 0
    assert (longitude - 7.9956) * east >= 0


def test_typed_values_survive_a_move(at_places: Client) -> None:
    send(at_places, URLS["places"], **HOME | {"name": "Cabin", "radius": "300"}, move="north")

    text = page(at_places, URLS["places"])

    assert 'value="Cabin"' in text
    assert 'value="300"' in text


def test_a_search_with_one_answer_takes_it(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", q="Trondheim", search="1")

    text = page(at_places, URLS["places"])

    assert "NO3 (Central Norway)" in text
    assert point_on(text) == pytest.approx((63.43, 10.4), abs=0.1)


def test_a_search_with_several_answers_asks_which(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", q="be", search="1")
    text = page(at_places, URLS["places"])
    assert text.count('name="found"') > 1

    send(at_places, URLS["places"], name="Home", q="be", found="1", take="1")

    after = page(at_places, URLS["places"])
    assert 'name="found"' not in after
    assert "Not chosen yet" not in after


def test_going_on_takes_the_answer_that_is_selected(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", q="Kristian", search="1")
    matches = OnboardingDraft.objects.get().place_input["matches"]

    send(at_places, URLS["places"], name="Home", q="Kristian", found="1", save="1")

    place = Location.objects.get()
    assert [place.latitude, place.longitude] == pytest.approx(matches[1]["at"], abs=0.001)


@pytest.mark.parametrize("found", ["99", "no number"])
def test_going_on_with_an_answer_that_is_not_there_asks_for_a_point(at_places: Client, found: str) -> None:
    send(at_places, URLS["places"], name="Home", q="be", search="1")

    assert send(at_places, URLS["places"], name="Home", q="be", found=found, save="1").status_code == 422
    assert not Location.objects.exists()


def test_coordinates_that_were_typed_count_more_than_an_answer_that_is_selected(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", q="be", search="1")

    send(at_places, URLS["places"], **HOME, q="be", found="1", save="1")

    assert Location.objects.get().latitude == float(HOME["latitude"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param("", "Enter a town", id="empty"),
        pytest.param("Xyzzy", "No match for 'Xyzzy'. Try the town only, or pick the point on the map", id="unknown"),
        pytest.param("\0" * 9, "No match for", id="null bytes"),
        pytest.param("x" * 10_000, "No match for", id="10,000 letters"),
    ],
)
def test_a_search_without_an_answer_says_so(at_places: Client, query: str, message: str) -> None:
    response = send(at_places, URLS["places"], name="Home", q=query, search="1")

    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert text.count(message) == 2
    assert not Location.objects.exists()


def test_the_enter_key_in_the_search_box_searches(at_places: Client) -> None:
    send(at_places, URLS["places"], name="Home", q="Oslo")

    assert "NO1 (East Norway)" in page(at_places, URLS["places"])
    assert not Location.objects.exists()


def test_zooming_changes_the_outline_and_keeps_the_point(at_places: Client) -> None:
    send(at_places, URLS["places"], **HOME, zoom="in")
    first = page(at_places, URLS["places"])

    send(at_places, URLS["places"], **HOME, zoom="in")

    second = page(at_places, URLS["places"])
    assert point_on(second) == (58.1467, 7.9956)
    assert first.split('<path class="area"')[1][:200] != second.split('<path class="area"')[1][:200]


def test_swapped_coordinates_are_put_right_by_one_press(at_places: Client) -> None:
    wrong = HOME | {"latitude": "7.9956", "longitude": "58.1467"}
    response = send(at_places, URLS["places"], **wrong, save="1")
    assert 'name="swap"' in response.content.decode()

    at_places.post(URLS["places"], hidden_fields(response.content.decode()) | wrong | {"swap": "1"})

    assert point_on(page(at_places, URLS["places"])) == (58.1467, 7.9956)


def test_the_example_place_is_one_press(at_places: Client) -> None:
    response = send(at_places, URLS["places"], name="Home", example_place="1")

    assert response.status_code == 303
    place = Location.objects.get()
    assert place.price_area is not None
    assert (place.name, place.price_area.code) == ("Home", "NO2")
    assert "Price area NO2 (South Norway)" in page(at_places, URLS["places"])


def test_the_position_of_the_car_fills_the_point(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    vehicle = Vehicle.objects.get()
    simulation.drive_away(vehicle=vehicle, now=own_now(driver=vehicle.driver))
    url = "/setup/places/add/"
    assert "Use the car’s position" in page(client, url)

    send(client, url, name="Work", use_car="1")

    assert point_on(page(client, url)) == pytest.approx((58.2467, 7.9956), abs=0.001)


def test_a_price_area_set_by_hand_wins(at_places: Client) -> None:
    send(at_places, URLS["places"], **HOME | {"price_area": "NO1", "example_area": ""}, save="1")

    place = Location.objects.get()
    assert place.price_area is not None
    assert (place.price_area.code, place.is_area_hand_set) == ("NO1", True)


def test_a_place_is_changed_where_it_stands(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    place = Location.objects.get()
    url = f"/setup/places/{place.public_id}/?return=check"
    assert h1(page(client, url)) == "Change Home"

    response = send(client, url, **HOME | {"name": "Cabin", "radius": "250"}, save="1")

    assert response.headers["Location"] == URLS["check"]
    place.refresh_from_db()
    assert (place.name, place.radius_meters) == ("Cabin", 250)
    assert (place.price_area, place.is_area_hand_set) == (PriceArea.objects.get(code="NO2"), False)


def test_the_last_place_can_be_removed_and_is_asked_for_again(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    place = Location.objects.get()

    for _ in range(2):
        assert client.post(f"/setup/places/{place.public_id}/remove/").status_code == 303

    assert not Location.objects.exists()
    assert client.get(URLS["check"]).headers["Location"] == "/setup/places/?before=check"


def test_a_place_where_a_plan_runs_is_removed_after_a_question(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    place = Location.objects.get()
    Vehicle.objects.update(state="PLAN:EXECUTING:STOPPED")

    question = client.post(f"/setup/places/{place.public_id}/remove/").content.decode()
    assert h1(question) == "Remove Home?"
    assert Location.objects.exists()
    client.post(f"/setup/places/{place.public_id}/remove/", {"sure": "1"})

    assert 'name="sure" value="1"' in question
    assert not Location.objects.exists()


@pytest.mark.parametrize(("another", "target"), [("no", "/setup/check/"), ("yes", "/setup/places/add/")])
def test_another_place_is_a_question(client: Client, another: str, target: str) -> None:
    begin(client)
    answer_until(client, "check")

    assert send(client, URLS["places"], another=another).headers["Location"] == target


def test_that_question_wants_an_answer(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    response = send(client, URLS["places"], another="perhaps")

    assert response.status_code == 422
    assert "Select whether to add another place" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("latitude=58.1467&longitude=7.9956", 200),
        ("latitude=nan&longitude=7", 204),
        ("", 204),
        ("latitude=58.1467&longitude=7.9956&price_area=%00", 200),
    ],
)
def test_the_fragment_of_a_point_names_it_or_says_nothing(at_places: Client, query: str, status: int) -> None:
    response = at_places.get(f"/fragments/place-point/?{query}")

    assert response.status_code == status
    assert ("near Kristiansand" in response.content.decode()) == (status == 200)
