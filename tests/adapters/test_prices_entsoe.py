"""Documents of ENTSO-E, captured and made: curves with gaps, several auctions, acknowledgements, dangerous XML."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from charging.adapters.prices import entsoe, xml_answer
from charging.adapters.prices.areas import areas
from charging.adapters.prices.price_day import PriceAnswerError, PriceDay
from tests.feeds.answers import make_acknowledgement, make_day, make_document, make_series, write

CAPTURED = Path(__file__).parent.parent / "feeds" / "captured"
DATE = date(2026, 1, 20)
START, END = areas()["DE-LU"].day_bounds(DATE)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def parse(content: bytes, *, area_code: str = "DE-LU", day: date = DATE) -> PriceDay:
    return entsoe.parse(content, areas()[area_code], day)


def captured(name: str, *, area_code: str, day: date) -> PriceDay:
    return parse((CAPTURED / name).read_bytes(), area_code=area_code, day=day)


def make_period(
    *points: tuple[object, object], start: datetime = START, end: datetime = END, resolution: str = "PT60M"
) -> str:
    texts = [
        f"<Point><position>{number}</position><price.amount>{price}</price.amount></Point>" for number, price in points
    ]
    span = f"<start>{start:%Y-%m-%dT%H:%MZ}</start><end>{end:%Y-%m-%dT%H:%MZ}</end>"
    return f"<Period><timeInterval>{span}</timeInterval><resolution>{resolution}</resolution>{''.join(texts)}</Period>"


def all_hours(price: object = 40) -> list[tuple[object, object]]:
    return [(number, price) for number in range(1, 25)]


class TestCaptured:
    @pytest.mark.parametrize(
        ("name", "area_code", "day", "count", "first", "last"),
        [
            ("A44_NL_2024-09-02.xml", "NL", date(2024, 9, 2), 24, "0.09124", "0.104"),
            ("A44_AT_2024-07-28.xml", "AT", date(2024, 7, 28), 24, "0.09544", "0.08123"),
            ("BE_60M.xml", "BE", date(2024, 10, 8), 24, "0.06498", "0.05"),
            ("BE_60M_15M_mix.xml", "BE", date(2024, 10, 6), 96, "0.05535", "0.05233"),
            ("BE_60M_15M_mix.xml", "BE", date(2024, 10, 7), 96, "0.03458", "0.07718"),
            ("BE_60M_15M_mix.xml", "BE", date(2024, 10, 8), 24, "0.06498", "0.05"),
        ],
    )
    def test_a_day_is_read(self, name: str, area_code: str, day: date, count: int, first: str, last: str) -> None:
        taken = captured(name, area_code=area_code, day=day)

        assert len(taken.intervals) == count
        assert (taken.intervals[0].start, taken.intervals[-1].end) == areas()[area_code].day_bounds(day)
        assert taken.intervals[0].price_per_kwh == Decimal(first)
        assert taken.intervals[-1].price_per_kwh == Decimal(last)

    def test_a_repeat_that_is_left_out_is_the_price_before_it(self) -> None:
        day = captured("BE_60M_15M_mix.xml", area_code="BE", day=date(2024, 10, 6))

        # The document names positions 1, 5, 9: each price holds for an hour of four quarters.
        assert [row.price_per_kwh for row in day.intervals[:9]] == [
            *[Decimal("0.05535")] * 4,
            *[Decimal("0.04422")] * 4,
            Decimal("0.04032"),
        ]

    @pytest.mark.parametrize("day", [date(2024, 10, 6), date(2024, 10, 7)])
    def test_of_two_series_the_one_with_the_lower_position_counts(self, day: date) -> None:
        taken = captured("DE_60M_15M_overlap.xml", area_code="DE-LU", day=day)

        assert taken.market_time_unit == HOUR
        assert len(taken.intervals) == 24

    @pytest.mark.parametrize(
        ("name", "day", "reason"),
        [
            ("BE_15M_exact4.xml", date(2024, 10, 6), "incomplete day"),
            ("BE_15M_avg.xml", date(2024, 10, 6), "times out of order or doubled"),
            ("acknowledgement_999_no_matching_data_2016.xml", date(2016, 3, 30), "not published"),
            ("acknowledgement_999_2026.xml", date(2026, 5, 8), "not published"),
            ("BE_60M.xml", date(2024, 10, 9), "not published"),
        ],
    )
    def test_what_is_no_whole_day_is_refused(self, name: str, day: date, reason: str) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            captured(name, area_code="BE", day=day)
        assert refusal.value.reason == reason

    def test_a_document_of_another_area_is_refused(self) -> None:
        with pytest.raises(PriceAnswerError, match="wrong area: 10YBE----------2"):
            captured("BE_60M.xml", area_code="NL", day=date(2024, 10, 8))


class TestCurves:
    def test_the_last_price_holds_to_the_end_of_the_period(self) -> None:
        day = parse(make_document(make_series(make_period((1, 10), (3, 30)))))

        prices = [row.price_per_kwh for row in day.intervals]
        assert prices == [Decimal("0.01")] * 2 + [Decimal("0.03")] * 22

    def test_a_curve_of_all_points_may_leave_none_out(self) -> None:
        whole = make_series(make_period(*all_hours()), curve="A01")
        assert len(parse(make_document(whole)).intervals) == 24

        with pytest.raises(PriceAnswerError, match="incomplete day: 23 of 24 positions"):
            parse(make_document(make_series(make_period(*all_hours()[:-1]), curve="A01")))

    def test_quarters_and_hours_may_meet_in_one_day(self) -> None:
        noon = START + 12 * HOUR
        morning = make_period((1, 10), end=noon, resolution="PT15M")
        evening = make_period((1, 20), start=noon)

        day = parse(make_document(make_series(morning + evening)))

        assert day.market_time_unit == QUARTER
        assert [row.end - row.start for row in day.intervals] == [QUARTER] * 48 + [HOUR] * 12

    @pytest.mark.parametrize(
        ("day", "count"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)], ids=["spring", "autumn"]
    )
    def test_days_of_23_and_25_hours_are_whole(self, day: date, count: int) -> None:
        assert len(parse(write("entsoe", make_day("DE-LU", day)), day=day).intervals) == count

    @pytest.mark.parametrize(
        ("period", "reason"),
        [
            pytest.param(make_period(), "incomplete day", id="no point"),
            pytest.param(make_period((2, 10)), "incomplete day", id="the first point missing"),
            pytest.param(make_period((1, 10), (25, 10)), "incomplete day", id="a point beyond the end"),
            pytest.param(make_period((1, 10), (0, 10)), "times out of order or doubled", id="position zero"),
            pytest.param(make_period((1, 10), (1, 11)), "times out of order or doubled", id="a position twice"),
            pytest.param(make_period(("x", 10)), "a position is no number", id="text as a position"),
            pytest.param(make_period((1, "1e5")), "a price is no number", id="an exponent"),
            pytest.param(make_period((1, "NaN")), "a price is no number", id="NaN"),
            pytest.param(make_period((1, "")), "a price is no number", id="nothing as a price"),
            pytest.param(make_period((1, 10), resolution="P1D"), "unknown market time unit", id="a day as unit"),
            pytest.param(make_period((1, 10), end=START), "a period of no whole number of units", id="an empty period"),
            pytest.param(
                make_period((1, 10), end=START + 50 * QUARTER),
                "a period of no whole number of units",
                id="half an hour",
            ),
            pytest.param(
                make_period((1, 10), end=START + timedelta(days=4000)),
                "a period of no whole number of units",
                id="ten years",
            ),
            pytest.param(
                make_period((1, 10)).replace("Z</start>", "</start>"), "a time is not as it should be", id="no zone"
            ),
        ],
    )
    def test_a_period_that_cannot_be_is_refused(self, period: str, reason: str) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            parse(make_document(make_series(period)))
        assert refusal.value.reason == reason

    def test_an_unknown_type_of_curve_is_refused(self) -> None:
        with pytest.raises(PriceAnswerError, match="unknown curve: A99"):
            parse(make_document(make_series(make_period((1, 10)), curve="A99")))


class TestSeries:
    def test_a_series_without_a_position_is_the_markets(self) -> None:
        assert len(parse(make_document(make_series(make_period((1, 10)), position=""))).intervals) == 24

    def test_the_auction_of_a_single_exchange_is_no_price_before_the_markets_is_out(self) -> None:
        with pytest.raises(PriceAnswerError, match="not published: only position 2"):
            parse(make_document(make_series(make_period((1, 10)), position=2)))

    def test_it_is_not_used_to_fill_gaps_either(self) -> None:
        half = make_series(make_period((1, 10), end=START + 12 * HOUR))
        other = make_series(make_period((1, 99)), position=2)
        with pytest.raises(PriceAnswerError, match="incomplete day"):
            parse(make_document(half, other))

    def test_the_order_of_the_series_does_not_matter(self) -> None:
        one, two = make_series(make_period((1, 10))), make_series(make_period((1, 99)), position=2)

        assert parse(make_document(one, two)) == parse(make_document(two, one))
        assert parse(make_document(two, one)).intervals[0].price_per_kwh == Decimal("0.01")

    def test_intraday_auctions_are_left_out(self) -> None:
        intraday = make_series(make_period((1, 99)), contract="A07")
        assert parse(make_document(intraday, make_series(make_period((1, 10))))).intervals[0].price_per_kwh == Decimal(
            "0.01"
        )

    @pytest.mark.parametrize(
        ("series", "reason"),
        [
            pytest.param((), "not published", id="no series"),
            pytest.param((make_series(make_period((1, 10)), currency="PLN"),), "wrong currency", id="another currency"),
            pytest.param(
                (
                    make_series(make_period((1, 10), end=START + HOUR)),
                    make_series(make_period((1, 10), start=START + HOUR), currency="PLN"),
                ),
                "wrong currency",
                id="two currencies",
            ),
            pytest.param((make_series(make_period((1, 10)), unit="KWH"),), "wrong unit", id="another unit"),
            pytest.param((make_series(make_period((1, 10)), eic="10YBE----------2"),), "wrong area", id="another area"),
            pytest.param((make_series(make_period((1, 10)), position="first"),), "unknown position", id="a word"),
            pytest.param((make_series(make_period((1, 10)), position="9" * 5000),), "unknown position", id="endless"),
            pytest.param(
                (make_series(make_period((1, 10))), make_series(make_period((1, 10), resolution="PT15M"))),
                "times out of order or doubled",
                id="two series of one position",
            ),
        ],
    )
    def test_series_that_cannot_be_used_refuse_the_document(self, series: tuple[str, ...], reason: str) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            parse(make_document(*series))
        assert refusal.value.reason == reason


class TestInsteadOfPrices:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param(make_acknowledgement("No matching data found for ..."), "not published", id="no data"),
            pytest.param(make_acknowledgement("The amount of requested data exceeds"), "refused", id="too much"),
            pytest.param(make_acknowledgement("No matching data found", code="A95"), "refused", id="another code"),
            pytest.param(b"<Acknowledgement_MarketDocument/>", "refused", id="no reason"),
            pytest.param(b"<GL_MarketDocument/>", "not a price document", id="another document"),
            pytest.param(make_document().replace(b"A44", b"A65"), "not a price document", id="another type"),
        ],
    )
    def test_an_acknowledgement_or_another_document_is_told_apart(self, content: bytes, reason: str) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            parse(content)
        assert refusal.value.reason == reason


class TestXml:
    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', id="an entity"),
            pytest.param(b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a/>', id="a type from elsewhere"),
            pytest.param(b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>', id="a parameter entity"),
            pytest.param(b"<!DOCTYPE a><a/>", id="a bare type"),
            pytest.param(b"<a>" * 21 + b"</a>" * 21, id="deep nesting"),
        ],
    )
    def test_what_an_honest_answer_has_no_use_for_is_refused(self, content: bytes) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            xml_answer.parse(content)
        assert refusal.value.reason == "forbidden XML"

    @pytest.mark.parametrize(
        "content",
        [b"", b"   ", b"<a>", b"<a></b>", b"<a/><b/>", b"<a>&b;</a>", b"\xff\xfe<\x00a\x00/\x00>\x00", b"<a>\x00</a>"],
        ids=["nothing", "spaces", "open", "crossed", "two roots", "unknown entity", "UTF-16", "a zero"],
    )
    def test_what_is_no_xml_is_refused(self, content: bytes) -> None:
        with pytest.raises(PriceAnswerError) as refusal:
            xml_answer.parse(content)
        assert refusal.value.reason == "not XML"

    def test_the_claimed_encoding_does_not_matter_and_namespaces_are_left_out(self) -> None:
        text = '<?xml version="1.0" encoding="utf-16"?><a xmlns="urn:x"><b>\xf8 </b></a>'

        root = xml_answer.parse(text.encode())

        assert (root.tag, xml_answer.text_of(root, "b"), xml_answer.text_of(root, "c")) == ("a", "\xf8", "")
