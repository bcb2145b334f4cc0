"""How we calculate: the driver's own numbers first, to the cent, and the method in words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import ChargingSession, Vehicle
from tests import factories
from tests.factories import at
from tests.views.cars import make_own_car, text_of, url
from tests.views.nights import make_night

QUARTERS = [
    [at(19, 0, day=9).isoformat(), at(19, 15, day=9).isoformat(), "0.40000", 1.0, 2.0, "2025-12-09"],
    [at(19, 15, day=9).isoformat(), at(19, 30, day=9).isoformat(), "0.42000", 0.0, 2.0, "2025-12-09"],
    [at(1, 45).isoformat(), at(2, 0).isoformat(), "0.10000", 2.0, 0.0, "2025-12-10"],
    [at(2, 0).isoformat(), at(2, 15).isoformat(), "-0.05000", 1.0, 0.0, "2025-12-10"],
]
"""4 kWh for 40 + 20 - 5 = 55 cents; from plug-in on 80 + 84 = 164 cents."""


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def make_example(vehicle: Vehicle, **values: Any) -> ChargingSession:
    costs = {"cost": Decimal("0.55"), "cost_charged_at_once": Decimal("1.64"), "saving": Decimal("1.09")}
    numbers: dict[str, Any] = {"energy_kwh": 4.0, "quarters": QUARTERS}
    return make_night(vehicle, **numbers | costs | values)


def page_of(client: Browser, vehicle: Vehicle, question: str = "") -> str:
    answer = client.get(url("car_savings", vehicle) + question)
    assert answer.status_code == 200
    return text_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def table(page: str, name: str) -> list[list[str]]:
    """The rows of one of the two tables, its total last."""
    whole = page[page.index(f'id="{name}"') :]
    whole = whole[: whole.index("</table>")]
    rows = whole[whole.index("<tbody") :].split("<tr>")[1:]
    return [
        [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def sums(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


def test_ux_30_the_example_is_the_last_session_of_the_driver_with_its_own_numbers(
    client: Browser, vehicle: Vehicle
) -> None:
    make_night(vehicle, days_ago=1)
    make_example(vehicle)

    page = page_of(client, vehicle)

    assert "<h2>The charge of 9 December at Home</h2>" in page
    assert "Plugged in 9 December 19:04, unplugged 10 December 07:00. Battery 38–80 %." in page
    assert sums(page) == {
        "Charged": "4.00 kWh",
        "Cost": "0.55 EUR",
        "Average price": "13.8 cents per kWh",
        "From plug-in": "1.64 EUR",
        "Saving": "1.09 EUR",
    }
    assert "The plan said about 1.11 EUR when it was made" in page
    assert "Energy measured by the car. Spot price only." in page
    assert "Prices are sample prices from 9 and 10 December 2025." in page


def test_ux_30_both_costs_are_worked_out_quarter_by_quarter(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle)

    page = page_of(client, vehicle)

    assert table(page, "charged") == [
        ["19:00 9 December", "40.0", "1.00", "40.0"],
        ["01:45 10 December", "10.0", "2.00", "20.0"],
        ["02:00", "−5.0", "1.00", "−5.0"],
        ["Total", "", "4.00", "0.55 EUR"],
    ]
    assert table(page, "at-once") == [
        ["19:00 9 December", "40.0", "2.00", "80.0"],
        ["19:15", "42.0", "2.00", "84.0"],
        ["Total", "", "4.00", "1.64 EUR"],
    ]


def test_an_estimate_is_called_one(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle, energy_source="estimated")

    page = page_of(client, vehicle)

    assert sums(page)["Cost"] == "about 0.55 EUR"
    assert sums(page)["Saving"] == "about 1.09 EUR"
    assert "Energy estimated from the battery level." in page


def test_a_loss_is_said_as_one(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle, cost=Decimal("2.00"), saving=Decimal("-0.36"))

    assert sums(page_of(client, vehicle))["Costs more"] == "0.36 EUR"


def test_what_is_not_counted_stands_between_both_costs_and_the_saving(client: Browser, vehicle: Vehicle) -> None:
    make_example(
        vehicle,
        protective_energy_kwh=1.2,
        protective_cost=Decimal("0.40"),
        override_energy_kwh=2.0,
        override_cost=Decimal("0.20"),
        override_source="here",
        saving=Decimal("0.59"),
    )

    found = sums(page_of(client, vehicle))

    assert list(found) == [
        *("Charged", "Cost", "Average price", "Up to your minimum, at any price", "Charge now"),
        *("From plug-in", "Not counted as our saving", "Saving"),
    ]
    assert found["Up to your minimum, at any price"] == "1.20 kWh, 0.40 EUR"
    assert found["Charge now"] == "2.00 kWh, 0.20 EUR"
    assert (found["Not counted as our saving"], found["Saving"]) == ("0.50 EUR", "0.59 EUR")


def test_a_session_can_be_asked_for(client: Browser, vehicle: Vehicle) -> None:
    wanted = make_night(vehicle, days_ago=2)
    make_example(vehicle)

    page = page_of(client, vehicle, f"?session={wanted.public_id}")

    assert "<h1>The charge of 7 December at Home</h1>" in page
    assert "<h2>How we calculate</h2>" in page
    assert 'class="back" href="/history/"' in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {},
            "Charged 4.00 kWh between 19:04 and 02:15. It cost 0.55 EUR; charging from plug-in would have cost "
            "1.64 EUR. Saved about 1.09 EUR.",
        ),
        (
            {"quarters": [], "cost_charged_at_once": None, "saving": None},
            "Charged 4.00 kWh. It cost 0.55 EUR.",
        ),
        (
            {"cost": Decimal("2.00"), "saving": Decimal("-0.36")},
            "Charged 4.00 kWh between 19:04 and 02:15. It cost 2.00 EUR; charging from plug-in would have cost "
            "1.64 EUR. It cost about 0.36 EUR more than charging at once.",
        ),
    ],
    ids=["saved", "not all known", "dearer"],
)
def test_the_page_of_a_night_begins_with_what_happened(
    client: Browser, vehicle: Vehicle, values: dict[str, Any], said: str
) -> None:
    session = make_example(vehicle, **values)

    assert f'<p class="lead">{said}</p>' in page_of(client, vehicle, f"?session={session.public_id}")


@pytest.mark.parametrize("state", [State.FINISHED, State.UNPLUGGED, State.FULLY_CHARGED], ids=lambda state: state.name)
def test_the_button_of_the_dashboard_leads_to_its_night(
    client: Browser, story_time: None, db: None, state: State
) -> None:
    car = make_own_car(client, state)
    if state == State.FULLY_CHARGED:
        car.plans.all().delete()
    make_night(car, unplugged_at=None)
    found = re.search(r'<a [^>]*href="([^"]*)"[^>]*>See the night</a>', text_of(client.get(url("car", car))))
    assert found is not None

    answer = client.get(found[1])

    assert answer.status_code == 200
    assert "<h1>The charge of 9 December at Home</h1>" in text_of(answer)


def test_a_full_car_whose_charge_was_not_seen_has_no_night_to_look_at(
    client: Browser, story_time: None, db: None
) -> None:
    car = make_own_car(client, State.FULLY_CHARGED)
    make_night(car, days_ago=1)
    car.plans.all().delete()

    assert "See the night" not in text_of(client.get(url("car", car)))


def test_one_that_is_not_over_says_so(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle, unplugged_at=None)

    assert "Plugged in 9 December 19:04, and still is. These are the numbers so far." in page_of(client, vehicle)


def test_one_that_ended_on_its_day_names_the_day_once(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle, unplugged_at=at(21, 0, day=9))

    assert "Plugged in 9 December 19:04, unplugged 21:00." in page_of(client, vehicle)


def test_where_no_comparison_is_possible_there_is_none(client: Browser, vehicle: Vehicle) -> None:
    make_example(vehicle, cost_charged_at_once=None, saving=None, has_all_prices=False)

    page = page_of(client, vehicle)

    assert "Not all prices are known." in page
    assert "Saving" not in sums(page)
    assert 'id="at-once"' not in page


def test_what_is_not_known_is_not_made_up(client: Browser, vehicle: Vehicle) -> None:
    unknown: dict[str, Any] = dict.fromkeys(("cost", "cost_charged_at_once", "saving", "planned_cost"))
    session = make_night(
        vehicle,
        place_name="",
        energy_kwh=0.0,
        energy_source="",
        soc_from_percent=None,
        has_all_prices=False,
        has_plan=False,
        **unknown,
    )

    page = page_of(client, vehicle, f"?session={session.public_id}")

    assert "<h1>The charge of 9 December</h1>" in page
    assert 'class="lead"' not in page
    assert sums(page) == {"Charged": "not known", "Cost": "not known, for want of prices"}
    assert "Battery" not in page
    assert 'id="charged"' not in page
    assert "The plan said" not in page


def test_a_session_that_took_nothing_has_no_average(client: Browser, vehicle: Vehicle) -> None:
    session = make_night(vehicle, energy_kwh=0.0, cost=0, cost_charged_at_once=0, saving=0)

    page = page_of(client, vehicle, f"?session={session.public_id}")

    assert "Average price" not in sums(page)
    assert '<p class="lead">Nothing was charged.</p>' in page


def test_a_session_without_a_saving_is_an_example_where_there_is_no_better_one(
    client: Browser, vehicle: Vehicle
) -> None:
    make_night(vehicle, has_plan=False, saving=None, steering=[[at(19, day=9).isoformat(), None]])

    page = page_of(client, vehicle)

    assert "Smart charging off." in page
    assert sums(page)["From plug-in"] == "2.63 EUR"


def test_before_the_first_charge_the_method_stands_alone(client: Browser, vehicle: Vehicle) -> None:
    page = page_of(client, vehicle)

    assert "After your first charge its own numbers stand here" in page
    assert "<h2>The rules</h2>" in page
    assert "sample prices" not in page
    assert f'class="back" href="{url("car", vehicle)}"' in page


@pytest.mark.parametrize("wanted", ["nonsense", "8f7bb3cb-52cd-4a7e-8bb0-000000000001"])
def test_a_session_that_does_not_exist_is_not_found(client: Browser, vehicle: Vehicle, wanted: str) -> None:
    assert client.get(url("car_savings", vehicle) + f"?session={wanted}").status_code == 404


def test_anybody_elses_numbers_do_not_exist(client: Browser, vehicle: Vehicle) -> None:
    charlie = factories.make_parked_car()
    theirs = make_night(charlie)

    assert client.get(url("car_savings", charlie)).status_code == 404
    assert client.get(url("car_savings", vehicle) + f"?session={theirs.public_id}").status_code == 404
