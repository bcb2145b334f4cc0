"""Prices in another currency than the market's, and what that does to thresholds and to a plan that runs."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core import planning
from charging.core.facts import Thresholds
from charging.core.states import State
from charging.core.tariffs import Charge, PriceTerms
from charging.core.weekly_spans import WeeklySpan
from tests.core.make import HOUR, NOW, make_facts, make_plan, make_prices
from tests.core.test_planning_costs import need_in
from tests.core.test_tariffs import EVENING, NIGHT, OSLO, parts, spot

KRONER = Decimal("11.70")


def test_the_markets_price_is_turned_into_the_bills_currency_before_tax_and_fees() -> None:
    terms = PriceTerms(
        OSLO,
        grid_fees=(Charge("grid", Decimal("0.30"), WeeklySpan()),),
        spot_fee_per_kwh=Decimal("0.049"),
        vat_percent=Decimal(25),
        exchange_rate=KRONER,
        market_currency="EUR",
    )

    [found] = parts(terms, spot(EVENING, "0.10"), quarters=1)

    assert (found.market_price, found.energy, found.vat) == (Decimal("0.10"), Decimal("1.17"), Decimal("0.2925"))
    assert (found.supplier_fee, found.grid_fee) == (Decimal("0.049"), Decimal("0.30"))
    assert found.price_per_kwh == Decimal("1.8115")
    assert not terms.is_spot_only


def test_a_price_in_another_currency_is_still_the_markets_alone() -> None:
    terms = PriceTerms(OSLO, exchange_rate=KRONER, market_currency="EUR")

    [found] = parts(terms, spot(EVENING, "0.12345"), quarters=1)

    assert found.price_per_kwh == Decimal("1.44436"), "a half is rounded to the even step of 1e-5"
    assert terms.is_spot_only


def test_without_an_exchange_rate_only_rates_of_ones_own_tell_a_price() -> None:
    terms = PriceTerms(OSLO, rates=(Charge("night", Decimal(1), NIGHT),), exchange_rate=None, market_currency="EUR")

    found = parts(terms, spot(EVENING, "0.1", "0.1"), quarters=2)

    assert [(one.start, one.price_per_kwh) for one in found] == [(EVENING + timedelta(minutes=15), Decimal(1))]


def test_only_what_is_money_grows_with_the_rate() -> None:
    limits = Thresholds(start_cost=Decimal("0.02"))

    in_kroner = limits.times(KRONER)

    assert (in_kroner.min_saving, in_kroner.start_cost) == (Decimal("0.585"), Decimal("0.234"))
    assert replace(in_kroner, min_saving=limits.min_saving, start_cost=limits.start_cost) == limits


@given(
    evening=st.integers(-50, 400), night=st.integers(-50, 400), cents=st.integers(0, 30), rate=st.sampled_from((4, 12))
)
def test_a_plan_is_the_same_in_every_currency(evening: int, night: int, cents: int, rate: int) -> None:
    """Whole rates, so that no price is rounded: what is worth it, and when, does not depend on the money."""
    dear, cheap = evening / 1000, night / 1000
    in_euros = make_facts(
        State.CONSIDERING,
        prices=make_prices(((4, dear), (4, cheap), (7, dear))),
        thresholds=Thresholds(start_cost=Decimal(cents) / 100),
    )
    in_others = replace(
        in_euros,
        prices=tuple(replace(one, price_per_kwh=Decimal(str(one.price_per_kwh)) * rate) for one in in_euros.prices),
        thresholds=in_euros.thresholds.times(Decimal(rate)),
    )

    plans = [planning.make_plan(facts, need_in(facts), NOW, is_charging=True) for facts in (in_euros, in_others)]

    euros, others = plans
    assert euros is not None
    assert others is not None
    assert [(one.start, one.end) for one in euros.windows] == [(one.start, one.end) for one in others.windows]
    assert others.cost == pytest.approx(euros.cost * rate)
    assert planning.is_worth_it(euros, in_euros, NOW) is planning.is_worth_it(others, in_others, NOW)


def test_a_running_plan_is_told_anew_in_all_its_sums() -> None:
    running = make_plan(((0.0, 1.0), (4.0, 5.0)), energy_kwh=20.0)

    told = planning.in_other_money(running, make_prices(((5, 1.0), (10, 2.0))))

    assert [one.cost for one in told.windows] == [Decimal("7.2"), Decimal("14.4")]
    assert told.smart_cost == Decimal("21.6")
    assert told.non_smart_cost == pytest.approx(Decimal(20)), "at once it would have been over in three hours"
    sums = ("windows", "smart_cost", "non_smart_cost")
    assert replace(told, **{name: getattr(running, name) for name in sums}) == running


def test_a_plan_whose_prices_are_not_all_known_has_no_cost_in_any_currency() -> None:
    told = planning.in_other_money(make_plan(), make_prices(known_until=NOW + HOUR))

    assert told.smart_cost is None


def test_a_plan_without_hours_costs_nothing_in_any_currency() -> None:
    told = planning.in_other_money(replace(make_plan(((0.0, 1.0),)), windows=()), make_prices())

    assert (told.windows, told.non_smart_cost) == ((), Decimal(0))
