"""What is stored of prices, and what holds in a period."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceDay, Span, make_price_day
from charging.adapters.prices.sample import sample_intervals
from charging.core.facts import PriceInterval
from charging.core.market_time import market_day_bounds
from charging.models import Price, PriceArea, PriceDocument
from charging.operations.prices import PricePeriod, ensure_price_areas, known_areas, prices_between, store_price_day
from tests.factories import make_price_area

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 20)
TOMORROW = TODAY + timedelta(days=1)
NOON = datetime(2026, 1, 20, 11, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def make_day(
    *, day: date = TODAY, price: str = "100", minutes: int = 15, source: str = "test", area_code: str = "NO2"
) -> PriceDay:
    start, end = market_day_bounds(day)
    unit = timedelta(minutes=minutes)
    starts = [start + index * unit for index in range((end - start) // unit)]
    spans: list[Span] = [(at, at + unit, Decimal(price) + index) for index, at in enumerate(starts)]
    return make_price_day(
        area=areas()[area_code], delivery_date=day, source=source, currency="EUR", licence="a licence", spans=spans
    )


def look_up(start: datetime, end: datetime, **values: Any) -> PricePeriod:
    defaults: dict[str, Any] = {"area_code": "NO2", "is_accelerated": False, "now": NOON}
    return prices_between(start=start, end=end, **defaults | values)


def sample(start: datetime, end: datetime) -> tuple[PriceInterval, ...]:
    return tuple(interval for interval, _ in sample_intervals("NO2", start, end))


@pytest.fixture(autouse=True)
def _areas() -> None:
    ensure_price_areas()


class TestAreas:
    def test_all_known_areas_are_stored_once_however_often_it_runs(self) -> None:
        assert ensure_price_areas() == len(areas())
        assert set(PriceArea.objects.values_list("code", flat=True)) == set(areas())

    def test_a_stored_area_is_brought_up_to_date_and_keeps_its_key(self) -> None:
        before = make_price_area()
        PriceArea.objects.filter(code="NO2").update(name="Old name", timezone_name="UTC")

        ensure_price_areas()

        after = PriceArea.objects.get(code="NO2")
        assert (after.pk, after.name, after.timezone_name) == (before.pk, "South Norway", "Europe/Oslo")

    def test_an_area_of_the_operator_stays_and_is_known_with_its_market_time(self) -> None:
        make_price_area(code="ISLAND", name="An island grid", market_timezone_name="Pacific/Auckland")
        ensure_price_areas()
        assert PriceArea.objects.get(code="ISLAND").name == "An island grid"
        assert known_areas().keys() == areas().keys() | {"ISLAND"}
        assert known_areas()["ISLAND"].market_timezone_name == "Pacific/Auckland"
        assert known_areas()["NO2"] is areas()["NO2"]

    def test_the_market_time_of_each_area_is_stored(self) -> None:
        stored = dict(PriceArea.objects.values_list("code", "market_time_unit_minutes"))
        assert (stored["NO2"], stored["CH"], stored["GB-C"]) == (15, 60, 30)


class TestStoring:
    def test_a_day_becomes_a_document_with_all_its_prices(self) -> None:
        document = store_price_day(day=make_day(), now=NOON)

        assert document is not None
        assert (document.area.code, document.delivery_date, document.source) == ("NO2", TODAY, "test")
        assert (document.version, document.market_time_unit_minutes, document.currency) == (1, 15, "EUR")
        assert (document.licence, document.fetched_at) == ("a licence", NOON)
        stored = list(document.prices.order_by("start").values_list("start", "end", "price_per_kwh"))
        assert stored == [(row.start, row.end, row.price_per_kwh) for row in make_day().intervals]

    def test_the_same_again_is_not_stored_again(self) -> None:
        store_price_day(day=make_day(), now=NOON)
        assert store_price_day(day=make_day(), now=NOON + HOUR) is None
        assert PriceDocument.objects.count() == 1

    def test_a_correction_is_a_new_version_and_the_old_one_stays(self) -> None:
        first = store_price_day(day=make_day(price="100"), now=NOON)
        second = store_price_day(day=make_day(price="200"), now=NOON + HOUR)

        assert first is not None
        assert second is not None
        assert (first.version, second.version) == (1, 2)
        assert first.prices.order_by("start")[0].price_per_kwh == Decimal("0.1")

    def test_going_back_to_an_earlier_version_is_a_change_too(self) -> None:
        for price in ("100", "200", "100"):
            store_price_day(day=make_day(price=price), now=NOON)
        assert PriceDocument.objects.count() == 3

    def test_another_market_time_unit_is_a_change(self) -> None:
        store_price_day(day=make_day(minutes=60), now=NOON)
        document = store_price_day(day=make_day(minutes=15), now=NOON)
        assert document is not None
        assert document.version == 2

    def test_sources_days_and_areas_have_versions_of_their_own(self) -> None:
        days = [make_day(), make_day(source="other"), make_day(day=TOMORROW), make_day(area_code="SE4")]
        documents = [store_price_day(day=day, now=NOON) for day in days]
        assert [document.version for document in documents if document] == [1, 1, 1, 1]

    def test_an_area_that_is_not_stored_is_refused(self) -> None:
        PriceArea.objects.filter(code="NO2").delete()
        with pytest.raises(PriceArea.DoesNotExist):
            store_price_day(day=make_day(), now=NOON)
        assert Price.objects.count() == 0


class TestPublishedPrices:
    def test_they_are_given_for_the_period_asked_in_time_order(self) -> None:
        day = make_day()
        store_price_day(day=day, now=NOON)

        period = look_up(NOON + timedelta(minutes=5), NOON + HOUR)

        assert period.intervals == day.intervals[48:52]
        assert (period.area_code, period.currency, period.is_sample) == ("NO2", "EUR", False)
        assert period.recorded_on == (None,) * 4
        assert period.recorded_between(NOON, NOON + DAY) == ()

    def test_hours_are_given_as_quarters(self) -> None:
        store_price_day(day=make_day(minutes=60), now=NOON)
        period = look_up(NOON + timedelta(minutes=20), NOON + timedelta(minutes=70))
        assert [interval.start for interval in period.intervals] == [NOON + n * QUARTER for n in (1, 2, 3, 4)]
        assert [interval.price_per_kwh for interval in period.intervals] == [
            Decimal(n) / 1000 for n in (112,) * 3 + (113,)
        ]

    def test_the_newest_version_counts(self) -> None:
        store_price_day(day=make_day(price="100"), now=NOON)
        store_price_day(day=make_day(price="300"), now=NOON)
        assert look_up(NOON, NOON + QUARTER).intervals[0].price_per_kwh == Decimal("0.348")

    def test_a_return_to_hours_replaces_the_quarters_between(self) -> None:
        for price, minutes in (("100", 60), ("500", 15), ("300", 60)):
            store_price_day(day=make_day(price=price, minutes=minutes), now=NOON)
        assert {one.price_per_kwh for one in look_up(NOON, NOON + HOUR).intervals} == {Decimal("0.312")}

    def test_of_several_sources_the_first_in_the_order_counts_whenever_it_came(self) -> None:
        for hours, source in enumerate(("nord-pool", "energy-charts", "entsoe")):
            day = make_day(price=str(100 * hours), source=source)
            store_price_day(day=day, now=NOON + hours * HOUR)
        assert look_up(NOON, NOON + QUARTER).intervals[0].price_per_kwh == Decimal("0.048")

    def test_what_was_loaded_by_hand_counts_before_all_sources(self) -> None:
        store_price_day(day=make_day(price="300", source="my own file"), now=NOON)
        store_price_day(day=make_day(price="100", source="nord-pool"), now=NOON + HOUR)
        assert look_up(NOON, NOON + QUARTER).intervals[0].price_per_kwh == Decimal("0.348")

    def test_hours_and_quarters_of_one_day_are_given_as_quarters(self) -> None:
        start, end = market_day_bounds(TODAY)
        quarters: list[Span] = [(start + n * QUARTER, start + (n + 1) * QUARTER, Decimal(n)) for n in range(48)]
        hours: list[Span] = [(start + n * HOUR, start + (n + 1) * HOUR, Decimal(n)) for n in range(12, 24)]
        day = make_price_day(
            area=areas()["NO2"], delivery_date=TODAY, source="test", currency="EUR", spans=quarters + hours
        )
        document = store_price_day(day=day, now=NOON)
        period = look_up(start, end)
        assert document is not None
        assert document.market_time_unit_minutes == 15
        assert len(period.intervals) == 96
        assert [row.price_per_kwh for row in period.intervals[46:53]] == [
            Decimal(n) / 1000 for n in (46, 47, 12, 12, 12, 12, 13)
        ]

    def test_of_several_files_the_one_loaded_last_counts(self) -> None:
        store_price_day(day=make_day(price="300", source="late"), now=NOON + HOUR)
        store_price_day(day=make_day(price="100", source="early"), now=NOON)
        assert look_up(NOON, NOON + QUARTER).intervals[0].price_per_kwh == Decimal("0.348")

    def test_a_document_in_another_currency_than_the_area_is_left_out(self) -> None:
        store_price_day(day=make_day(), now=NOON)
        PriceDocument.objects.update(currency="SEK")
        assert not any(day is None for day in look_up(NOON, NOON + DAY).recorded_on)

    def test_an_area_of_the_operator_has_its_own_currency(self) -> None:
        make_price_area(code="ISLAND", name="An island grid", currency="NOK")
        assert look_up(NOON, NOON + HOUR, area_code="ISLAND").currency == "NOK"

    def test_prices_of_another_area_do_not_count(self) -> None:
        store_price_day(day=make_day(area_code="NO1"), now=NOON)
        assert look_up(NOON, NOON + HOUR, area_code="NO5").intervals == ()

    @pytest.mark.parametrize(
        ("day", "count"),
        [
            pytest.param(date(2026, 3, 29), 92, id="the spring day has 92 quarters"),
            pytest.param(date(2026, 10, 25), 100, id="the autumn day has 100 quarters"),
        ],
    )
    def test_days_that_change_the_clock_are_whole(self, day: date, count: int) -> None:
        store_price_day(day=make_day(day=day), now=NOON)
        start, end = market_day_bounds(day)
        assert len(look_up(start, end, now=start).intervals) == count

    def test_it_takes_one_query_however_many_days(self, django_assert_num_queries: Any) -> None:
        for offset in range(5):
            store_price_day(day=make_day(day=TODAY - offset * DAY), now=NOON)
        with django_assert_num_queries(1):
            period = look_up(NOON - 4 * DAY, NOON + HOUR)
        assert len(period.intervals) == 4 * 96 + 4


class TestSample:
    def test_it_stands_in_where_nothing_is_published_and_tells_when_it_was_recorded(self) -> None:
        period = look_up(NOON, NOON + DAY)

        assert period.intervals == sample(NOON, NOON + DAY)
        assert period.is_sample
        # Tuesday of ISO week 4 (4 modulo 4 = 0): Tuesday and Wednesday of the first recorded week.
        assert period.recorded_between(NOON, NOON + DAY) == (date(2025, 12, 2), date(2025, 12, 3))
        assert period.recorded_between(NOON, NOON + QUARTER) == (date(2025, 12, 2),)

    def test_published_prices_of_long_ago_replace_it_quarter_by_quarter(self) -> None:
        old = make_day(day=TODAY - 5 * DAY)
        store_price_day(day=old, now=NOON)
        start, end = market_day_bounds(old.delivery_date)

        period = look_up(start - HOUR, end + HOUR)

        assert period.intervals == (*sample(start - HOUR, start), *old.intervals, *sample(end, end + HOUR))
        assert [day is None for day in period.recorded_on] == [False] * 4 + [True] * 96 + [False] * 4

    def test_it_never_continues_fresh_published_prices(self) -> None:
        today = make_day()
        store_price_day(day=today, now=NOON)

        period = look_up(NOON, NOON + 2 * DAY)

        assert period.intervals == today.intervals[48:]
        assert not period.is_sample

    def test_accelerated_clocks_get_nothing_else_without_any_query(self, django_assert_num_queries: Any) -> None:
        store_price_day(day=make_day(), now=NOON)
        with django_assert_num_queries(0):
            period = look_up(NOON, NOON + DAY, is_accelerated=True)
        assert period.intervals == sample(NOON, NOON + DAY)

    def test_it_reaches_14_days_ahead(self) -> None:
        period = look_up(NOON, NOON + 30 * DAY)
        assert period.intervals[-1].end == NOON + 14 * DAY

    def test_it_does_not_stand_in_where_it_is_not_allowed(self) -> None:
        assert look_up(NOON, NOON + DAY, allows_sample=False).intervals == ()

    @pytest.mark.parametrize("is_accelerated", [True, False], ids=["accelerated", "normal"])
    def test_other_areas_have_none(self, is_accelerated: bool) -> None:
        assert look_up(NOON, NOON + DAY, area_code="NO1", is_accelerated=is_accelerated).intervals == ()

    def test_a_period_in_the_past_that_is_empty_has_no_prices(self) -> None:
        assert look_up(NOON, NOON).intervals == ()
