"""What energy costs at a place: the market's prices on the driver's terms, known and estimated."""

from datetime import timedelta
from decimal import Decimal

import pytest

from charging.core.states import State
from charging.core.weekly_spans import WeeklySpan
from charging.models import Location
from charging.operations.facts import load_facts
from charging.operations.place_prices import known_and_estimated, prices_for
from charging.operations.prices import PricePeriod
from charging.operations.tariffs import GridFee, RateSpan
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

MIDNIGHT = at(0, 0, day=9)
WORKING_NIGHT = WeeklySpan(22 * 60, 6 * 60)


def make_home(**values: object) -> Location:
    """A place whose area has published the day of NOW: 0.10 a kWh all day."""
    area = make_price_area()
    make_prices(area=area, day_start=MIDNIGHT, prices=["0.10"] * 96)
    return make_location(driver=make_driver(), **{"price_area": area} | values)


def period_at(place: Location, *, hours: int = 2) -> PricePeriod:
    place = Location.objects.with_prices().select_related("driver").get(pk=place.pk)
    found = prices_for(location=place, driver=place.driver, start=NOW, end=NOW + timedelta(hours=hours), now=NOW)
    assert found is not None
    return found


def test_without_terms_the_markets_prices_count() -> None:
    period = period_at(make_home())

    assert {interval.price_per_kwh for interval in period.intervals} == {Decimal("0.10")}
    assert (period.currency, period.terms, period.parts) == ("EUR", None, ())


def test_terms_change_every_price_and_the_parts_say_how() -> None:
    place = make_home()
    make_terms(location=place, vat_percent=Decimal(25), spot_fee_per_kwh=Decimal("0.02"))

    period = period_at(place)

    assert {interval.price_per_kwh for interval in period.intervals} == {Decimal("0.145")}
    assert [part.start for part in period.parts] == [interval.start for interval in period.intervals]
    assert {interval.price_per_kwh for interval in period.spot} == {Decimal("0.10")}


def test_a_place_without_an_area_has_prices_by_its_rates_alone() -> None:
    place = make_location(driver=make_driver(), price_area=None)
    none = prices_for(location=place, driver=place.driver, start=NOW, end=NOW, now=NOW)
    make_terms(location=place, rates={"all day": "0.25"}, currency="GBP")

    period = period_at(place)

    assert none is None
    assert (period.area_code, period.currency) == ("", "GBP")
    assert {interval.price_per_kwh for interval in period.intervals} == {Decimal("0.25")}
    assert period.intervals[-1].end >= NOW + timedelta(hours=2), "rates are known ahead"


def test_the_currency_of_an_area_is_kept_unless_the_driver_names_another() -> None:
    place = make_home()
    make_terms(location=place, rates={"all day": "0.25"})

    assert period_at(place).currency == "EUR"


def test_what_a_rate_covers_rests_on_no_recorded_price() -> None:
    place = make_location(driver=make_driver(), price_area=make_price_area())
    make_terms(location=place, rates={"night": "0.25"}, rate_spans=(RateSpan("night", WORKING_NIGHT),))

    period = period_at(place)

    by_rate = {part.rate: day for part, day in zip(period.parts, period.recorded_on, strict=True)}
    assert by_rate["night"] is None
    assert by_rate[""] is not None, "the sample of the area by day"


def test_estimates_are_made_of_the_market_and_then_priced_on_the_terms() -> None:
    place = make_home()
    winter = GridFee("tomorrow", Decimal("0.50"), WeeklySpan(weekdays=frozenset({2})))
    make_terms(location=place, vat_percent=Decimal(100), grid_fees=(winter,))
    period = period_at(place, hours=9)

    both = known_and_estimated(period, NOW, at(6), place)

    known = [interval for interval in both if not interval.is_estimate]
    estimated = [interval for interval in both if interval.is_estimate]
    assert {interval.price_per_kwh for interval in known} == {Decimal("0.20")}
    assert {interval.price_per_kwh for interval in estimated} == {Decimal("0.704")}, (
        "0.102 twice, and the fee of Wednesday"
    )
    assert both[-1].end == at(6)


def test_what_rates_cover_needs_no_estimate() -> None:
    place = make_home()
    make_terms(location=place, rates={"night": "0.25"}, rate_spans=(RateSpan("night", WORKING_NIGHT),))
    period = period_at(place, hours=9)

    both = known_and_estimated(period, at(22, 30, day=9), at(6), place)

    assert not any(interval.is_estimate for interval in both)
    assert {interval.price_per_kwh for interval in both if interval.end <= at(6)} == {Decimal("0.25")}
    assert len({interval.start for interval in both}) == len(both)


def test_a_car_is_planned_at_what_its_driver_pays() -> None:
    vehicle = make_parked_car(state=State.CONSIDERING)
    make_prices(area=make_price_area(), day_start=at(0, 0, day=9), prices=["0.10"] * 96)
    cheap = RateSpan("three to five", WeeklySpan(3 * 60, 5 * 60))
    make_terms(location=Location.objects.get(), rates={"three to five": "0.01"}, rate_spans=(cheap,))

    facts, _period = load_facts(vehicle=vehicle, now=NOW)

    cheapest = [price for price in facts.prices if price.price_per_kwh == Decimal("0.01")]
    assert (cheapest[0].start, cheapest[-1].end) == (at(3), at(5))
