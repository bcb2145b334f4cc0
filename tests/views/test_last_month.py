"""The page that says what the last month would have been with smart charging."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser

from charging.core.replay import Replay
from charging.models import Location, Policy, Vehicle
from charging.operations.last_month import last_month as really
from charging.views import last_month as views
from tests import factories
from tests.views.cars import make_own_car, text_of, url
from tests.views.test_night_bars import make_nights


@pytest.fixture
def vehicle(db: None, client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def words(client: Browser, vehicle: Vehicle, **query: str) -> str:
    text = html.unescape(text_of(client.get(url("car_last_month", vehicle), query)))
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def tell(monkeypatch: pytest.MonkeyPatch, replay: Replay) -> None:
    """Lets the page show these nights."""

    def changed(**values: object) -> object:
        found = really(**values)  # type: ignore[arg-type]
        assert found is not None
        return replace(found, replay=replay)

    monkeypatch.setattr(views, "last_month", changed)


def test_the_recorded_month_is_told_with_its_dates_its_total_and_what_it_rests_on(
    client: Browser, vehicle: Vehicle
) -> None:
    text = words(client, vehicle)

    found = re.search(
        r"In 30 nights smart charging would have saved you <b>about ([\d.]+) EUR</b> at Home: (.+?)\.<", text
    )
    assert found is not None
    cost, at_once = re.findall(r"([\d.]+) EUR", found[2])
    assert Decimal(at_once) - Decimal(cost) == Decimal(found[1]) > 0
    assert "Prices are sample prices from 1 to 31 December 2025." in text
    assert "plug in every day at 17:00 with 65 %, and that the car charges at 11 kW to its limit of 80 %." in text
    assert "Ready by 07:00, minimum 20 %." in text
    assert "3,563 charges at homes in Trondheim" in text


def test_the_table_has_a_row_for_each_night_and_adds_up_to_the_sentence(client: Browser, vehicle: Vehicle) -> None:
    table = words(client, vehicle).split('id="last-month-table"')[1].split("</table>")[0]

    rows = re.findall(r"<tr><th[^>]*>([^<]+)</th>" + r"<td[^>]*>([^<]*)</td>" * 4 + "</tr>", table)

    assert [row[0] for row in rows[:2]] == ["1 Dec 2025", "2 Dec 2025"]
    assert len(rows) == 31
    for column in range(1, 5):
        amounts = [Decimal(row[column].replace("−", "-")) for row in rows]
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=Decimal(2) if column == 1 else 0)
    for _day, _energy, at_once, cost, saved in rows:
        assert Decimal(at_once) - Decimal(cost) == Decimal(saved.replace("−", "-"))


@pytest.mark.parametrize(
    ("costs", "sentence"),
    [
        ([("3", "2")], "In 1 night smart charging would have cost you <b>about 1.00 EUR</b> more at Home"),
        ([("1", "1"), ("2", "2")], "In 2 nights smart charging would have saved you nothing at Home: 3.00 EUR either"),
        ([("-3", "-1")], "saved you <b>about 2.00 EUR</b> at Home: −3.00 EUR instead of −1.00 EUR."),
    ],
    ids=["a loss", "nothing", "negative costs"],
)
def test_what_did_not_save_is_said_as_it_is(
    client: Browser,
    vehicle: Vehicle,
    monkeypatch: pytest.MonkeyPatch,
    costs: list[tuple[str, str]],
    sentence: str,
) -> None:
    tell(monkeypatch, Replay(tuple(make_nights(costs))))

    assert sentence in words(client, vehicle)


def test_nights_that_are_left_out_or_too_short_are_counted(
    client: Browser, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = make_nights([("1", "2")])[0]
    tell(monkeypatch, Replay((replace(night, is_full=False), night), without_prices=2, unpublished=1))

    text = words(client, vehicle)

    assert "3 nights are left out: not all of their prices are known." in text
    assert "In 1 night there was too little time to reach the car’s limit." in text


def test_a_place_without_prices_says_so(client: Browser, vehicle: Vehicle) -> None:
    Location.objects.update(price_area=factories.make_price_area(code="NO5", name="West Norway"))

    text = words(client, vehicle)

    assert "We have no prices for Home yet, so we cannot tell." in text
    assert "<figure" not in text


def test_other_evenings_may_be_tried(client: Browser, vehicle: Vehicle) -> None:
    text = words(client, vehicle, plugged_in="9 pm", battery="40 %")

    assert "plug in every day at 21:00 with 40 %" in text
    assert "Time and battery level are the ones you chose." in text
    assert 'value="9 pm"' in text


def test_the_middle_of_own_plug_ins_is_named_as_such(client: Browser, vehicle: Vehicle) -> None:
    for days in range(5):
        start = factories.NOW - timedelta(days=days, hours=3)
        end = start + timedelta(hours=8)
        factories.make_session(vehicle=vehicle, plugged_in_at=start, unplugged_at=end, measured_at=end)

    assert "are the middle of your car’s last plug-ins" in words(client, vehicle)


def test_at_an_hour_before_prices_are_out_the_page_asks_for_a_later_one(client: Browser, vehicle: Vehicle) -> None:
    text = words(client, vehicle, plugged_in="9:00", battery="40")

    assert "At 09:00 the prices until your ready-by time are not out yet" in text
    assert "<figure" not in text


@pytest.mark.parametrize(
    ("plugged_in", "battery", "message"),
    [
        ("", "40", "Plugged in at must be hours and minutes, from 00:00 to 23:59"),
        ("24:00", "40", "Plugged in at must be hours and minutes, from 00:00 to 23:59"),
        ("7:5", "40", "Plugged in at must be hours and minutes, from 00:00 to 23:59"),
        ("17:00", "", "“Battery when plugged in” must be a whole number from 0 to 100"),
        ("17:00", "-1", "“Battery when plugged in” must be a whole number from 0 to 100"),
        ("17:00", "4.5", "“Battery when plugged in” must be a whole number from 0 to 100"),
        ("17:00", "80", "“Battery when plugged in” must be less than 80 %, where your car stops"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_usual_evening_is_shown(
    client: Browser, vehicle: Vehicle, plugged_in: str, battery: str, message: str
) -> None:
    text = words(client, vehicle, plugged_in=plugged_in, battery=battery)

    assert f"</span>{message}</p>" in text
    assert 'id="last-month-habit" open' in text
    assert "plug in every day at 17:00 with 65 %" in text


@pytest.mark.parametrize("value", ["\x00", "9" * 5000, "<script>", "١٢"])
def test_anything_typed_is_answered(client: Browser, vehicle: Vehicle, value: str) -> None:
    answer = client.get(url("car_last_month", vehicle), {"plugged_in": value, "battery": value})

    assert answer.status_code == 200
    assert "<script>" not in text_of(answer).split("<main")[1]


def test_without_a_place_or_a_ready_by_time_the_page_says_what_is_missing(client: Browser, vehicle: Vehicle) -> None:
    Policy.objects.update(is_enabled=False, deadline=None)
    assert "We can tell once your car has a ready-by time." in words(client, vehicle)

    Policy.objects.all().delete()
    assert "We can tell once your car has a ready-by time." in words(client, vehicle)

    Location.objects.all().delete()
    assert "We can tell once we know where you charge." in words(client, vehicle)


def test_the_reckoning_of_savings_leads_to_it(client: Browser, vehicle: Vehicle) -> None:
    assert f'href="{url("car_last_month", vehicle)}"' in text_of(client.get(url("car_savings", vehicle)))


def test_the_page_is_for_the_cars_own_driver(client: Browser, vehicle: Vehicle) -> None:
    strange = factories.make_parked_car()

    assert client.get(url("car_last_month", strange)).status_code == 404
    client.logout()
    assert client.get(url("car_last_month", vehicle)).status_code == 302
