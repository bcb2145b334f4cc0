"""What the driver says of a finding: stored, confirmed in the card, and obeyed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from charging.models import Finding, Vehicle
from tests import factories
from tests.views.cars import make_own_car, text_of, url
from tests.views.findings import address_of, make_finding


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def say(browser: Browser, finding: Finding, answer: str) -> Any:
    address = reverse("car_finding_answer", args=[finding.vehicle.public_id, finding.pk])
    return browser.post(address, {"answer": answer})


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("switched_off", "Watching: we will tell you after the next two nights."),
        ("on_purpose", "Good to know. We ask no more about it."),
    ],
)
def test_an_answer_is_stored_and_the_card_goes(client: Browser, vehicle: Vehicle, answer: str, sentence: str) -> None:
    finding = make_finding(vehicle)

    response = say(client, finding, answer)

    assert response.status_code == 303
    assert response.headers["Location"] == f"{url('car', vehicle)}#confirmation"
    finding.refresh_from_db()
    assert finding.answer == answer
    assert finding.answered_at is not None
    page = text_of(client.get(url("car", vehicle)))
    assert sentence in page
    assert f'id="finding-{finding.pk}"' not in page


def test_the_answer_can_be_changed(client: Browser, vehicle: Vehicle) -> None:
    finding = make_finding(vehicle, answer="on_purpose", answered_at=factories.NOW)

    say(client, finding, "switched_off")

    finding.refresh_from_db()
    assert finding.answer == "switched_off"


@pytest.mark.parametrize("answer", ["", "perhaps", "\0", "x" * 10_000])
def test_anything_else_changes_nothing_and_leads_back_to_the_finding(
    client: Browser, vehicle: Vehicle, answer: str
) -> None:
    finding = make_finding(vehicle)

    response = say(client, finding, answer)

    assert (response.status_code, response.headers["Location"]) == (303, address_of(finding))
    finding.refresh_from_db()
    assert finding.answer == ""


def test_what_is_over_needs_no_answer_any_more(client: Browser, vehicle: Vehicle) -> None:
    finding = make_finding(vehicle, gone_at=factories.NOW)

    say(client, finding, "switched_off")

    finding.refresh_from_db()
    assert finding.answer == ""
    assert "This is over already: there is nothing to switch off any more." in text_of(client.get(url("car", vehicle)))


def test_nobody_answers_for_anybody_else(client: Browser, vehicle: Vehicle) -> None:
    theirs = make_finding(factories.make_parked_car())
    addresses = [
        reverse("car_finding_answer", args=[theirs.vehicle.public_id, theirs.pk]),
        reverse("car_finding_answer", args=[vehicle.public_id, theirs.pk]),
    ]

    answers = [client.post(address, {"answer": "on_purpose"}).status_code for address in addresses]

    assert answers == [404, 404]
    theirs.refresh_from_db()
    assert theirs.answer == ""


def test_looking_at_the_address_of_an_answer_changes_nothing(client: Browser, vehicle: Vehicle) -> None:
    finding = make_finding(vehicle)

    response = client.get(reverse("car_finding_answer", args=[vehicle.public_id, finding.pk]))

    assert response.status_code == 405
