"""A whole and believable day is doubtful where others are stored that say otherwise, or just the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay, Span, make_price_day
from charging.operations.price_doubts import refuse_repeated_day, tell_disagreement
from charging.operations.prices import ensure_price_areas, store_price_day

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 1, 20)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _areas() -> None:
    ensure_price_areas()


def make_day(
    *, day: date = TODAY, source: str = "entsoe", rise: str = "1", level: str = "50", minutes: int = 15
) -> PriceDay:
    start, end = areas()["NO2"].day_bounds(day)
    unit = timedelta(minutes=minutes)
    starts = [start + number * unit for number in range((end - start) // unit)]
    spans: list[Span] = [
        (at, at + unit, Decimal(level) + Decimal(rise) * ((at - start) // timedelta(hours=1))) for at in starts
    ]
    return make_price_day(area=areas()["NO2"], delivery_date=day, source=source, currency="EUR", spans=spans)


def store(**values: object) -> None:
    store_price_day(day=make_day(**values), now=NOW)  # type: ignore[arg-type]


class TestRepeatedDay:
    def test_exactly_the_prices_of_the_day_before_are_not_believed(self) -> None:
        store(day=TODAY - DAY, source="nord-pool")
        with pytest.raises(PriceAnswerError, match="same as the day before"):
            refuse_repeated_day(day=make_day())

    def test_the_newest_version_of_the_day_before_counts(self) -> None:
        store(day=TODAY - DAY)
        store(day=TODAY - DAY, level="51")
        refuse_repeated_day(day=make_day())

    def test_a_price_that_never_changes_may_repeat(self) -> None:
        store(day=TODAY - DAY, rise="0")
        refuse_repeated_day(day=make_day(rise="0"))

    def test_without_a_day_before_nothing_repeats(self) -> None:
        store(day=TODAY - 2 * DAY)
        refuse_repeated_day(day=make_day())


class TestDisagreement:
    def test_another_source_with_other_prices_is_named_and_logged(self) -> None:
        store(source="entsoe")
        store(source="energy-charts", level="50.05")

        with capture_logs() as logs:
            assert tell_disagreement(day=make_day(source="nord-pool")) == ("energy-charts",)

        assert [(log["price_area"], log["sources"], log["difference"]) for log in logs] == [
            ("NO2", ["nord-pool", "energy-charts"], "0.00005")
        ]

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            pytest.param({"level": "50.01"}, "rounding", id="a hundredth per MWh is rounding"),
            pytest.param({"minutes": 60}, "hours", id="hours may stand for the mean of their quarters"),
            pytest.param({"day": TODAY - DAY, "level": "99"}, "day", id="another day is another day"),
        ],
    )
    def test_what_is_no_disagreement_is_not_told(self, values: dict[str, object], why: str) -> None:
        store(source="energy-charts", **values)
        assert tell_disagreement(day=make_day(source="nord-pool")) == ()

    def test_a_correction_of_its_own_is_no_disagreement(self) -> None:
        store(source="entsoe", level="99")
        assert tell_disagreement(day=make_day(source="entsoe")) == ()

    def test_the_newest_version_of_the_other_counts(self) -> None:
        store(source="energy-charts", level="99")
        store(source="energy-charts")
        assert tell_disagreement(day=make_day(source="nord-pool")) == ()
