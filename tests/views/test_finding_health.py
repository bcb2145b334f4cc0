"""What the health check says of findings: found, suspected, watched, gone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.causes import Cause
from charging.models import Vehicle
from tests import factories
from tests.views.cars import make_own_car
from tests.views.findings import TITLES, address_of, make_finding, shown

ROW = re.compile(
    r'Nothing else controls charging</span><span class="tag (\w+)">.*?<span class="say">(.*?)</span>(.*?)</li>'
)
LONG_AGO = factories.NOW - timedelta(days=30)


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


@pytest.mark.parametrize(
    ("values", "status", "sentence", "link"),
    [
        pytest.param({}, "needs", TITLES[Cause.TIMER], "See what to switch off", id="found"),
        pytest.param(
            {"status": "suspected"},
            "waiting",
            f"{TITLES[Cause.TIMER]}. We are not sure yet and watch whether it happens again",
            "See what we saw",
            id="suspected",
        ),
        pytest.param(
            {"answer": "switched_off", "answered_at": factories.NOW},
            "waiting",
            "Watching: we will tell you after the next two nights",
            "See what we saw",
            id="switched off",
        ),
        pytest.param(
            {"answer": "on_purpose", "answered_at": factories.NOW},
            "ready",
            f"{TITLES[Cause.TIMER]}. You said that this is on purpose",
            "See what we saw",
            id="on purpose",
        ),
        pytest.param(
            {"gone_at": factories.NOW},
            "waiting",
            "It has not come back. We watch until three nights have passed without it",
            "See what we saw",
            id="just gone",
        ),
        pytest.param(
            {"gone_at": factories.NOW, "first_seen_at": LONG_AGO, "last_seen_at": LONG_AGO},
            "ready",
            "Three nights without surprises. Nothing else seems to control charging",
            "",
            id="gone for long",
        ),
        pytest.param(
            {"gone_at": factories.NOW, "answer": "on_purpose", "answered_at": factories.NOW},
            "ready",
            "Three nights without surprises. Nothing else seems to control charging",
            "",
            id="gone, and on purpose",
        ),
    ],
)
def test_the_health_check_says_what_else_controls_charging(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], status: str, sentence: str, link: str
) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(linked_at=LONG_AGO)
    finding = make_finding(vehicle, **values)

    row = ROW.search(shown(client, "/health/"))

    assert row is not None
    assert (row[1], row[2]) == (status, sentence)
    assert (f'<a href="{address_of(finding)}">{link}</a>' in row[3]) == (link != "")


def test_the_health_check_tells_what_needs_the_driver_before_what_is_only_watched(
    client: Browser, vehicle: Vehicle
) -> None:
    make_finding(vehicle, Cause.CEILING, status="suspected", score=2)
    make_finding(vehicle, Cause.TIMER, score=3)
    make_finding(vehicle, Cause.FOREIGN_START, score=9, answer="on_purpose", answered_at=factories.NOW)

    row = ROW.search(shown(client, "/health/"))

    assert row is not None
    assert row[2] == TITLES[Cause.TIMER]


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({}, "Almost ready: switch off what else controls your car"),
        ({"answer": "switched_off", "answered_at": factories.NOW}, "Ready, and still watching"),
        ({"answer": "on_purpose", "answered_at": factories.NOW}, "Everything is ready"),
    ],
    ids=["found", "switched off", "on purpose"],
)
def test_the_title_of_the_health_check_names_a_finding_only_when_the_driver_can_act(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], title: str
) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(linked_at=LONG_AGO)
    make_finding(vehicle, **values)

    assert f"<h1>{title}</h1>" in shown(client, "/health/")
