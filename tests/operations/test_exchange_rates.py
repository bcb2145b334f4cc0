"""A place that is paid in another currency than its market's: terms, prices, thresholds, and what already runs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from charging.core.facts import Thresholds
from charging.core.states import State
from charging.core.tariffs import PriceTerms
from charging.core.weekly_spans import WeeklySpan
from charging.models import Location, PlaceTerms
from charging.operations.exchange_rates import in_money_of, own_currency_of, rate_of_operator
from charging.operations.facts import load_facts
from charging.operations.issues import Refused
from charging.operations.last_month import last_month
from charging.operations.place_prices import prices_for
from charging.operations.planning_rows import terms_key
from charging.operations.previews import preview
from charging.operations.prices import PricePeriod
from charging.operations.tariffs import OwnTerms, RateSpan, set_terms
from tests.factories import (
    NOW,
    at,
    make_driver,
    make_location,
    make_parked_car,
    make_price_area,
    make_prices,
    make_terms,
)

pytestmark = pytest.mark.django_db

KRONER = Decimal("11.70")
IN_KRONER = OwnTerms(currency="NOK", exchange_rate=KRONER)


def make_home(**area: Any) -> Location:
    """A place whose area has published the day of NOW: 0.10 a kWh all day."""
    own = make_price_area(**area)
    make_prices(area=own, day_start=at(0, 0, day=9), prices=["0.10"] * 96)
    return make_location(driver=make_driver(), price_area=own)


def period_at(place: Location) -> PricePeriod:
    place = Location.objects.with_prices().select_related("driver").get(pk=place.pk)
    period = prices_for(location=place, driver=place.driver, start=NOW, end=NOW + timedelta(hours=1), now=NOW)
    assert period is not None
    return period


class TestTerms:
    def test_the_market_is_priced_in_the_currency_of_the_bill(self) -> None:
        place = make_home()
        make_terms(
            location=place,
            currency="NOK",
            exchange_rate=KRONER,
            vat_percent=Decimal(25),
            spot_fee_per_kwh=Decimal("0.049"),
        )

        period = period_at(place)

        assert period.currency == "NOK"
        assert {one.price_per_kwh for one in period.intervals} == {Decimal("1.5115")}
        assert {one.price_per_kwh for one in period.spot} == {Decimal("0.10")}

    def test_rates_of_ones_own_need_no_exchange_rate(self) -> None:
        place = make_home()
        make_terms(location=place, currency="NOK", rates={"all day": "1.20"})

        period = period_at(place)

        assert (period.currency, {one.price_per_kwh for one in period.intervals}) == ("NOK", {Decimal("1.20")})

    def test_without_a_rate_the_market_tells_nothing(self) -> None:
        place = make_home()
        soon = RateSpan("soon", WeeklySpan(23 * 60, 24 * 60))
        make_terms(location=place, currency="NOK", rates={"soon": "1.20"}, rate_spans=(soon,))

        period = period_at(place)

        assert {one.price_per_kwh for one in period.intervals} == {Decimal("1.20")}, (
            "never euros as if they were kroner"
        )

    def test_a_rate_holds_for_the_market_that_it_was_given_for_alone(self) -> None:
        place = make_home()
        make_terms(location=place, currency="NOK", exchange_rate=KRONER)
        pounds = make_price_area(code="XX1", name="Elsewhere", country="GB", currency="GBP")
        make_prices(area=pounds, day_start=at(0, 0, day=9), prices=["0.20"] * 96)
        Location.objects.update(price_area=pounds)

        assert period_at(place).intervals == ()

    def test_at_a_market_in_the_same_currency_the_price_stays_as_it_is(self) -> None:
        place = make_home()
        make_terms(location=place, currency="NOK", exchange_rate=KRONER)
        kroner = make_price_area(code="XX1", name="Elsewhere", country="NO", currency="NOK")
        make_prices(area=kroner, day_start=at(0, 0, day=9), prices=["1.30"] * 96)
        Location.objects.update(price_area=kroner)

        assert {one.price_per_kwh for one in period_at(place).intervals} == {Decimal("1.30")}

    @pytest.mark.parametrize("rate", ["0", "-1", "0.0000001", "1000", "NaN", "Infinity"])
    def test_a_rate_that_cannot_be_is_refused_and_nothing_is_changed(self, rate: str) -> None:
        place = make_home()

        with pytest.raises(Refused, match="EXCHANGE_RATE_INVALID"):
            set_terms(location=place, terms=OwnTerms(currency="NOK", exchange_rate=Decimal(rate)), at_wall=NOW)

        assert not PlaceTerms.objects.exists()

    @pytest.mark.parametrize(
        ("currency", "has_area"), [("", True), ("EUR", True), ("NOK", False)], ids=["unnamed", "the same", "no area"]
    )
    def test_a_rate_that_turns_nothing_is_not_kept(self, currency: str, has_area: bool) -> None:
        place = make_home()
        if not has_area:
            place.price_area = None

        row = set_terms(location=place, terms=OwnTerms(currency=currency, exchange_rate=KRONER), at_wall=NOW)

        assert (row.exchange_from, row.exchange_rate) == ("", None)

    def test_places_with_different_rates_are_not_planned_together(self) -> None:
        place = make_home()
        keys = set()
        for rate in ("11.70", "11.7000", "11.71", None):
            terms = OwnTerms(currency="NOK", exchange_rate=None if rate is None else Decimal(rate))
            set_terms(location=place, terms=terms, at_wall=NOW)
            keys.add(terms_key(period_at(place)))

        assert len(keys) == 3


@pytest.mark.parametrize(
    ("country", "currency"), [("NO", "NOK"), ("SE", "SEK"), ("DK", "DKK"), ("BG", "EUR"), ("GB", "GBP")]
)
def test_a_country_has_a_currency(country: str, currency: str) -> None:
    area = make_price_area(code="XX1", name="There", country=country, currency="EUR")

    assert own_currency_of(Location(price_area=area)) == currency
    assert own_currency_of(Location()) == ""


def test_the_operators_rates_are_of_the_euro(settings: Settings) -> None:
    settings.READYBY_EXCHANGE_RATES = {"NOK": KRONER}

    assert rate_of_operator(market_currency="EUR", currency="NOK") == KRONER
    assert rate_of_operator(market_currency="EUR", currency="SEK") is None
    assert rate_of_operator(market_currency="GBP", currency="NOK") is None


class TestThresholds:
    """0.05 EUR is to stay what it is worth."""

    @pytest.mark.parametrize(
        ("currency", "rate", "min_saving"),
        [
            ("NOK", KRONER, "0.585"),
            ("NOK", Decimal(1), "0.05"),
            ("SEK", None, "0.525"),
            ("HUF", None, "20"),
            ("USD", None, "0.05"),
        ],
        ids=["the driver's rate", "one for one", "the operator's", "a rough one", "about a euro"],
    )
    def test_they_are_in_the_currency_of_the_prices(
        self, settings: Settings, currency: str, rate: Decimal | None, min_saving: str
    ) -> None:
        settings.READYBY_EXCHANGE_RATES = {"SEK": Decimal("10.5")}
        terms = PriceTerms("Europe/Oslo", exchange_rate=rate, market_currency="EUR")
        period = PricePeriod("NO2", currency, (), (), terms=terms)

        limits = in_money_of(Thresholds(start_cost=Decimal("0.02")), period)

        assert limits.min_saving == Decimal(min_saving)
        assert limits.start_cost == Decimal(min_saving) * Decimal("0.4")

    def test_without_terms_they_stay_as_they_are(self) -> None:
        limits = Thresholds()

        assert in_money_of(limits, None) is limits
        assert in_money_of(limits, PricePeriod("NO2", "EUR", (), ())) is limits

    def test_a_car_is_judged_by_them_and_so_are_a_look_ahead_and_the_last_month(self, settings: Settings) -> None:
        vehicle = make_parked_car(state=State.CONSIDERING)
        place = Location.objects.get()
        make_prices(area=make_price_area(), day_start=at(0, 0, day=9), prices=["0.10"] * 96)
        make_terms(location=place, currency="NOK", exchange_rate=KRONER)

        facts, _period = load_facts(vehicle=vehicle, now=NOW)

        assert facts.thresholds.min_saving == Decimal("0.585")
        assert facts.thresholds.start_cost == settings.READYBY_START_COST * KRONER

    def test_a_saving_too_small_in_euros_is_too_small_in_kroner(self) -> None:
        vehicle = make_parked_car(state=State.CONSIDERING)
        place = Location.objects.get()
        prices = ["0.0400"] * 8 + ["0.0385"] * 88
        make_prices(area=make_price_area(), day_start=NOW - timedelta(minutes=4), prices=prices)
        in_euros = preview(vehicle=vehicle, now=NOW)

        make_terms(location=place, currency="NOK", exchange_rate=KRONER)
        in_kroner = preview(vehicle=vehicle, now=NOW)

        assert in_euros is not None
        assert in_kroner is not None
        saved = in_kroner.plan.cost_charged_at_once - in_kroner.plan.cost
        assert Decimal("0.05") < saved < Decimal("0.05") * KRONER
        assert (in_euros.is_worth_it, in_kroner.is_worth_it) == (False, False)
        assert in_kroner.currency == "NOK"


def test_the_last_month_is_told_in_the_currency_of_the_bill() -> None:
    vehicle = make_parked_car(state=State.CONSIDERING)
    place, policy = Location.objects.get(), vehicle.policy
    in_euros = last_month(vehicle=vehicle, location=place, policy=policy, now=NOW)

    make_terms(location=place, currency="NOK", exchange_rate=KRONER)
    in_kroner = last_month(vehicle=vehicle, location=Location.objects.get(), policy=policy, now=NOW)

    assert in_euros is not None
    assert in_kroner is not None
    assert (in_euros.currency, in_kroner.currency) == ("EUR", "NOK")
    assert in_kroner.is_spot_only
    for euros, kroner in zip(in_euros.replay.nights, in_kroner.replay.nights, strict=True):
        assert kroner.cost == pytest.approx(euros.cost * KRONER, abs=Decimal("0.001"))
        assert kroner.cost_charged_at_once == pytest.approx(euros.cost_charged_at_once * KRONER, abs=Decimal("0.001"))
