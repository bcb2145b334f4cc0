"""A case is copied into a ticket as text, without what is private."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from charging.admin.case_file import case_file
from charging.admin.case_text import case_text, without_private
from charging.models import Location, Vehicle
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


def text_of(browser: Browser, car: Vehicle) -> str:
    answer = browser.get(reverse("admin:charging_vehicle_text", args=[car.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return answer.text


def test_the_case_is_copied_as_text_without_positions_tokens_and_addresses(
    browser_of_operator: Browser, car: Vehicle
) -> None:
    car.commands.update(failure_detail="alice@example.com at 58.1467, 7.9956: Bearer abc.def")
    Location.objects.update(name="Home <alice@example.com>")

    text = text_of(browser_of_operator, car)

    assert text.startswith(f"Case of car {car.public_id}\n")
    assert case_file(car).card.headline in text
    for part in ("== Readiness", "== Commands", "== Decisions", "== Readings", "START plan | CONFIRMED"):
        assert part in text
    for private in ("58.14", "7.99", "@", "abc.def", "<a ", "latitude", car.driver.external_id):
        assert private not in text
    assert "[e-mail] at [position]: [token]" in text


def test_the_same_text_stands_in_a_field_that_needs_no_script(browser_of_operator: Browser, car: Vehicle) -> None:
    page = browser_of_operator.get(reverse("admin:charging_vehicle_change", args=[car.pk])).text

    field = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)

    assert field is not None
    assert field[1].strip().startswith(f"Case of car {car.public_id}")
    assert reverse("admin:charging_vehicle_text", args=[car.pk]) in page


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("mail bob.b+x@mail.example.co.uk now", "mail [e-mail] now"),
        ("at -58.1467,7.9956", "at [position]"),
        ("eyJhbGciOi.eyJzdWIi.sig is it", "[token] is it"),
        (f"key {'a1' * 20}", "key [token]"),
        ("cost 1.1127 EUR, 38 %, 8d9f3c62-6a52-4a3e-9a39-7d9c1d1f6d11", None),
    ],
)
def test_what_others_wrote_is_told_without_what_is_private(written: str, left: str | None) -> None:
    assert without_private(written) == (left or written)


def test_markup_in_a_name_is_copied_as_it_was_written(car: Vehicle) -> None:
    Vehicle.objects.filter(pk=car.pk).update(rule="<b>bold</b>")

    assert "rule: <b>bold</b>" in case_text(case_file(car))
