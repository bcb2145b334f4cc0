"""Rates, fees and tax: who may say what, and which cars look again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.core.weekly_spans import WeeklySpan
from charging.models import Due, Location, PlaceCharge, PlaceTerms, Tariff, TariffRate
from charging.operations.issues import Refused
from charging.operations.tariffs import GridFee, OwnTerms, RateSpan, remove_terms, set_rates, set_schedule, set_terms
from tests.factories import NOW, make_client, make_driver, make_due, make_location, make_policy, make_vehicle

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
NIGHT, DAY = WeeklySpan(22 * 60, 6 * 60), WeeklySpan(6 * 60, 22 * 60)
RATES = {"night": Decimal("0.10"), "day": Decimal("0.30")}


@pytest.fixture
def home() -> Location:
    """A place with a car at it that is looked at again in five minutes."""
    place = make_location(driver=make_driver())
    vehicle = make_vehicle(driver=place.driver, view={"location": place})
    make_policy(vehicle=vehicle)
    make_due(vehicle=vehicle, own_at=LATER, due_at=LATER)
    return place


def make_tariff(home: Location, **rates: Decimal) -> Tariff:
    return set_rates(client=home.driver.client, external_id="two-rate", rates=rates or RATES, at_wall=NOW)


def is_woken() -> bool:
    return Due.objects.get().due_at == NOW


def sleep_again() -> None:
    Due.objects.update(own_at=LATER, due_at=LATER)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [issue.code for issue in refused.value.issues]


def test_rates_are_changed_by_name_and_others_stay(home: Location) -> None:
    tariff = make_tariff(home)

    again = make_tariff(home, day=Decimal("0.35"), peak=Decimal("0.50"))

    assert again == tariff
    stored = dict(TariffRate.objects.values_list("name", "price_per_kwh"))
    assert stored == {"night": Decimal("0.10"), "day": Decimal("0.35"), "peak": Decimal("0.50")}


def test_two_clients_may_name_their_tariffs_alike(home: Location) -> None:
    make_tariff(home)

    set_rates(client=make_client(), external_id="two-rate", rates={"night": Decimal(9)}, at_wall=NOW)

    assert Tariff.objects.count() == 2
    assert sorted(TariffRate.objects.values_list("name", flat=True)) == ["day", "night", "night"]


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        pytest.param({"": Decimal(1)}, "RATE_NAME_INVALID", id="no name"),
        pytest.param({"x" * 101: Decimal(1)}, "RATE_NAME_INVALID", id="a long name"),
        pytest.param({"a\x00": Decimal(1)}, "RATE_NAME_INVALID", id="a null byte"),
        pytest.param({"night": Decimal("NaN")}, "PRICE_INVALID", id="not a number"),
        pytest.param({"night": Decimal("Infinity")}, "PRICE_INVALID", id="infinity"),
        pytest.param({"night": Decimal("1000.1")}, "PRICE_INVALID", id="too dear"),
    ],
)
def test_rates_that_cannot_be_are_refused(home: Location, rates: dict[str, Decimal], code: str) -> None:
    with pytest.raises(Refused) as refused:
        make_tariff(home, **rates)

    assert codes_of(refused) == [code]
    assert not Tariff.objects.exists()


def test_a_schedule_replaces_the_one_before_and_wakes_the_car(home: Location) -> None:
    tariff = make_tariff(home)
    assert not is_woken(), "no place has the tariff yet"
    set_schedule(location=home, tariff=tariff, spans=[RateSpan("night", WeeklySpan())], at_wall=NOW)
    assert is_woken()

    set_schedule(location=home, tariff=tariff, spans=[RateSpan("day", DAY), RateSpan("night", NIGHT)], at_wall=NOW)

    assert [
        charge.rate.name for charge in PlaceCharge.objects.select_related("rate").order_by("pk") if charge.rate
    ] == [
        "day",
        "night",
    ]


def test_another_price_of_a_rate_wakes_the_cars_that_pay_it(home: Location) -> None:
    tariff = make_tariff(home)
    set_schedule(location=home, tariff=tariff, spans=[RateSpan("night", NIGHT)], at_wall=NOW)
    sleep_again()

    make_tariff(home, night=Decimal("0.05"))

    assert is_woken()
    assert PlaceTerms.objects.get().as_terms().rates[0].price_per_kwh == Decimal("0.05")


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        pytest.param([RateSpan("noon", DAY)], ["RATE_UNKNOWN"], id="a rate that the tariff lacks"),
        pytest.param([RateSpan("day", DAY), RateSpan("night", DAY)], ["INTERVALS_OVERLAP"], id="twice at once"),
        pytest.param([RateSpan("day", WeeklySpan(1440, 60))], ["INTERVAL_INVALID"], id="begins after the day"),
        pytest.param([RateSpan("day", WeeklySpan(0, 1441))], ["INTERVAL_INVALID"], id="ends after the day"),
        pytest.param([RateSpan("day", WeeklySpan(weekdays=frozenset({7})))], ["INTERVAL_INVALID"], id="an eighth day"),
        pytest.param([RateSpan("day", WeeklySpan(weekdays=frozenset()))], ["INTERVAL_INVALID"], id="on no day"),
        pytest.param([RateSpan("day", WeeklySpan(months=frozenset()))], ["INTERVAL_INVALID"], id="in no month"),
        pytest.param(
            [RateSpan("day", WeeklySpan(minute, minute + 1)) for minute in range(201)],
            ["TOO_MANY_INTERVALS"],
            id="too many",
        ),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(home: Location, spans: list[RateSpan], codes: list[str]) -> None:
    tariff = make_tariff(home)

    with pytest.raises(Refused) as refused:
        set_schedule(location=home, tariff=tariff, spans=spans, at_wall=NOW)

    assert codes_of(refused) == codes
    assert not PlaceCharge.objects.exists()


def test_a_driver_sets_everything_at_once_and_sets_it_anew(home: Location) -> None:
    spans = (RateSpan("night", NIGHT), RateSpan("day", DAY))
    winter = GridFee("winter", Decimal("0.20"), WeeklySpan(months=frozenset({1, 2})))
    set_terms(location=home, terms=OwnTerms(rates=RATES, rate_spans=spans, grid_fees=(winter,)), at_wall=NOW)
    first = PlaceTerms.objects.get().as_terms()

    spot = OwnTerms(currency="NOK", spot_fee_per_kwh=Decimal("0.05"), vat_percent=Decimal(25))
    set_terms(location=home, terms=spot, at_wall=NOW)

    assert [rate.name for rate in first.rates] == ["night", "day"]
    assert first.grid_fees[0].span.months == {1, 2}
    row = PlaceTerms.objects.get()
    assert (row.currency, row.vat_percent) == ("NOK", Decimal(25))
    assert row.as_terms().rates == row.as_terms().grid_fees == ()
    assert not Tariff.objects.exists(), "the rates of before are gone"
    assert is_woken()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"grid_fees": (GridFee("", Decimal("NaN")),)}, "PRICE_INVALID", id="a fee that is no number"),
        pytest.param(
            {"grid_fees": (GridFee("", Decimal(1), WeeklySpan(weekdays=frozenset())),)}, "INTERVAL_INVALID", id="no day"
        ),
        pytest.param({"grid_fees": (GridFee("", Decimal(1)),) * 201}, "TOO_MANY_INTERVALS", id="too many"),
    ],
)
def test_terms_that_cannot_be_change_nothing(home: Location, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        set_terms(location=home, terms=OwnTerms(**values), at_wall=NOW)

    assert codes_of(refused) == [code]
    assert not PlaceTerms.objects.exists()
    assert not is_woken()


def test_without_terms_the_market_counts_alone_again(home: Location) -> None:
    set_terms(location=home, terms=OwnTerms(rates=RATES, rate_spans=(RateSpan("day", DAY),)), at_wall=NOW)
    sleep_again()

    remove_terms(location=home, at_wall=NOW)

    assert not PlaceTerms.objects.exists()
    assert not PlaceCharge.objects.exists()
    assert not Tariff.objects.exists()
    assert is_woken()
