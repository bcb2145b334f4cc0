"""What was commanded, how long it took, and what comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from charging.admin import case_next
from charging.admin.case_file import CaseFile, case_file
from charging.admin.case_table import Table, took
from charging.core.states import State
from charging.models import Command, Vehicle
from tests import factories
from tests.factories import NOW
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


def table_of(case: CaseFile, title: str) -> Table:
    return next(part for part in case.tables if part.title == title)


def value_of(table: Table, name: str) -> str:
    return next(row[1] for row in table.rows if row[0] == name)


def test_a_command_tells_when_it_was_sent_taken_and_seen(car: Vehicle) -> None:
    car.commands.all().delete()
    sent, seen = NOW + timedelta(seconds=2), NOW + timedelta(seconds=65)
    values = {"created_at": NOW, "last_sent_at": sent}
    factories.make_command(vehicle=car, status="CONFIRMED", completed_at=seen, **values)
    factories.make_command(vehicle=car, status="FAILED", completed_at=seen, failure_detail="no answer", **values)
    factories.make_command(vehicle=car, status="UNKNOWN", **values)
    last = {"kind": "STOP", "hold_until": NOW, "hold_renew_by": NOW}
    Command.objects.filter(status="UNKNOWN").update(status="SUPERSEDED")
    factories.make_command(vehicle=car, status="UNKNOWN", **values | last)

    rows = table_of(case_file(car), "Commands").rows

    assert [(row[1], row[2], row[4], row[5], row[6]) for row in rows] == [
        ("STOP plan", "UNKNOWN", "2 s", "no answer", "-"),
        ("START plan", "SUPERSEDED", "2 s", "-", "-"),
        ("START plan", "FAILED", "2 s", "no", "-"),
        ("START plan", "CONFIRMED", "2 s", "yes", "63 s"),
    ]
    assert rows[2][8] == "no answer"


@pytest.mark.parametrize(
    ("length", "words"),
    [(timedelta(seconds=119), "119 s"), (timedelta(minutes=2), "2 min"), (timedelta(0), "0 s")],
)
def test_a_latency_is_told_to_the_second_while_it_is_short(length: timedelta, words: str) -> None:
    assert took(NOW, NOW + length).replace("\N{NO-BREAK SPACE}", " ") == words
    assert took(None, NOW) == took(NOW, None) == "-"


def test_what_comes_next_is_what_the_rules_say_now(car: Vehicle) -> None:
    car.overrides.all().delete()
    factories.make_command(vehicle=car, created_at=NOW, next_sending_at=NOW + timedelta(minutes=5))

    comes = table_of(case_file(car), "What comes next")

    assert value_of(comes, "next wanted action").startswith(("none", "START", "STOP"))
    assert "rule: " in value_of(comes, "decided now")
    assert value_of(comes, "command on its way") == "START ACCEPTED"
    assert value_of(comes, "it is sent again") == "2025-12-09 21:09:00 UTC (Tue 22:09 Europe/Oslo)"
    assert value_of(comes, "next start of the plan") == "2025-12-10 00:45:00 UTC (Wed 01:45 Europe/Oslo)"
    assert value_of(comes, "next look, wall") == "2025-12-09 21:04:00 UTC (Tue 22:04 Europe/Oslo)"


def test_a_wanted_command_is_named(car: Vehicle) -> None:
    car.overrides.all().delete()
    Vehicle.objects.filter(pk=car.pk).update(state=State.STARTING)

    assert value_of(table_of(case_file(car), "What comes next"), "next wanted action") == "START plan"


def test_a_car_that_cannot_be_decided_on_has_its_page(car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ValueError("poison")

    monkeypatch.setattr(case_next, "outlook", broken)

    comes = table_of(case_file(car), "What comes next")

    assert value_of(comes, "next wanted action") == "cannot be decided; the log of the server says why"
