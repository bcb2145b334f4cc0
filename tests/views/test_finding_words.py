"""What is said of a finding: every cause has its words, in plain English and with the times of the place's clock."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.core.causes import Cause, Seen
from charging.models import Finding, Vehicle, VehicleView
from charging.views.finding_evidence import ROWS, evidence_of
from charging.views.finding_values import nights_words, say, title_of, words_of
from charging.views.finding_words import FINDING_WORDS
from charging.views.situation import load_situation
from tests import factories
from tests.views.findings import make_finding, row

OSLO = ZoneInfo("Europe/Oslo")
BARE: dict[str, Any] = {"clock_time": None, "percent": None, "evidence": []}
NOT_SAID = re.compile(r"%\(|None|error|\bF\d|_|[A-Z]{4,}")


def said(finding: Finding) -> dict[str, str]:
    """Everything the words of a finding say, by the name of the text."""
    situation = load_situation(Vehicle.objects.with_everything_shown().get(pk=finding.vehicle_id), factories.NOW)
    words = words_of(finding)
    texts = {name: say(getattr(words, name), finding, situation) for name in ("saw", "means", "meanwhile")}
    texts |= {"title": title_of(finding), "to_do": str(words.to_do), "done": str(words.done)}
    return {name: text.replace("\N{NO-BREAK SPACE}", " ") for name, text in texts.items()}


def test_every_cause_has_words_and_every_row_of_evidence_too() -> None:
    assert set(FINDING_WORDS) == set(Cause)
    assert set(ROWS) == set(Seen)


@pytest.mark.django_db
@pytest.mark.parametrize("known", [{}, BARE], ids=["all known", "nothing known"])
@pytest.mark.parametrize("cause", list(Cause))
def test_every_text_is_a_whole_sentence_whatever_is_known(cause: Cause, known: dict[str, Any]) -> None:
    finding = make_finding(factories.make_parked_car(), cause, **known)

    texts = said(finding)

    for name, text in texts.items():
        assert text[0].isupper(), name
        assert not NOT_SAID.search(text), text
        assert text.endswith(".") is (name not in {"title", "done"})
    assert len(texts["title"]) <= 60


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cause", "name", "expected"),
    [
        pytest.param(
            Cause.TIMER,
            "saw",
            "On two nights your car waited until 21:00, although we had asked it to start at 20:15.",
            id="timer",
        ),
        pytest.param(
            Cause.TIMER, "means", "That looks like a timer set to 21:00 in the car or the charger.", id="its cause"
        ),
        pytest.param(
            Cause.WINDOW_END,
            "saw",
            "On two nights charging ended at 06:00, although your ready-by time is 07:00.",
            id="window end",
        ),
        pytest.param(Cause.CEILING, "saw", "Charging always ends at 60 %. Your car’s own limit is 80 %.", id="ceiling"),
        pytest.param(
            Cause.LIMIT_AUTOMATION,
            "saw",
            "On two nights the charge limit in your car changed at 19:00, last to 50 %. We did not do that.",
            id="limit",
        ),
        pytest.param(
            Cause.FOREIGN_START, "saw", "On two nights charging began at 19:40, not by us.", id="foreign start"
        ),
        pytest.param(
            Cause.TUG_OF_WAR,
            "means",
            "That looks like another smart charging service. Common ones are ev.energy, Monta and Tibber.",
            id="tug of war",
        ),
        pytest.param(
            Cause.CHARGER_REFUSES,
            "means",
            "The charger may be locked, waiting for a card, or following its own schedule.",
            id="charger",
        ),
    ],
)
def test_texts_carry_their_values(cause: Cause, name: str, expected: str) -> None:
    assert said(make_finding(factories.make_parked_car(), cause))[name] == expected


@pytest.mark.django_db
def test_a_limit_that_is_not_known_is_not_named() -> None:
    vehicle = factories.make_parked_car()
    VehicleView.objects.filter(vehicle=vehicle).update(charge_limit_percent=None)

    text = said(make_finding(vehicle, Cause.CEILING))["saw"]

    assert text == "Charging always ends at 60 %, before your car is full."


@pytest.mark.django_db
def test_an_end_in_the_evening_is_not_compared_with_the_morning() -> None:
    finding = make_finding(factories.make_parked_car(), Cause.WINDOW_END, clock_time="22:00")
    finding.refresh_from_db()

    assert said(finding)["saw"] == "On two nights charging ended at 22:00, although your car was not full."


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "On one night"), (2, "On two nights"), (5, "On five nights"), (6, "On 6 nights")]
)
def test_nights_are_counted_as_people_count(count: int, expected: str) -> None:
    assert nights_words(count) == expected


@pytest.mark.parametrize(
    ("seen", "value", "expected"),
    [
        (Seen.CHARGING_BEGAN, "7.4", "Charging began, at 7.4 kW"),
        (Seen.CHARGING_BEGAN, "", "Charging began"),
        (Seen.CHARGING_ENDED, "71", "Charging ended, at 71 %"),
        (Seen.CEILING_REACHED, "60", "Charging ended at 60 % and did not go on"),
        (Seen.LIMIT_CHANGED, "80 > 50", "The car’s limit changed from 80 % to 50 %"),
        (Seen.LIMIT_CHANGED, "80", "The car’s limit changed"),
        (Seen.LIMIT_CHANGED, "80 > ", "The car’s limit changed"),
        (Seen.SCHEDULE_REPORTED, "PRICE_OPTIMIZED_CHARGING", "The car named a schedule: “price optimized charging”"),
        (
            Seen.SCHEDULE_REPORTED,
            "preferred times 23:00-06:00",
            "The car named a schedule: “preferred times 23:00-06:00”",
        ),
        (Seen.START_SENT, "", "Asked to charge"),
    ],
    ids=str,
)
def test_evidence_is_told_in_words(seen: Seen, value: str, expected: str) -> None:
    finding = Finding(evidence=[row(seen, value)])

    event = evidence_of(finding, factories.NOW, OSLO)[0]

    assert event.text.replace("\N{NO-BREAK SPACE}", " ") == expected


def test_evidence_stands_in_time_order_with_the_clock_of_the_place_and_who_did_it() -> None:
    later, earlier = row(Seen.CHARGING_BEGAN, hours=21, day=9), row(Seen.START_SENT, hours=20, minutes=15)
    finding = Finding(evidence=[later, earlier])

    events = evidence_of(finding, factories.NOW, OSLO)

    assert [(event.clock, event.actor) for event in events] == [
        ("20:15", "Readyby, yesterday"),
        ("21:00", "Your car or another app"),
    ]


def test_of_much_evidence_the_newest_is_shown() -> None:
    start = factories.NOW - timedelta(hours=20)
    many = [row(Seen.START_SENT) | {"at": (start + n * timedelta(minutes=10)).isoformat()} for n in range(40)]

    events = evidence_of(Finding(evidence=many), factories.NOW, OSLO)

    assert len(events) == 12
    assert events[-1].at == many[-1]["at"]
