"""The prices that a plug-in is reckoned with: nothing is invented, and what is over stays as it was."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from charging.core.weekly_spans import WeeklySpan
from charging.models import PriceDocument
from charging.operations.sessions import keep_sessions
from charging.operations.tariffs import GridFee, OwnTerms, RateSpan, remove_terms, set_terms
from tests import factories
from tests.operations.plug_in_story import charge_at_night, make_planned_story, minute

pytestmark = pytest.mark.django_db

CENT = Decimal("0.0051")
TWO_RATES = OwnTerms(
    rates={"day": Decimal("0.30"), "night": Decimal("0.12")},
    rate_spans=(RateSpan("day", WeeklySpan(6 * 60, 20 * 60)), RateSpan("night", WeeklySpan(20 * 60, 6 * 60))),
    grid_fees=(GridFee("grid", Decimal("0.05")),),
)
"""The night begins at eight in Oslo, an hour after the car is plugged in."""
SPOT_AND_MORE = OwnTerms(spot_fee_per_kwh=Decimal("0.05"), vat_percent=Decimal(25))


def test_without_prices_nothing_is_invented() -> None:
    story = make_planned_story(prices=())
    area = factories.make_price_area(code="XX1", name="Nowhere", currency="EUR")
    story.vehicle.driver.locations.update(price_area=area)
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.energy_kwh == pytest.approx(11 / 6 + 5.5, abs=0.001)
    assert (session.price_area_code, session.currency) == ("XX1", "EUR")
    assert (session.cost, session.cost_charged_at_once, session.saving) == (None, None, None)
    assert session.has_all_prices is False


def test_a_price_that_is_missing_for_the_comparison_leaves_the_cost() -> None:
    story = make_planned_story()
    PriceDocument.objects.get().prices.filter(start=minute(15)).delete()
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.cost == pytest.approx(Decimal("1.2833"), abs=CENT)
    assert (session.cost_charged_at_once, session.saving, session.has_all_prices) == (None, None, False)


def test_what_a_plug_in_that_is_over_rests_on_stays_when_prices_are_corrected() -> None:
    story = make_planned_story()
    charge_at_night(story)
    story.unplug(100)
    before = story.session()

    document = PriceDocument.objects.get()
    factories.make_prices(
        area=document.area,
        day_start=minute(0),
        prices=[9.0] * 8,
        delivery_date=document.delivery_date,
        version=2,
        fetched_at=minute(110),
    )
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(120))

    assert story.session().cost == before.cost
    assert story.session().quarters == before.quarters


def test_while_it_lasts_a_plug_in_follows_corrected_prices() -> None:
    story = make_planned_story()
    story.charge((0, 15), 10.0)
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(15))
    before = story.session().cost

    factories.make_prices(
        area=PriceDocument.objects.get().area,
        day_start=minute(0),
        prices=[0.80] * 8,
        delivery_date=minute(0).date(),
        version=2,
        fetched_at=minute(16),
    )
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(17))

    assert (before, story.session().cost) == (Decimal("1.0000"), Decimal("2.0000"))


def test_sample_prices_are_named_with_their_days() -> None:
    story = make_planned_story(prices=())
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert [day.isoformat() for day in session.recorded_days()] == ["2025-12-23"]
    assert {row[-1] for row in session.quarters} == {"2025-12-23"}
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(0) + timedelta(days=40))
    assert story.session().prices_recorded_on == session.prices_recorded_on


@pytest.mark.parametrize(
    ("terms", "early", "late", "is_spot_only"),
    [
        pytest.param(TWO_RATES, "0.35", "0.17", False, id="rates and a grid fee"),
        pytest.param(SPOT_AND_MORE, "0.55", "0.175", False, id="the market's price with a fee and VAT"),
        pytest.param(OwnTerms(), "0.40", "0.10", True, id="the market's price as it is"),
    ],
)
def test_a_plug_in_at_a_place_with_a_tariff_costs_what_the_tariff_says(
    terms: OwnTerms, early: str, late: str, is_spot_only: bool
) -> None:
    story = make_planned_story()
    set_terms(location=story.home, terms=terms, at_wall=minute(-60))
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    all_kwh = Decimal(11) / 6 + Decimal("5.5")
    assert session.is_spot_only is is_spot_only
    assert session.cost == pytest.approx(Decimal(11) / 6 * Decimal(early) + Decimal("5.5") * Decimal(late), abs=CENT)
    assert session.cost_charged_at_once == pytest.approx(all_kwh * Decimal(early), abs=CENT)
    assert session.saving == pytest.approx(Decimal("5.5") * (Decimal(early) - Decimal(late)), abs=CENT)
    assert {use.price_per_kwh for use in session.as_quarters()} == {Decimal(early), Decimal(late)}


def test_without_any_market_price_the_rates_alone_tell_the_cost() -> None:
    story = make_planned_story(prices=())
    area = factories.make_price_area(code="XX1", name="Nowhere", currency="EUR")
    story.vehicle.driver.locations.update(price_area=area)
    story.home.refresh_from_db()
    set_terms(location=story.home, terms=TWO_RATES, at_wall=minute(-60))
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert (session.is_spot_only, session.has_all_prices, session.prices_recorded_on) == (False, True, [])
    assert session.cost == pytest.approx(Decimal("1.5767"), abs=CENT)


def test_a_plug_in_that_is_over_keeps_its_tariff_when_there_is_another_and_when_there_is_none() -> None:
    story = make_planned_story()
    set_terms(location=story.home, terms=TWO_RATES, at_wall=minute(-60))
    charge_at_night(story)
    story.unplug(100)
    before = story.session()

    set_terms(location=story.home, terms=SPOT_AND_MORE, at_wall=minute(110))
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(115))
    with_another = story.session()
    remove_terms(location=story.home, at_wall=minute(120))
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(125))

    for after in (with_another, story.session()):
        assert (after.cost, after.quarters, after.is_spot_only) == (before.cost, before.quarters, False)
