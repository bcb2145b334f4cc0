"""Day-ahead prices from the Transparency Platform of ENTSO-E: documents of type A44. It needs a token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from charging.adapters.prices import entsoe_curve, xml_answer
from charging.adapters.prices.areas import Area, areas
from charging.adapters.prices.price_day import (
    NOT_PUBLISHED,
    REFUSED,
    PriceAnswerError,
    PriceDay,
    make_price_day,
    spans_of_day,
)
from charging.adapters.prices.source import Question, Source, SourceOptions
from charging.adapters.prices.xml_answer import text_of

NAME = "entsoe"
ADDRESS = "https://web-api.tp.entsoe.eu/api"
LICENCE = "ENTSO-E Transparency Platform"
CODES = {area.code: area.bidding_zone_eic for area in areas().values() if area.bidding_zone_eic}
DAILY = "A01"
POSITION = "classificationSequence_AttributeInstanceComponent.position"
MARKET = 1
"""The position of the coupled day-ahead auction. Others are earlier auctions of single exchanges, of no use to us."""
NO_DATA = "No matching data found"


def ask(area: Area, delivery_date: date, options: SourceOptions) -> Question:
    """Prices have the same area as origin and destination."""
    start, end = area.day_bounds(delivery_date)
    query = {
        "documentType": "A44",
        "contract_MarketAgreement.type": DAILY,
        "in_Domain": CODES[area.code],
        "out_Domain": CODES[area.code],
        "periodStart": f"{start:%Y%m%d%H%M}",
        "periodEnd": f"{end:%Y%m%d%H%M}",
    }
    return Question(ADDRESS, query, secrets={"securityToken": options.entsoe_token})


def parse(content: bytes, area: Area, delivery_date: date) -> PriceDay:
    """The day within a document. Of several series those with the lowest position count, if it is the market's."""
    root = xml_answer.parse(content)
    if root.tag == "Acknowledgement_MarketDocument":
        raise _acknowledged(root)
    if root.tag != "Publication_MarketDocument" or text_of(root, "type") != "A44":
        raise PriceAnswerError("not a price document", root.tag[:40])
    series = list(_daily_series(root, area))
    position = min((number for number, _ in series), default=MARKET)
    if position != MARKET:
        raise PriceAnswerError(NOT_PUBLISHED, f"only position {position}")
    counting = [element for number, element in series if number == position]
    spans = [span for element in counting for span in entsoe_curve.spans(element)]
    currencies = {text_of(element, "currency_Unit.name") for element in counting} or {area.currency}
    return make_price_day(
        area=area,
        delivery_date=delivery_date,
        source=NAME,
        currency=" ".join(sorted(currencies)),
        spans=spans_of_day(spans, area, delivery_date),
        licence=LICENCE,
    )


def _daily_series(root: Element, area: Area) -> Iterator[tuple[int, Element]]:
    """The series of the daily auctions, each with its position; all have to be of the area and per MWh."""
    for series in root.findall("TimeSeries"):
        if text_of(series, "contract_MarketAgreement.type") not in ("", DAILY):
            continue
        domains = {text_of(series, f"{way}_Domain.mRID") for way in ("in", "out")}
        if domains != {CODES[area.code]}:
            raise PriceAnswerError("wrong area", " ".join(sorted(domains))[:40])
        if text_of(series, "price_Measure_Unit.name") != "MWH":
            raise PriceAnswerError("wrong unit", text_of(series, "price_Measure_Unit.name")[:20])
        yield _position(text_of(series, POSITION)), series


def _position(text: str) -> int:
    if text and not (text.isdecimal() and text.isascii() and len(text) <= 3):
        raise PriceAnswerError("unknown position", text[:20])
    return int(text or MARKET)


def _acknowledged(root: Element) -> PriceAnswerError:
    """What an acknowledgement says instead of prices: reason 999 stands for no data, and for much else."""
    reason = root.find("Reason")
    code, text = ("", "") if reason is None else (text_of(reason, "code"), text_of(reason, "text"))
    if code == "999" and text.startswith(NO_DATA):
        return PriceAnswerError(NOT_PUBLISHED, "reason 999")
    return PriceAnswerError(REFUSED, f"reason {code}"[:40])


SOURCE = Source(NAME, CODES, ask, parse, is_allowed=lambda options: bool(options.entsoe_token))
