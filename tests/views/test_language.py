"""UX-36: the language of the pages, chosen in the footer; what was typed comes along."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.test import Client as Browser
from django.utils.translation import override

from charging.models import Driver, PriceArea, Vehicle
from charging.operations.guides import all_guides
from charging.views.alert_mails import send_alerts
from charging.views.area_names import area_name
from charging.views.brand_steps import guide_url
from config.languages import LANGUAGES
from tests.factories import at, make_finding
from tests.onboarding.walk import URLS, answer_until, begin, hidden_fields
from tests.views.cars import make_own_car, text_of, url

pytestmark = pytest.mark.usefixtures("db", "story_time")


@pytest.fixture
def vehicle(client: Browser) -> Vehicle:
    return make_own_car(client)


def switch(client: Browser, page: str, language: str, **typed: str) -> str:
    """Presses a language below a page into whose form something was typed; returns the page that comes."""
    before = text_of(client.get(page))
    action = unescape(re.findall(r'formaction="([^"]+)"' if typed else r'action="(/language/[^"]+)"', before)[0])
    answer = client.post(action, hidden_fields(before) | typed | {"language": language})
    assert answer.status_code == 302
    assert answer.headers["Location"] == page
    return unescape(text_of(client.get(answer.headers["Location"])))


def test_ux_36_every_language_stands_in_the_footer_by_its_own_name(client: Browser) -> None:
    footer = text_of(client.get("/help/")).partition("<footer")[2]

    buttons = re.findall(r'name="language" value="(\w+)" lang="(\w+)"([^>]*)>([^<]+)<', footer)
    assert [(code, name) for code, _lang, _current, name in buttons] == list(LANGUAGES)
    assert all(code == lang for code, lang, _current, _name in buttons)
    assert [code for code, _lang, current, _name in buttons if "aria-current" in current] == ["en"]


def test_ux_36_whoever_reads_no_finnish_finds_their_language_on_a_finnish_page(client: Browser) -> None:
    client.cookies["django_language"] = "fi"

    footer = text_of(client.get("/help/")).partition("<footer")[2]

    assert re.findall(r'name="language"[^>]*>([^<]+)<', footer) == [name for _code, name in LANGUAGES]


@pytest.mark.parametrize("language", ["nb", "sv", "da", "fi", "de"])
def test_ux_36_no_sentence_of_a_guide_is_left_in_english(client: Browser, language: str) -> None:
    client.cookies["django_language"] = language

    for guide in all_guides():
        page = unescape(text_of(client.get(guide_url(guide))))
        left = [text for text in (*guide.steps, *guide.signs, *guide.notes) if text in page]
        assert left == [], guide.brand


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_ux_36_a_page_says_its_language_and_keeps_its_address(client: Browser, language: str) -> None:
    page = switch(client, "/help/?a=1", language)

    assert f'<html lang="{language}"' in page
    assert f'<html lang="{language}"' in text_of(client.get("/"))


@pytest.mark.parametrize("language", ["xx", "", "fr"])
def test_a_language_that_is_not_spoken_changes_nothing(client: Browser, vehicle: Vehicle, language: str) -> None:
    client.post("/language/?next=/help/", {"language": language})

    assert '<html lang="en"' in text_of(client.get("/help/"))
    assert Driver.objects.get().language == "en"


def test_a_language_never_leads_elsewhere(client: Browser) -> None:
    answer = client.post("/language/?next=https://example.com/", {"language": "nb"})

    assert answer.headers["Location"] == "/"


def test_without_a_choice_the_browser_decides(client: Browser) -> None:
    page = text_of(client.get("/help/", headers={"accept-language": "fr, da;q=0.8, en;q=0.5"}))

    assert '<html lang="da"' in page


FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("car_ready_by", {"ready_by": "5:55", "scope": "every_day"}),
    ("car_minimum", {"minimum": "37"}),
    ("car_name", {"name": "Zoe"}),
    ("car_days", {"day_5": "10:10"}),
    ("car_charge_now", {"until": "percent", "percent": "71"}),
    ("car_pause", {"until": "turned_on"}),
)


@pytest.mark.parametrize(("name", "typed"), FORMS)
def test_ux_36_what_was_typed_comes_along(client: Browser, vehicle: Vehicle, name: str, typed: dict[str, str]) -> None:
    page = switch(client, url(name, vehicle), "de", **typed)

    assert '<html lang="de"' in page
    assert is_filled_in(page, typed) == {}
    assert 'class="error-text"' not in page


def test_ux_36_the_lines_of_a_tariff_come_along(client: Browser, vehicle: Vehicle) -> None:
    place = vehicle.driver.locations.get()
    typed = {"kind": "by_time", "rate_1": "20.5", "rate_1_from": "22", "rate_1_to": "6", "rate_other": "31"}

    page = switch(client, f"/places/{place.public_id}/tariff/", "sv", **typed)

    assert is_filled_in(page, typed) == {}


WIZARD: tuple[tuple[str, dict[str, str]], ...] = (
    ("car", {"car": "simulated", "model": "old", "soc": "44", "limit": "90"}),
    ("minimum", {"minimum": "23"}),
    ("ready_by", {"ready_by": "05:45"}),
    ("places", {"name": "Cabin", "latitude": "60.1", "longitude": "9.2"}),
)


@pytest.mark.parametrize(("key", "typed"), WIZARD)
def test_ux_36_what_was_typed_into_a_question_comes_along(client: Browser, key: str, typed: dict[str, str]) -> None:
    begin(client)
    answer_until(client, key)

    page = switch(client, URLS[key] if key != "places" else "/setup/places/add/", "fi", **typed)

    assert '<html lang="fi"' in page
    assert is_filled_in(page, typed) == {}


def test_what_came_along_is_forgotten_once_it_is_saved(client: Browser, vehicle: Vehicle) -> None:
    page = url("car_minimum", vehicle)
    form = hidden_fields(switch(client, page, "en", minimum="37"))

    client.post(page, form | {"minimum": "41"})

    assert is_filled_in(text_of(client.get(page)), {"minimum": "41"}) == {}


def test_whoever_leaves_and_comes_back_finds_what_is_stored(client: Browser, vehicle: Vehicle) -> None:
    page = url("car_minimum", vehicle)
    assert is_filled_in(switch(client, page, "de", minimum="37"), {"minimum": "37"}) == {}

    assert is_filled_in(text_of(client.get(page)), {"minimum": "37"}) == {"minimum": "37"}


def test_the_colors_keep_what_was_typed_too(client: Browser, vehicle: Vehicle) -> None:
    page = url("car_minimum", vehicle)
    before = text_of(client.get(page))

    client.post(f"/theme/?next={page}", hidden_fields(before) | {"minimum": "37", "theme": "dark"})

    after = text_of(client.get(page))
    assert 'data-theme="dark"' in after
    assert is_filled_in(after, {"minimum": "37"}) == {}


def test_a_mail_is_written_in_the_language_that_its_driver_chose(
    client: Browser, vehicle: Vehicle, mailoutbox: list[EmailMessage]
) -> None:
    account = vehicle.driver.account
    assert account is not None
    account.email = "driver@example.com"
    account.save()
    make_finding(vehicle=vehicle)
    client.post("/language/?next=/help/", {"language": "de"})

    send_alerts(at_wall=at(10, day=10))

    [mail] = mailoutbox
    assert "Your car seems to wait" not in mail.subject
    with override("de"):
        assert mail.subject.startswith(f"{vehicle}: ")


def is_filled_in(page: str, typed: dict[str, str]) -> dict[str, str]:
    """What the page does not show as it was typed: text in its field, a choice as the chosen one."""
    inputs = re.findall(r"<input[^>]+>", page)
    return {
        name: value
        for name, value in typed.items()
        if not any(
            f'name="{name}"' in field
            and f'value="{value}"' in field
            and ('type="radio"' not in field or "checked" in field)
            for field in inputs
        )
        and f'<option value="{value}" selected>' not in page
    }


def test_ux_36_a_bundled_price_area_is_named_in_the_language_and_an_own_one_as_it_is() -> None:
    with override("de"):
        assert area_name(PriceArea(code="NO2", name="South Norway")) == "NO2 (Südnorwegen)"
        assert area_name(PriceArea(code="OWN", name="Our village")) == "OWN (Our village)"
        assert area_name(PriceArea(code="OWN")) == "OWN"


def test_the_languages_are_those_of_the_settings() -> None:
    assert django_settings.LANGUAGES == LANGUAGES
