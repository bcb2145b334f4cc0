"""The guides: what the files may hold, and which guide is for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from charging.core.vendors import VENDORS
from charging.operations import guides
from charging.operations.guides import Confidence, Guide, Kind

PROJECT_BEGAN = date(2025, 1, 1)
EVERY = pytest.mark.parametrize("guide", guides.all_guides(), ids=lambda guide: f"{guide.kind} {guide.brand}")


def make_row(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": "car", "brand": "Kia", "vendor": "KIA", "models": [], "names": ["Schedule"]}
    row |= {"steps": ["Open it.", "Switch it off."], "signs": [], "notes": [], "sources": ["https://kia.example/"]}
    return row | {"checked_on": None, "confidence": "high"} | values


@EVERY
def test_a_guide_is_for_a_known_vendor_if_it_is_for_a_car(guide: Guide) -> None:
    assert (guide.vendor in VENDORS) == (guide.kind == Kind.CAR)
    assert not guide.models or guide.kind == Kind.CAR


@EVERY
def test_a_guide_has_two_to_four_steps_each_a_sentence(guide: Guide) -> None:
    assert 2 <= len(guide.steps) <= 4
    assert all(sentence.endswith(".") for sentence in (*guide.steps, *guide.signs, *guide.notes))


@EVERY
def test_a_guide_says_where_it_comes_from(guide: Guide) -> None:
    assert guide.sources
    assert all(source.startswith("https://") and " " not in source for source in guide.sources)


@EVERY
def test_a_guide_leaves_nothing_empty_and_says_nothing_twice(guide: Guide) -> None:
    texts = (guide.brand, *guide.models, *guide.names, *guide.steps, *guide.signs, *guide.notes, *guide.sources)

    assert guide.names
    assert all(text and text == text.strip() for text in texts)
    assert len({*guide.steps, *guide.signs, *guide.notes}) == len((*guide.steps, *guide.signs, *guide.notes))
    assert len(set(guide.sources)) == len(guide.sources)


@EVERY
def test_what_nobody_confirms_is_said_with_an_if(guide: Guide) -> None:
    assert guide.is_confirmed or any(step.startswith("If ") for step in guide.steps)


@EVERY
def test_a_guide_is_at_an_address_of_its_own(guide: Guide) -> None:
    assert guides.guide_at(guide.kind, guide.slug) is guide


@EVERY
def test_a_day_of_checking_is_not_before_this_project_began(guide: Guide) -> None:
    assert guide.checked_on is None or guide.checked_on >= PROJECT_BEGAN


def test_every_brand_the_drivers_are_told_of_is_there() -> None:
    cars, chargers, apps = (len(guides.of_kind(kind)) for kind in Kind)

    assert cars >= 16
    assert chargers >= 9
    assert apps >= 14


@pytest.mark.parametrize(
    ("vendor", "model", "expected"),
    [
        pytest.param("KIA", "EV6", ["Kia"], id="one for all models"),
        pytest.param("POLESTAR", "2", ["Polestar 2"], id="one of a model"),
        pytest.param("POLESTAR", "", ["Polestar 2", "Polestar 3 and 4"], id="model not known"),
        pytest.param("LUCID", "Air", [], id="none"),
        pytest.param("", "", [], id="no vendor"),
    ],
)
def test_a_car_has_the_guides_of_its_model_or_else_of_its_vendor(vendor: str, model: str, expected: list[str]) -> None:
    assert [guide.brand for guide in guides.car_guides(vendor, model)] == expected


@pytest.mark.parametrize(
    ("brand", "is_known"), [("Zaptec", True), ("zaptec", False), (guides.OTHER, False), ("", False)]
)
def test_a_charger_is_known_by_its_brand(brand: str, is_known: bool) -> None:
    assert (guides.charger_guide(brand) is not None) is is_known


@pytest.mark.parametrize(("kind", "slug"), [("car", "zaptec"), ("boat", "kia"), ("car", "")])
def test_no_guide_is_at_any_other_address(kind: str, slug: str) -> None:
    assert guides.guide_at(kind, slug) is None


def test_a_row_becomes_a_guide() -> None:
    guide = guides.guide_of(make_row(checked_on="2026-03-03", confidence="low"))

    assert guide.checked_on == date(2026, 3, 3)
    assert guide.confidence == Confidence.LOW
    assert guide.steps == ("Open it.", "Switch it off.")
    assert not guide.is_confirmed


@pytest.mark.parametrize(
    "change",
    [{"kind": "boat"}, {"confidence": "certain"}, {"checked_on": "last week"}, {"color": "red"}],
    ids=["kind", "confidence", "date", "unknown name"],
)
def test_a_row_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        guides.guide_of(make_row(**change))
