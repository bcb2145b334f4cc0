"""Findings on the dashboard, on their own page and in the health check."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from charging.core.causes import Cause
from charging.core.states import State
from charging.models import Policy, Vehicle
from tests import factories
from tests.views.cars import make_own_car, url
from tests.views.findings import TITLES, address_of, make_finding, shown

CARD = re.compile(r'<section class="card repair.*?</section>', re.DOTALL)


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def cards_of(browser: Browser, vehicle: Vehicle) -> list[str]:
    return CARD.findall(shown(browser, url("car", vehicle)))


def test_a_confirmed_finding_is_a_card_with_everything_one_needs_to_know(client: Browser, vehicle: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(charger_brand="Zaptec")
    finding = make_finding(vehicle)

    (card,) = cards_of(client, vehicle)

    for text in (
        TITLES[Cause.TIMER],
        "On two nights your car waited until 21:00, although we had asked it to start at 20:15.",
        "That looks like a timer set to 21:00 in the car or the charger.",
        "Switch the timer off. Leave the charge limit as it is.",
    ):
        assert text in card
    assert f'id="finding-{finding.pk}-evidence"><summary>What we saw</summary>' in card
    assert card.count("<time") == 4
    buttons = re.findall(r'class="button[^>]*>([^<]+)<', card)
    assert buttons == [
        "Show steps for Volkswagen",
        "Show steps for Zaptec",
        "I have switched it off",
        "That is on purpose",
        "Not now",
    ]
    assert f'href="{address_of(finding)}#charger-zaptec"' in card


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"status": "suspected", "score": 2}, id="only suspected"),
        pytest.param({"answer": "switched_off", "answered_at": factories.NOW}, id="switched off"),
        pytest.param({"answer": "on_purpose", "answered_at": factories.NOW}, id="on purpose"),
        pytest.param({"gone_at": factories.NOW}, id="gone"),
    ],
)
def test_what_the_driver_need_not_act_on_is_no_card(client: Browser, vehicle: Vehicle, values: dict[str, Any]) -> None:
    make_finding(vehicle, **values)

    assert cards_of(client, vehicle) == []


def test_another_drivers_findings_are_not_shown(client: Browser, vehicle: Vehicle) -> None:
    make_finding(factories.make_parked_car())

    assert cards_of(client, vehicle) == []


def test_ux_33_there_are_three_cards_at_most_and_a_way_to_the_others(client: Browser, vehicle: Vehicle) -> None:
    for cause in (Cause.FOREIGN_START, Cause.CEILING, Cause.TIMER, Cause.TUG_OF_WAR):
        make_finding(vehicle, cause)
    Policy.objects.filter(vehicle=vehicle).update(minimum_charge_limit=90)

    cards = cards_of(client, vehicle)

    order = (Cause.TUG_OF_WAR, Cause.TIMER, Cause.CEILING)
    assert [TITLES[cause] in card for cause, card in zip(order, cards, strict=True)] == [True] * 3
    assert f'href="{url("car_repairs", vehicle)}">2 more</a>' in shown(client, url("car", vehicle))
    everything = shown(client, url("car_repairs", vehicle))
    assert len(CARD.findall(everything)) == 5
    assert "Your minimum is above the limit in your car" in everything


def test_three_cards_need_no_way_to_others(client: Browser, vehicle: Vehicle) -> None:
    for cause in (Cause.CEILING, Cause.TIMER, Cause.TUG_OF_WAR):
        make_finding(vehicle, cause)

    assert " more</a>" not in shown(client, url("car", vehicle))


def test_where_nothing_is_wrong_the_list_says_so(client: Browser, vehicle: Vehicle) -> None:
    assert "Nothing: your car does what it is asked to." in shown(client, url("car_repairs", vehicle))


@pytest.mark.parametrize(
    ("state", "causes", "expected", "is_problem"),
    [
        (State.START_FAILED, [Cause.TUG_OF_WAR, Cause.TIMER], Cause.TIMER, True),
        (State.STOP_FAILED, [Cause.TIMER, Cause.FOREIGN_START], Cause.FOREIGN_START, True),
        (State.CHARGE_INTERRUPTED, [Cause.TIMER, Cause.CEILING], Cause.CEILING, False),
    ],
    ids=["not started", "not stopped", "interrupted"],
)
def test_a_finding_that_explains_the_trouble_stands_for_what_to_check(
    client: Browser, story_time: None, db: None, state: State, causes: list[Cause], expected: Cause, is_problem: bool
) -> None:
    vehicle = make_own_car(client, state)
    for cause in causes:
        make_finding(vehicle, cause)

    cards = cards_of(client, vehicle)

    assert len(cards) == len(causes)
    assert 'id="check"' in cards[0]
    assert TITLES[expected] in cards[0]
    assert ("repair problem" in cards[0]) is is_problem
    assert "".join(cards).count("repair problem") == int(is_problem)
    assert 'href="#check"' in shown(client, url("car", vehicle))


def test_a_finding_that_explains_nothing_stands_below_what_to_check(
    client: Browser, story_time: None, db: None
) -> None:
    vehicle = make_own_car(client, State.STOP_FAILED)
    make_finding(vehicle, Cause.CEILING)

    cards = cards_of(client, vehicle)

    assert "Something else may be charging your car" in cards[0]
    assert TITLES[Cause.CEILING] in cards[1]


@pytest.mark.parametrize("cause", list(Cause))
def test_the_page_of_every_cause_can_be_read(client: Browser, vehicle: Vehicle, cause: Cause) -> None:
    finding = make_finding(vehicle, cause)

    page = shown(client, address_of(finding))

    text = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])
    assert not re.search(r"%\(|None|\bF\d\b|[a-z]_[a-z]", text)
    for heading in ("What to do", "What we do meanwhile", "What we saw"):
        assert heading in text
    assert "That is on purpose" in text


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        pytest.param(Cause.TIMER, "Steps for Volkswagen", id="in the car"),
        pytest.param(Cause.TUG_OF_WAR, "<summary>Tibber</summary>", id="in an app"),
        pytest.param(Cause.SECOND_ACCOUNT, '<a href="/help/#account">', id="in another account"),
    ],
)
def test_the_page_has_the_steps_for_where_to_look(
    client: Browser, vehicle: Vehicle, cause: Cause, expected: str
) -> None:
    assert expected in shown(client, address_of(make_finding(vehicle, cause)))


@pytest.mark.parametrize(
    ("cause", "is_first"), [(Cause.TUG_OF_WAR, True), (Cause.CEILING, False)], ids=["app", "charger"]
)
def test_the_services_are_one_press_away_where_they_are_the_likeliest(
    client: Browser, vehicle: Vehicle, cause: Cause, is_first: bool
) -> None:
    finding = make_finding(vehicle, cause)

    (card,) = cards_of(client, vehicle)

    assert (f'href="{address_of(finding)}#services">Show common services</a>' in card) is is_first
    assert '<details id="services">' in shown(client, address_of(finding))


def test_a_brand_without_a_guide_leads_to_the_page_all_the_same(client: Browser, vehicle: Vehicle) -> None:
    Vehicle.objects.filter(pk=vehicle.pk).update(vendor="LUCID", brand="Lucid")
    finding = make_finding(vehicle)

    (card,) = cards_of(client, vehicle)

    assert f'href="{address_of(finding)}#steps">Show what to do</a>' in card
    assert 'id="steps"' in shown(client, address_of(finding))


@pytest.mark.parametrize(
    ("values", "expected", "can_answer"),
    [
        pytest.param({}, "", True, id="waiting"),
        pytest.param({"status": "suspected"}, "We are not sure yet.", True, id="suspected"),
        pytest.param(
            {"answer": "switched_off", "answered_at": factories.NOW},
            "Watching: we will tell you after the next two nights.",
            True,
            id="switched off",
        ),
        pytest.param(
            {"answer": "on_purpose", "answered_at": factories.NOW},
            "You said that this is on purpose. We plan around it and ask no more about it.",
            True,
            id="on purpose",
        ),
        pytest.param(
            {"answer": "on_purpose", "answered_at": factories.NOW, "clock_time": None},
            "You said that this is on purpose, so we ask no more about it.",
            True,
            id="on purpose, at no certain time",
        ),
        pytest.param({"gone_at": factories.NOW}, "This is over: it was last seen", False, id="gone"),
    ],
)
def test_the_page_says_where_the_finding_stands(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], expected: str, can_answer: bool
) -> None:
    finding = make_finding(vehicle, **values)

    page = shown(client, address_of(finding))

    assert ('<p class="inset">' in page) == (expected != "")
    assert expected in page
    assert ("I have switched it off" in page) is can_answer


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        pytest.param({}, True, id="waiting"),
        pytest.param({"status": "suspected"}, False, id="suspected"),
        pytest.param({"answer": "switched_off", "answered_at": factories.NOW}, False, id="switched off"),
    ],
)
def test_the_page_says_what_we_do_meanwhile_only_while_we_do_it(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], is_told: bool
) -> None:
    page = shown(client, address_of(make_finding(vehicle, **values)))

    assert ("Until then we plan as if charging can only begin at 21:00, if that leaves enough time." in page) is is_told


@pytest.mark.parametrize("pk", [0, 10**30], ids=["none", "too large"])
def test_a_finding_that_there_is_not_is_not_found(client: Browser, vehicle: Vehicle, pk: int) -> None:
    assert client.get(reverse("car_finding", args=[vehicle.public_id, pk])).status_code == 404


def test_anybody_elses_finding_does_not_exist(client: Browser, vehicle: Vehicle) -> None:
    theirs = make_finding(factories.make_parked_car())

    assert client.get(address_of(theirs)).status_code == 404
    assert client.get(reverse("car_finding", args=[vehicle.public_id, theirs.pk])).status_code == 404
    assert client.get(url("car_repairs", theirs.vehicle)).status_code == 404


def test_many_findings_take_no_more_queries_than_one(
    client: Browser, vehicle: Vehicle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for cause in Cause:
        make_finding(vehicle, cause)

    with django_assert_max_num_queries(7):
        client.get(url("car", vehicle))


@pytest.mark.parametrize("cause", [None, Cause.CEILING, Cause.FOREIGN_START], ids=["nothing", "another", "starts"])
def test_who_took_over_can_be_followed_to_what_else_it_could_be(
    client: Browser, story_time: None, db: None, cause: Cause | None
) -> None:
    vehicle = make_own_car(client, State.OVERRIDDEN, view={"is_charging": True})
    factories.make_override(vehicle=vehicle, is_from_elsewhere=True)
    finding = make_finding(vehicle, cause) if cause is not None else None

    page = shown(client, url("car", vehicle))

    is_found = finding is not None and cause == Cause.FOREIGN_START
    expected = address_of(finding) if finding is not None and is_found else "/help/#interference"
    assert f'href="{expected}">What else could it be?</a>' in page
