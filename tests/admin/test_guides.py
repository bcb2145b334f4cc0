"""The guides as operators see them: how old they are, in which languages, and as drivers read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client as Browser

from charging.admin.guides import guide_rows, is_old, missing_languages
from charging.operations import guides
from tests.admin.test_acting import browser_of
from tests.admin.test_screens import INLINE_CODE

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/charging/finding/guides/"
GUIDE = guides.all_guides()[0]


@pytest.mark.parametrize(
    ("checked", "expected"),
    [(date(2025, 11, 30), False), (date(2025, 11, 27), True), (None, True)],
    ids=["within a year", "before", "never"],
)
def test_a_guide_is_old_after_twelve_months(checked: date | None, expected: bool) -> None:
    assert is_old(replace(GUIDE, checked_on=checked), date(2026, 11, 30)) is expected


def test_a_leap_day_has_a_day_twelve_months_before() -> None:
    assert is_old(replace(GUIDE, checked_on=date(2027, 2, 27)), date(2028, 2, 29))


def test_a_sentence_that_is_not_translated_names_its_languages() -> None:
    assert missing_languages(replace(GUIDE, steps=(), signs=(), notes=())) == ()
    assert missing_languages(replace(GUIDE, steps=("Dance.",))) == ("nb", "sv", "da", "fi", "de")


def test_the_old_ones_alone_can_be_listed() -> None:
    today = date(2026, 11, 30)
    everything = guide_rows(today=today, only_old=False)

    assert len(everything) == len(guides.all_guides())
    assert guide_rows(today=today, only_old=True) == [row for row in everything if row.is_old]


def test_the_list_shows_each_with_its_sources_and_says_that_they_are_files(browser_of_operator: Browser) -> None:
    answer = browser_of_operator.get(ADDRESS)

    assert "files of the installed version" in answer.text
    assert not INLINE_CODE.search(answer.text)
    for guide in guides.all_guides():
        assert f"{ADDRESS}{guide.kind}/{guide.slug}/" in answer.text
    assert GUIDE.sources[0].replace("&", "&amp;") in answer.text


def test_all_are_old_in_ten_years(browser_of_operator: Browser) -> None:
    with time_machine.travel(date(2036, 1, 1), tick=False):
        rows = guide_rows(today=date(2036, 1, 1), only_old=True)
    assert len(rows) == len(guides.all_guides())
    page = browser_of_operator.get(f"{ADDRESS}?checked=old").text
    assert "<strong>Older than 12 months, or never checked</strong>" in page


def test_a_guide_is_previewed_as_drivers_read_it(browser_of_operator: Browser) -> None:
    address = f"{ADDRESS}{GUIDE.kind}/{GUIDE.slug}/"
    english = browser_of_operator.get(address)
    german = browser_of_operator.get(f"{address}?language=de")

    assert GUIDE.steps[0] in unescape(english.text)
    assert 'lang="de" aria-label' in german.text
    assert "Quelle" in german.text or "stammt" in german.text or "Woher" in german.text
    assert browser_of_operator.get(f"{address}?language=xx").status_code == 200
    assert browser_of_operator.get(f"{ADDRESS}car/nobody/").status_code == 404


def test_who_may_see_findings_sees_them() -> None:
    assert browser_of("Viewer").get(ADDRESS).status_code == 200


def test_staff_without_a_role_does_not() -> None:
    assert browser_of().get(ADDRESS).status_code == 403
