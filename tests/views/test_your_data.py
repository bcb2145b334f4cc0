"""Your data: what is stored, a copy of it, and deleting it; nothing is lost by a wrong click."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from charging.models import Driver, Tombstone, Vehicle
from charging.operations.privacy import headings
from charging.views.data_words import WORDS, data_rows
from charging.views.link_session import LINK_KEY
from tests import factories
from tests.views.cars import make_own_car, text_of

PAGE, EXPORT, ERASE = "/settings/your-data/", "/settings/your-data/export/", "/settings/your-data/erase/"
PASSWORD = "a long password of theirs"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    """The car of a driver without a password, as guests are."""
    vehicle = make_own_car(client)
    account = vehicle.driver.account
    assert account is not None
    account.set_unusable_password()
    account.save()
    client.force_login(account)
    return vehicle


@pytest.fixture
def with_password(vehicle: Vehicle, client: Browser) -> Vehicle:
    account = vehicle.driver.account
    assert account is not None
    account.set_password(PASSWORD)
    account.save()
    client.force_login(account)
    return vehicle


def zip_of(answer: object) -> dict[str, object]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[attr-defined]
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_each_heading_has_its_words_and_there_are_ten_at_most() -> None:
    assert list(WORDS) == list(headings())
    assert len(WORDS) <= 10


def test_the_page_says_how_long_each_is_kept(client: Browser, vehicle: Vehicle, settings: Settings) -> None:
    settings.READYBY_KEEP_POSITIONS_HOURS = 24
    settings.READYBY_KEEP_READINGS_DAYS = 91

    page = text_of(client.get(PAGE))

    assert "Where a car is" in page
    assert "24 hours" in page
    assert "91 days" in page
    assert "Kept: until you delete it" in page


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "1 hour"), (30, "30 hours"), (48, "2 days"), (72, "3 days"), (100, "4 days")]
)
def test_times_are_told_in_hours_or_days(settings: Settings, hours: int, words: str) -> None:
    settings.READYBY_KEEP_POSITIONS_HOURS = hours

    assert words in {row.kept for row in data_rows()}


def test_a_guest_is_told_that_all_of_it_goes_after_a_month(client: Browser, vehicle: Vehicle) -> None:
    sentence = "everything here is deleted after 30 days"
    assert sentence not in text_of(client.get(PAGE))
    Driver.objects.update(is_guest=True)

    assert sentence in text_of(client.get(PAGE))


def test_settings_lead_there(client: Browser, vehicle: Vehicle) -> None:
    assert f'href="{PAGE}"' in text_of(client.get("/settings/"))


def test_an_account_without_a_driver_comes_to_the_wizard(client: Browser, db: None) -> None:
    client.force_login(factories.make_account())

    assert client.get(PAGE).headers["Location"] == "/setup/"
    assert client.post(EXPORT).status_code == 303
    assert client.post(ERASE, {"is_sure": "on"}).status_code == 303


def test_visitors_are_asked_to_sign_in(client: Browser, db: None) -> None:
    for answer in (client.get(PAGE), client.post(EXPORT), client.get(ERASE), client.post(ERASE)):
        assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_guest_gets_a_copy_at_once(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(EXPORT)

    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    assert zip_of(answer)["about.json"]["driver"] == str(vehicle.driver.public_id)  # type: ignore[index]


def test_a_copy_is_never_given_to_a_link(client: Browser, vehicle: Vehicle) -> None:
    assert client.get(EXPORT).status_code == 405


def test_who_has_a_password_enters_it_again_and_goes_on(client: Browser, with_password: Vehicle) -> None:
    asked = client.post(EXPORT)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    page = text_of(client.get(asked.headers["Location"]))
    assert "Confirm that it is you" in page

    wrong = client.post("/accounts/reauthenticate/", {"password": "something else", "next": EXPORT})
    assert wrong.status_code == 200
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": EXPORT})

    assert "charging.Vehicle.json" in zip_of(answer)


def test_the_question_says_what_is_lost_and_loses_nothing(client: Browser, vehicle: Vehicle) -> None:
    question = text_of(client.get(ERASE))

    assert "Delete everything?" in question
    assert "Family car" in question
    assert "Home" in question
    assert "your account" in question
    assert Driver.objects.exists()


def test_an_operator_is_told_that_the_login_stays(client: Browser, vehicle: Vehicle) -> None:
    account = vehicle.driver.account
    assert account is not None
    account.is_staff = True
    account.save()

    assert "Your login stays" in text_of(client.get(ERASE))


def test_the_button_alone_deletes_nothing(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.post(ERASE))

    assert "Tick the box if you want everything deleted" in page
    assert "<title>Error: Delete everything?" in page
    assert Driver.objects.exists()
    assert not Tombstone.objects.exists()


def test_with_the_tick_everything_goes_and_the_visitor_is_signed_out(client: Browser, vehicle: Vehicle) -> None:
    answer = client.post(ERASE, {"is_sure": "on"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert not Driver.objects.exists()
    assert not Vehicle.objects.exists()
    assert client.get("/settings/").headers["Location"].startswith("/accounts/login/")


def test_where_it_cannot_be_written_down_nothing_goes_and_the_page_stays_calm(
    client: Browser, vehicle: Vehicle, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("no folder")
    client.raise_request_exception = False

    answer = client.post(ERASE, {"is_sure": "on"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "<h1>Readyby is being looked after</h1>" in answer.text
    assert str(tmp_path) not in answer.text
    assert Driver.objects.exists()


def test_nothing_goes_before_the_password(client: Browser, with_password: Vehicle) -> None:
    assert client.get(ERASE).headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(ERASE, {"is_sure": "on"}).headers["Location"].startswith("/accounts/reauthenticate/")

    assert Driver.objects.exists()


def test_a_link_of_an_app_is_not_enough(client: Browser, vehicle: Vehicle) -> None:
    session = client.session
    session[LINK_KEY] = "a key"
    session.save()

    page = text_of(client.get(PAGE))
    answers = [client.post(EXPORT), client.get(ERASE), client.post(ERASE, {"is_sure": "on"})]

    assert "Ask that app" in page
    assert ERASE not in page
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, "/settings/")] * 3
    assert Driver.objects.exists()


def test_another_drivers_things_stay(client: Browser, vehicle: Vehicle) -> None:
    other = factories.make_parked_car()

    client.post(ERASE, {"is_sure": "on"})

    assert list(Vehicle.objects.all()) == [other]
