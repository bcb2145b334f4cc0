"""The guides as pages: for everybody, with their sources, and honest about how sure they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from charging.operations import guides
from charging.operations.guides import Confidence
from charging.views.guide_words import provenance, sources
from config.languages import LANGUAGES
from tests.views.cars import text_of

ZAPTEC = next(guide for guide in guides.all_guides() if guide.brand == "Zaptec")


def test_the_list_leads_to_every_guide(client: Browser) -> None:
    page = text_of(client.get("/guides/"))

    for guide in guides.all_guides():
        assert f'href="{reverse("guide", args=[guide.kind, guide.slug])}"' in page
    assert page.count("not yet confirmed") == sum(not guide.is_confirmed for guide in guides.all_guides())


def test_help_leads_to_the_list(client: Browser) -> None:
    assert 'href="/guides/"' in text_of(client.get("/help/"))


@pytest.mark.parametrize("guide", guides.all_guides(), ids=lambda guide: f"{guide.kind} {guide.brand}")
def test_a_guide_is_a_page_with_all_that_is_known(client: Browser, guide: guides.Guide) -> None:
    page = unescape(text_of(client.get(f"/guides/{guide.kind}/{guide.slug}/")))

    for sentence in (*guide.steps, *guide.signs, *guide.notes, *guide.names):
        assert sentence in page
    for source in guide.sources:
        assert f'href="{source}"' in page
    assert provenance(guide) in page
    assert ("Not yet confirmed." in page) is not guide.is_confirmed
    assert f"<title>What to switch off: {guide.brand} - Readyby</title>" in page


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_a_guide_in_another_language_says_that_menus_are_named_in_english(client: Browser, language: str) -> None:
    client.cookies["django_language"] = language

    page = unescape(text_of(client.get("/guides/charger/zaptec/")))

    with translation.override(language):
        sentence = gettext("Menus are named as in the English app; yours may use other words.")
    assert (sentence in page) is (language != "en")


@pytest.mark.parametrize("address", ["/guides/car/zaptec/", "/guides/boat/kia/", "/guides/car/nobody/"])
def test_a_guide_that_there_is_not_is_not_found(client: Browser, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("confidence", list(Confidence))
def test_a_guide_names_the_day_only_when_it_was_compared_and_never_claims_a_trial(confidence: Confidence) -> None:
    uncompared = replace(ZAPTEC, confidence=confidence, checked_on=None)
    compared = provenance(replace(uncompared, checked_on=date(2026, 3, 9)))

    assert "ompared on" not in provenance(uncompared)
    assert compared.startswith("Compared on 9 March 2026 with a stored copy of a page that it comes from.")
    assert "We have not tried it." in compared
    assert "hecked on" not in compared


@pytest.mark.parametrize("day", [None, date(2026, 3, 9)], ids=["not compared", "compared"])
def test_what_no_maker_confirms_says_so_with_a_day_and_without(day: date | None) -> None:
    texts = {one: provenance(replace(ZAPTEC, confidence=one, checked_on=day)) for one in Confidence}

    assert [one for one, text in texts.items() if "No page of its maker confirms this yet." in text] == [Confidence.LOW]


def test_a_page_says_when_a_guide_was_compared_and_that_nobody_tried_it(client: Browser) -> None:
    assert ZAPTEC.checked_on is not None

    page = unescape(text_of(client.get("/guides/charger/zaptec/")))

    assert f"Compared on {ZAPTEC.checked_on.day} {ZAPTEC.checked_on:%B %Y} with a stored copy" in page
    assert "We have not tried it." in page


def test_sources_of_one_host_have_labels_of_their_own() -> None:
    labels = [source.label for source in sources(ZAPTEC)]

    assert labels == ["help.zaptec.com", *(f"help.zaptec.com ({number})" for number in range(2, 6))]
