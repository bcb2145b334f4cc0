"""Answers as the services that publish prices write them, made by us: good ones, of which faults spoil single parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus
from charging.adapters.prices.areas import areas

Values = tuple[tuple[datetime, Any], ...]


@dataclass(frozen=True)
class Day:
    """A delivery day as a service tells it: starts with prices per MWh, all of the same length."""

    area_code: str
    delivery_date: date
    values: Values
    minutes: int = 15
    currency: str = "EUR"
    unit: str = "MWh"
    is_final: bool = True

    def with_value(self, index: int, value: object) -> Day:
        """The same day with another price."""
        values = list(self.values)
        values[index] = values[index][0], value
        return replace(self, values=tuple(values))

    def moved(self, by: timedelta) -> Day:
        """The same prices at other times."""
        return replace(self, values=tuple((at + by, value) for at, value in self.values))


def usual_price(at: datetime) -> float:
    """Dear in the evening, cheap at night, and a little different every quarter of an hour of the year."""
    hour = at.hour + at.minute / 60
    level = 180 if 15 <= hour < 21 else 20 if hour < 4 else 90
    return round(level + (at - datetime(2020, 1, 1, tzinfo=at.tzinfo)) / timedelta(minutes=15) % 977 / 100, 2)


def make_day(
    area_code: str,
    delivery_date: date,
    *,
    minutes: int | None = None,
    price: Callable[[datetime], object] = usual_price,
) -> Day:
    """A whole day of the area, in its currency and its usual market time unit."""
    area = areas()[area_code]
    start, end = area.day_bounds(delivery_date)
    unit = timedelta(minutes=minutes or area.market_time_unit_minutes)
    starts = [start + number * unit for number in range((end - start) // unit)]
    return Day(
        area_code=area_code,
        delivery_date=delivery_date,
        values=tuple((at, price(at)) for at in starts),
        minutes=unit // timedelta(minutes=1),
        currency=area.currency,
    )


def _energy_charts(day: Day) -> bytes:
    answer = {
        "license_info": "CC BY 4.0 (creativecommons.org/licenses/by/4.0) from Bundesnetzagentur | SMARD.de",
        "unix_seconds": [int(at.timestamp()) for at, _ in day.values],
        "price": [value for _, value in day.values],
        "unit": f"{day.currency} / {day.unit}",
        "deprecated": False,
    }
    return json.dumps(answer).encode()


def _elering(day: Day) -> bytes:
    rows = [{"timestamp": int(at.timestamp()), "price": value} for at, value in day.values]
    return json.dumps({"success": True, "data": {elering.CODES.get(day.area_code, "se"): rows}}).encode()


def _nord_pool(day: Day) -> bytes:
    code, unit = nord_pool.CODES[day.area_code], timedelta(minutes=day.minutes)
    entries = [
        {"deliveryStart": _text(at), "deliveryEnd": _text(at + unit), "entryPerArea": {code: value}}
        for at, value in day.values
    ]
    answer = {
        "deliveryDateCET": day.delivery_date.isoformat(),
        "version": 3,
        "deliveryAreas": [code],
        "market": "DayAhead",
        "multiAreaEntries": entries,
        "currency": day.currency,
        "exchangeRate": 1,
        "areaStates": [{"state": "Final" if day.is_final else "Preliminary", "areas": [code]}],
    }
    return json.dumps(answer).encode()


def _octopus(day: Day) -> bytes:
    unit = timedelta(minutes=day.minutes)
    rows = [
        {
            "value_exc_vat": _scaled(value, 10 * 1.05),
            "value_inc_vat": _scaled(value, 10),
            "valid_from": _text(at),
            "valid_to": _text(at + unit),
            "payment_method": None,
        }
        for at, value in reversed(day.values)
    ]
    return json.dumps({"count": len(rows), "next": None, "previous": None, "results": rows}).encode()


def _entsoe(day: Day) -> bytes:
    """One series with one period; a price that repeats the one before it is left out."""
    unit, eic = timedelta(minutes=day.minutes), entsoe.CODES[day.area_code]
    start = day.values[0][0] if day.values else areas()[day.area_code].day_bounds(day.delivery_date)[0]
    end = start + len(day.values) * unit
    points = [
        f"<Point><position>{(at - start) // unit + 1}</position><price.amount>{_xml(value)}</price.amount></Point>"
        for number, (at, value) in enumerate(day.values)
        if number == 0 or value != day.values[number - 1][1]
    ]
    period = (
        f"<Period><timeInterval><start>{start:%Y-%m-%dT%H:%MZ}</start><end>{end:%Y-%m-%dT%H:%MZ}</end></timeInterval>"
        f"<resolution>PT{day.minutes}M</resolution>{''.join(points)}</Period>"
    )
    return make_document(make_series(period, eic=eic, currency=day.currency, unit=day.unit, position=2 - day.is_final))


def make_series(
    periods: str,
    *,
    eic: str = "10Y1001A1001A82H",
    currency: str = "EUR",
    unit: str = "MWh",
    position: int | str = 1,
    curve: str = "A03",
    contract: str = "A01",
) -> str:
    """A series of an ENTSO-E document."""
    named = "classificationSequence_AttributeInstanceComponent.position"
    return (
        f"<TimeSeries><mRID>1</mRID><in_Domain.mRID>{eic}</in_Domain.mRID><out_Domain.mRID>{eic}</out_Domain.mRID>"
        f"<contract_MarketAgreement.type>{contract}</contract_MarketAgreement.type>"
        f"<currency_Unit.name>{currency}</currency_Unit.name>"
        f"<price_Measure_Unit.name>{unit.upper()}</price_Measure_Unit.name>"
        + (f"<{named}>{position}</{named}>" if position else "")
        + f"<curveType>{curve}</curveType>{periods}</TimeSeries>"
    )


def make_document(*series: str) -> bytes:
    """An ENTSO-E price document."""
    space = "urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3"
    head = f'<?xml version="1.0" encoding="utf-8"?><Publication_MarketDocument xmlns="{space}"><type>A44</type>'
    return f"{head}{''.join(series)}</Publication_MarketDocument>".encode()


def make_acknowledgement(text: str, code: str = "999") -> bytes:
    """What ENTSO-E answers instead of prices."""
    space = "urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0"
    reason = f"<Reason><code>{code}</code><text>{text}</text></Reason>"
    return f'<Acknowledgement_MarketDocument xmlns="{space}">{reason}</Acknowledgement_MarketDocument>'.encode()


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _scaled(value: object, divisor: float) -> object:
    return round(value / divisor, 5) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _xml(value: object) -> str:
    return "" if value is None else str(value)


WRITERS: dict[str, Callable[[Day], bytes]] = {
    energy_charts.NAME: _energy_charts,
    elering.NAME: _elering,
    nord_pool.NAME: _nord_pool,
    octopus.NAME: _octopus,
    entsoe.NAME: _entsoe,
}
EXAMPLES = {
    energy_charts.NAME: "DE-LU",
    elering.NAME: "EE",
    nord_pool.NAME: "SE3",
    octopus.NAME: "GB-C",
    entsoe.NAME: "BE",
}
"""An area of each service."""


def write(source: str, day: Day) -> bytes:
    """The day in the words of a service."""
    return WRITERS[source](day)
