"""Everything that a service that publishes prices does wrong, one fault per row."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus
from tests.feeds.answers import EXAMPLES, Day, make_acknowledgement, make_day, write
from tests.feeds.server import Reply

JSON = frozenset({energy_charts.NAME, elering.NAME, nord_pool.NAME, octopus.NAME})
XML = frozenset({entsoe.NAME})
ALL = JSON | XML
HOUR = timedelta(hours=1)
RETRY_AFTER_SECONDS = 5400
ANSWERED_AT, BACK_AT = "Sat, 24 Oct 2026 11:00:00 GMT", "Sat, 24 Oct 2026 12:30:00 GMT"
IN_ORDER_OF_TIME = frozenset({energy_charts.NAME, elering.NAME, entsoe.NAME})
"""Services whose answers have to be in order of time; the rows of the others each tell when they end."""

BOMB = gzip.compress(b" " * 20_000_000)
DRIPPING = ("a body that drips", "headers that drip")
"""Faults that last as long as they are listened to."""


@dataclass(frozen=True)
class Fault:
    """A fault of some services: how a good day becomes a bad reply, and the reasons with which it may be refused."""

    reply: Callable[[str, Day], Reply]
    reasons: frozenset[str]
    sources: frozenset[str] = ALL
    is_of_service: bool = False


def _spoiled(spoil: Callable[[Day], Day], *reasons: str, sources: frozenset[str] = ALL) -> Fault:
    return Fault(lambda source, day: Reply(write(source, spoil(day))), frozenset(reasons), sources)


def _instead(make: Callable[[bytes], Reply], *reasons: str, sources: frozenset[str] = ALL) -> Fault:
    return Fault(lambda source, day: make(write(source, day)), frozenset(reasons), sources)


def _status(status: int, *reasons: str, is_of_service: bool = False, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(
        lambda source, day: Reply(write(source, day), status, named),
        frozenset(reasons or ("refused",)),
        is_of_service=is_of_service,
    )


def _broken(manner: str) -> Fault:
    return Fault(
        lambda source, day: Reply(write(source, day), manner=manner),
        frozenset({"not reachable"}),
        is_of_service=True,
    )


def _hours(day: Day, count: int) -> int:
    return count * 60 // day.minutes


def _without(day: Day, start: int, stop: int) -> Day:
    return replace(day, values=day.values[:start] + day.values[stop:])


def _doubled(day: Day) -> Day:
    hour = _hours(day, 1)
    return replace(day, values=day.values[: 2 * hour] + day.values[hour:])


def _swapped(day: Day) -> Day:
    values = list(day.values)
    values[4], values[5] = values[5], values[4]
    return replace(day, values=tuple(values))


def _of_another_day(day: Day) -> Day:
    return make_day(day.area_code, day.delivery_date + timedelta(days=3))


def _of_yesterday(day: Day) -> Day:
    return make_day(day.area_code, day.delivery_date - timedelta(days=1))


def _other_area(source: str, day: Day) -> Reply:
    other = {elering.NAME: "LV", nord_pool.NAME: "SE4", entsoe.NAME: "NL"}[source]
    return Reply(write(source, replace(day, area_code=other)))


def _deep(source: str, day: Day) -> Reply:
    return Reply(b"<a>" * 30_000 if source in XML else b"[" * 100_000)


def _entities(source: str, day: Day) -> Reply:
    """A document of a thousand bytes that would fill the memory of any machine."""
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return Reply(f'<!DOCTYPE x [<!ENTITY a0 "lol">{"".join(lines)}]><x>&a11;</x>'.encode())


def _foreign_entity(source: str, day: Day) -> Reply:
    return Reply(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>')


def _no_data(source: str, day: Day) -> Reply:
    texts = {
        energy_charts.NAME: b'{"detail": "no content available"}',
        elering.NAME: b'{"success": false, "messages": ["no"]}',
        nord_pool.NAME: b'{"message": "no"}',
        octopus.NAME: b'{"detail": "Not found."}',
        entsoe.NAME: make_acknowledgement("Delivered time interval is not valid."),
    }
    return Reply(texts[source])


def _empty(day: Day) -> Day:
    return replace(day, values=())


ORDER = "times out of order or doubled"
GARBAGE = ("not JSON", "not XML")
FAULTS: dict[str, Fault] = {
    # What is said.
    "HTML": _instead(lambda good: Reply(b"<!doctype html><title>Sorry</title>"), *GARBAGE, "forbidden XML"),
    "an empty body": _instead(lambda good: Reply(b""), *GARBAGE),
    "half of the text": _instead(lambda good: Reply(good[: len(good) // 2]), *GARBAGE),
    "bytes that are no text": _instead(lambda good: Reply(good[:200] + b"\xff\xfe\xc3" + good[200:]), *GARBAGE),
    "UTF-16": _instead(lambda good: Reply(good.decode().encode("utf-16")), *GARBAGE),
    "another kind of document": _instead(
        lambda good: Reply(b'["a"]' if good[:1] == b"{" else b"<rss/>"), "not an object", "not a price document"
    ),
    "no data": Fault(_no_data, frozenset({"list missing", "no success", "wrong market", "refused"})),
    "deep nesting": Fault(_deep, frozenset({"not JSON", "forbidden XML"})),
    "entities that multiply": Fault(_entities, frozenset({"forbidden XML"}), XML),
    "an entity from elsewhere": Fault(_foreign_entity, frozenset({"forbidden XML"}), XML),
    # Which prices.
    "NaN": _spoiled(lambda day: day.with_value(7, float("nan")), "not JSON", "a price is no number"),
    "infinity": _spoiled(lambda day: day.with_value(7, float("inf")), "not JSON", "a price is no number"),
    "null": _spoiled(lambda day: day.with_value(7, None), "not published", "a price is no number"),
    "text as a price": _spoiled(lambda day: day.with_value(7, "n/a"), "a price is no number"),
    "a price of a billion": _spoiled(lambda day: day.with_value(7, 1e9), "absurd price", "a price is no number"),
    "a price far below zero": _spoiled(lambda day: day.with_value(7, -99_999), "absurd price"),
    "a number with an exponent": _spoiled(lambda day: day.with_value(7, 1e99), "absurd price", "a price is no number"),
    # Of what.
    "another area": Fault(
        _other_area, frozenset({"wrong area"}), frozenset({elering.NAME, nord_pool.NAME, entsoe.NAME})
    ),
    "another day": _spoiled(_of_another_day, "not published", "wrong day"),
    "yesterday": _spoiled(_of_yesterday, "not published", "wrong day"),
    "another currency": _spoiled(
        lambda day: replace(day, currency="SEK"), "wrong currency", sources=ALL - {elering.NAME, octopus.NAME}
    ),
    "another unit": _spoiled(
        lambda day: replace(day, unit="kWh"), "wrong unit", sources=frozenset({energy_charts.NAME, entsoe.NAME})
    ),
    "an empty list": _spoiled(_empty, "not published", "a period of no whole number of units"),
    "not final": _spoiled(
        lambda day: replace(day, is_final=False), "not published", sources=frozenset({nord_pool.NAME, entsoe.NAME})
    ),
    # When.
    "an hour twice": _spoiled(_doubled, ORDER, "incomplete day"),
    "an hour missing": _spoiled(
        lambda day: _without(day, _hours(day, 5), _hours(day, 6)), "incomplete day", sources=JSON
    ),
    "the first hour missing": _spoiled(lambda day: _without(day, 0, _hours(day, 1)), "incomplete day"),
    "the last hour missing": _spoiled(lambda day: replace(day, values=day.values[: -_hours(day, 1)]), "incomplete day"),
    "24 hours whatever the day": _spoiled(
        lambda day: replace(day, values=day.values[: _hours(day, 24)]), "incomplete day"
    ),
    "times that are swapped": _spoiled(
        _swapped, ORDER, sources=frozenset({energy_charts.NAME, elering.NAME, entsoe.NAME})
    ),
    "an hour too late": _spoiled(lambda day: day.moved(HOUR), "incomplete day"),
    "an hour too early": _spoiled(lambda day: day.moved(-HOUR), "incomplete day", ORDER),
    "off the grid by a minute": _spoiled(lambda day: day.moved(timedelta(minutes=1)), "incomplete day"),
    "prices of five minutes": _spoiled(
        lambda day: make_day(day.area_code, day.delivery_date, minutes=5), "unknown market time unit"
    ),
    # How.
    "a redirect": _status(302, Location="https://api.energy-charts.info/elsewhere"),
    "nothing yet": _status(204, "not published"),
    "bad request": _status(400),
    "unauthorized": _status(401, is_of_service=True),
    "forbidden": _status(403, is_of_service=True),
    "not found": _status(404),
    "too many requests": _status(429, is_of_service=True, Retry_After=str(RETRY_AFTER_SECONDS)),
    "server error": _status(500, is_of_service=True),
    "unavailable until a time": _status(503, is_of_service=True, Date=ANSWERED_AT, Retry_After=BACK_AT),
    "a gzip bomb": _instead(lambda good: Reply(BOMB, headers={"Content-Encoding": "gzip"}), "answer too large"),
    "half of a compressed text": _instead(
        lambda good: Reply(gzip.compress(good)[:-20], headers={"Content-Encoding": "gzip"}), "broken compression"
    ),
    "called compressed and is not": _instead(
        lambda good: Reply(good, headers={"Content-Encoding": "gzip"}), "broken compression"
    ),
    "an unknown compression": _instead(
        lambda good: Reply(good, headers={"Content-Encoding": "br"}), "unknown encoding"
    ),
    "two megabytes": _instead(lambda good: Reply(good + b" " * 2_000_000), "answer too large"),
    "two megabytes of unknown length": _instead(
        lambda good: Reply(good + b" " * 2_000_000, manner="without length"), "answer too large"
    ),
    "a body that drips": _broken("drip body"),
    "headers that drip": _broken("drip head"),
    "a body cut off": _broken("cut off"),
    "a reset": _broken("reset"),
    "silence": _broken("hang up"),
    "no HTTP": _broken("not HTTP"),
}


def bad_reply(name: str, source: str, day: Day) -> Reply:
    """How a service replies with this fault; where it cannot have it, it says that the day is not published."""
    fault = FAULTS[name]
    return fault.reply(source, day) if source in fault.sources else Reply(status=204)


def good_reply(source: str, day: Day) -> Reply:
    """How a service replies that has the day."""
    return Reply(write(source, day))


def example_day(source: str, delivery_date: date) -> Day:
    """A day of an area that the service has."""
    return make_day(EXAMPLES[source], delivery_date)
