"""What a refused place form leaves behind: nothing."""

import pytest
from django.test import Client

from charging.models import Location
from charging.operations import caps
from onboarding.models import OnboardingDraft
from tests.onboarding.walk import URLS, answer_until, begin, hidden_fields, page, send

HOME = {"name": "Home", "latitude": "58.1467", "longitude": "7.9956", "step": "100"}


@pytest.fixture
def at_places(client: Client) -> Client:
    begin(client)
    answer_until(client, "places")
    return client


REFUSED = [
    pytest.param({"name": "A\0B", "save": "1"}, id="null byte"),
    pytest.param({"name": "Home", "latitude": "91", "longitude": "7", "save": "1"}, id="91 degrees"),
    pytest.param({"name": "Home", "q": "Xyzzy", "search": "1"}, id="nothing found"),
]


@pytest.mark.parametrize("values", REFUSED)
def test_what_was_refused_comes_back_once_and_not_on_a_fresh_page(at_places: Client, values: dict[str, str]) -> None:
    before = page(at_places, URLS["places"])

    response = send(at_places, URLS["places"], **values)

    assert response.status_code == 422
    assert f'value="{values.get("q") or values.get("latitude") or "A"}' in response.content.decode()
    assert OnboardingDraft.objects.get().place_input == {}
    after = page(at_places, URLS["places"])
    assert point_less(after) == point_less(before)


def test_ux_21_a_point_is_saved_after_a_search_that_found_nothing(at_places: Client) -> None:
    text = send(at_places, URLS["places"], name="Home", q="Xyzzy", search="1").content.decode()

    at_places.post(URLS["places"], hidden_fields(text) | HOME | {"q": "Xyzzy", "save": "1"})

    assert Location.objects.get().name == "Home"


def test_a_driver_with_as_many_places_as_there_may_be_is_told_so(
    at_places: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "MOST_PLACES", 0)

    response = send(at_places, URLS["places"], **HOME, save="1")

    assert response.status_code == 422
    assert "You have 0 places, and no more can be added" in response.content.decode()
    assert not Location.objects.exists()


def point_less(text: str) -> list[str]:
    """Returns what stands in the form's text fields."""
    return [part.split('"', 1)[0] for part in text.split('type="text" ')[1].split('value="')[1:]]
