"""What a kilowatt-hour costs, everything included, and of what it is made."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.facts import PriceInterval
from charging.core.tariffs import Charge, PriceParts, PriceTerms, price_parts
from charging.core.weekly_spans import WeeklySpan

OSLO = "Europe/Oslo"
QUARTER = timedelta(minutes=15)
NIGHT = WeeklySpan(22 * 60, 6 * 60)
EVENING = datetime(2026, 1, 12, 20, 45, tzinfo=UTC)
"""21:45 in Oslo, a Monday in winter."""


def spot(start: datetime, *prices: str, is_estimate: bool = False) -> list[PriceInterval]:
    return [
        PriceInterval(start + n * QUARTER, start + (n + 1) * QUARTER, Decimal(price), is_estimate)
        for n, price in enumerate(prices)
    ]


def parts(
    terms: PriceTerms, market: list[PriceInterval], *, quarters: int, start: datetime = EVENING
) -> list[PriceParts]:
    return list(price_parts(terms, market, start=start, end=start + quarters * QUARTER))


def test_without_terms_the_price_is_the_markets() -> None:
    terms = PriceTerms(OSLO)

    found = parts(terms, spot(EVENING, "0.10", "-0.02"), quarters=2)

    assert terms.is_spot_only
    assert [one.as_interval() for one in found] == spot(EVENING, "0.10", "-0.02")


def test_tax_factor_and_fees_come_on_top_of_the_market() -> None:
    terms = PriceTerms(
        OSLO,
        grid_fees=(Charge("night", Decimal("0.30"), NIGHT), Charge("else", Decimal("0.50"), WeeklySpan())),
        spot_factor=Decimal("1.1"),
        spot_fee_per_kwh=Decimal("0.04"),
        vat_percent=Decimal(25),
    )

    by_day, by_night = parts(terms, spot(EVENING, "1.00", "2.00"), quarters=2)

    assert not terms.is_spot_only
    assert (by_day.market_price, by_day.energy, by_day.vat) == (Decimal(1), Decimal("1.1"), Decimal("0.275"))
    assert (by_day.supplier_fee, by_day.grid_fee) == (Decimal("0.04"), Decimal("0.50"))
    assert by_day.price_per_kwh == Decimal("1.915")
    assert by_night.price_per_kwh == Decimal("2.2") * Decimal("1.25") + Decimal("0.04") + Decimal("0.30")


def test_a_negative_market_price_stays_negative_and_is_taxed_alike() -> None:
    terms = PriceTerms(OSLO, vat_percent=Decimal(25), spot_fee_per_kwh=Decimal("0.01"))

    (found,) = parts(terms, spot(EVENING, "-0.10"), quarters=1)

    assert found.price_per_kwh == Decimal("-0.115")


def test_a_rate_wins_over_the_market_and_needs_none() -> None:
    terms = PriceTerms(
        OSLO,
        rates=(Charge("night", Decimal("0.80"), NIGHT),),
        grid_fees=(Charge("", Decimal("0.20"), WeeklySpan()),),
        vat_percent=Decimal(25),
        spot_fee_per_kwh=Decimal("0.04"),
    )

    unpriced = parts(terms, [], quarters=2)
    before, night = parts(terms, spot(EVENING, "1.00", "9.00"), quarters=2)

    assert [one.start for one in unpriced] == [EVENING + QUARTER], "by day there is neither rate nor market price"
    assert (before.rate, before.price_per_kwh) == ("", Decimal("1.49"))
    assert (night.rate, night.market_price, night.price_per_kwh) == ("night", None, Decimal("1.00"))


def test_a_rate_that_begins_within_a_quarter_counts_by_its_share() -> None:
    terms = PriceTerms(
        OSLO, rates=(Charge("late", Decimal("4.00"), WeeklySpan(21 * 60 + 50, 22 * 60)),), spot_fee_per_kwh=Decimal(3)
    )

    (found,) = parts(terms, spot(EVENING, "1.00"), quarters=1)
    alone = parts(terms, [], quarters=1)

    assert found.price_per_kwh == (5 * (Decimal(1) + 3) + 10 * Decimal(4)) / 15
    assert found.market_price == Decimal(1)
    assert alone == [], "a third of the quarter has no price"


def test_an_estimate_stays_one_unless_a_rate_replaces_it() -> None:
    terms = PriceTerms(OSLO, rates=(Charge("night", Decimal("0.80"), NIGHT),))

    before, night = parts(terms, spot(EVENING, "1.00", "1.00", is_estimate=True), quarters=2)

    assert before.is_estimate
    assert before.as_interval().is_estimate
    assert not night.is_estimate


@pytest.mark.parametrize(
    ("midnight", "quarters", "nights"),
    [
        pytest.param(datetime(2026, 3, 28, 23, tzinfo=UTC), 92, 20 + 8, id="23 hours"),
        pytest.param(datetime(2026, 3, 29, 22, tzinfo=UTC), 96, 24 + 8, id="24 hours"),
        pytest.param(datetime(2026, 10, 24, 22, tzinfo=UTC), 100, 28 + 8, id="25 hours"),
    ],
)
def test_rates_follow_the_clock_on_the_wall(midnight: datetime, quarters: int, nights: int) -> None:
    terms = PriceTerms(OSLO, rates=(Charge("night", Decimal(1), NIGHT), Charge("day", Decimal(2), WeeklySpan())))

    found = parts(terms, [], quarters=quarters, start=midnight)

    assert [one.rate for one in found].count("night") == nights
    assert len(found) == quarters


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        parts(PriceTerms("Europe/Atlantis"), [], quarters=1)


@given(
    price=st.decimals(-5, 5, places=5),
    factor=st.decimals(0, 2, places=2),
    vat=st.decimals(0, 30, places=1),
    fee=st.decimals(-1, 1, places=4),
    grid=st.decimals(-1, 1, places=4),
)
def test_a_price_is_the_sum_of_its_parts(
    price: Decimal, factor: Decimal, vat: Decimal, fee: Decimal, grid: Decimal
) -> None:
    terms = PriceTerms(
        OSLO,
        grid_fees=(Charge("", grid, WeeklySpan()),),
        spot_factor=factor,
        spot_fee_per_kwh=fee,
        vat_percent=vat,
    )

    (found,) = parts(terms, spot(EVENING, str(price)), quarters=1)

    exact = price * factor * (1 + vat / 100) + fee + grid
    assert abs(found.price_per_kwh - exact) <= Decimal("0.000005")
