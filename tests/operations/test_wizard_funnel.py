"""What is measured of the wizard, and how it adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import WizardEvent
from charging.models.wizard_events import DeviceClass, WizardHappening
from charging.operations import wizard_funnel
from charging.operations.wizard_funnel import FaultCount, StepCount, Visitor, note_step
from tests.factories import NOW
from tests.wizard_rows import make_wizard_event

pytestmark = pytest.mark.django_db

PHONE = Visitor(DeviceClass.PHONE, "nb")
ENTERED, REFUSED, DONE = WizardHappening.ENTERED, WizardHappening.REFUSED, WizardHappening.DONE
LONG_AGO = NOW - timedelta(days=365)


def note(seconds: int, happened: WizardHappening, *faults: tuple[str, str], draft: int = 1, step: str = "car") -> None:
    at_wall = NOW + timedelta(seconds=seconds)
    note_step(draft_number=draft, step=step, happened=happened, visitor=PHONE, at_wall=at_wall, faults=faults)


def test_an_answer_tells_the_seconds_since_its_page_was_opened() -> None:
    note(0, ENTERED)
    note(100, ENTERED, step="minimum")
    note(142, DONE)

    done = WizardEvent.objects.get(happened="done")
    assert (done.seconds, done.device, done.language, done.is_resumed) == (142, "phone", "nb", False)


@pytest.mark.parametrize(("pause", "seconds", "is_resumed"), [(1800, 1800, False), (1801, None, True)])
def test_who_comes_back_after_half_an_hour_has_resumed(pause: int, seconds: int | None, is_resumed: bool) -> None:
    note(0, ENTERED)
    note(pause, DONE)

    done = WizardEvent.objects.get(happened="done")
    assert (done.seconds, done.is_resumed) == (seconds, is_resumed)


def test_an_answer_without_its_page_has_no_seconds() -> None:
    note(0, ENTERED, draft=2)
    note(5, DONE)
    assert WizardEvent.objects.get(happened="done").seconds is None


def test_a_refusal_is_a_row_for_each_fault() -> None:
    note(0, REFUSED, ("soc", "invalid"), ("limit", "x" * 50))

    rows = WizardEvent.objects.order_by("pk").values_list("field", "code", "seconds")
    assert list(rows) == [("soc", "invalid", None), ("limit", "x" * 40, None)]


def test_each_draft_counts_once_a_step() -> None:
    for draft, took in ((1, 10), (2, 40), (3, 20)):
        note(0, ENTERED, draft=draft)
        note(1, REFUSED, ("soc", "invalid"), draft=draft)
        note(took, DONE, draft=draft)
    note(60, ENTERED)
    note(70, ENTERED, step="minimum")
    make_wizard_event(at=LONG_AGO, draft_number=9)

    counts = wizard_funnel.count_steps(steps=("car", "minimum", "check"), since=NOW)

    assert counts == [
        StepCount("car", 3, 3, 3, 20),
        StepCount("minimum", 1, 0, 0, None),
        StepCount("check", 0, 0, 0, None),
    ]


def test_the_most_frequent_fault_comes_first() -> None:
    note(1, REFUSED, ("soc", "invalid"))
    note(2, REFUSED, ("soc", "invalid"), ("limit", "invalid"))
    make_wizard_event(at=LONG_AGO, happened="refused", field="soc", code="invalid")

    assert wizard_funnel.count_faults(since=NOW) == [
        FaultCount("car", "soc", "invalid", 2, 1),
        FaultCount("car", "limit", "invalid", 1, 1),
    ]


def test_visitors_are_told_apart_from_the_first_step_to_the_last() -> None:
    make_wizard_event(draft_number=1, has_scripts=True, happened="done")
    make_wizard_event(draft_number=1, has_scripts=True, step="check", happened="done")
    make_wizard_event(draft_number=2, has_scripts=False, happened="done")
    make_wizard_event(draft_number=3)

    def counted(by: str) -> list[tuple[str, int, int]]:
        return wizard_funnel.count_visitors(by=by, first="car", last="check", since=NOW)

    assert counted("has_scripts") == [("False", 1, 0), ("True", 1, 1)]
    assert counted("device") == [("phone", 3, 1)]


def test_it_is_forgotten_after_half_a_year() -> None:
    make_wizard_event(at=NOW - timedelta(days=30))
    make_wizard_event(at=NOW - timedelta(days=30, seconds=1))

    assert wizard_funnel.forget_old_steps(at_wall=NOW) == 1
    assert WizardEvent.objects.count() == 1
