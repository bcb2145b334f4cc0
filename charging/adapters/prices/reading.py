"""Asks a source over HTTP, within limits of time and size."""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from charging.adapters.prices.areas import Area
from charging.adapters.prices.hanging_up import HangUp
from charging.adapters.prices.price_day import (
    NOT_PUBLISHED,
    NOT_REACHABLE,
    REFUSED,
    PriceAnswerError,
    PriceDay,
)
from charging.adapters.prices.source import Question, Source, SourceOptions

TIMEOUT = httpx.Timeout(6.0, connect=4.0)
WITHIN = timedelta(seconds=10)
"""For a whole answer: the time-outs above begin anew with every byte."""
LARGEST_ANSWER_BYTES = 1_000_000
LONGEST_RETRY_AFTER = timedelta(days=1)
HEADERS = {"Accept-Encoding": "gzip", "User-Agent": "Readyby"}
OF_SERVICE = frozenset({401, 403, 429})
"""Answers that speak of the service as a whole, besides those from 500 on."""


def make_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that takes nothing from the environment and follows no redirect. The caller closes it.

    No connection is used twice, so that each can be given up at its own time.
    """
    return httpx.Client(
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        headers=HEADERS,
        limits=httpx.Limits(max_keepalive_connections=0),
        transport=transport,
    )


def fetch_day(
    source: Source, area: Area, delivery_date: date, *, options: SourceOptions, client: httpx.Client
) -> PriceDay:
    """The prices of one area and delivery day, as one source has them. Raises PriceAnswerError."""
    content = read(client, source.ask(area, delivery_date, options), within=WITHIN)
    return source.parse(content, area, delivery_date)


def read(client: httpx.Client, question: Question, *, within: timedelta) -> bytes:
    """The body of a successful answer, unpacked. Raises PriceAnswerError for every other end."""
    query = {**question.query, **question.secrets}
    try:
        with (
            HangUp(after=within) as limit,
            client.stream("GET", question.address, params=query, extensions={"trace": limit.watch}) as response,
        ):
            _check_status(response)
            content = _limited(response)
    except httpx.HTTPError as error:
        raise _unreachable("too slow" if limit.is_over else type(error).__name__) from error
    if limit.is_over:
        # An answer of unknown length ends where the connection does: it looks whole and is not.
        raise _unreachable("too slow")
    return _unpacked(content, response.headers.get("Content-Encoding", ""))


def _unreachable(detail: str) -> PriceAnswerError:
    return PriceAnswerError(NOT_REACHABLE, detail, is_of_service=True)


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.NO_CONTENT:
        raise PriceAnswerError(NOT_PUBLISHED, "HTTP 204")
    if status != httpx.codes.OK:
        is_of_service = status in OF_SERVICE or status >= 500
        raise PriceAnswerError(
            REFUSED, f"HTTP {status}", is_of_service=is_of_service, retry_after=_retry_after(response.headers)
        )


def _retry_after(headers: httpx.Headers) -> timedelta:
    """How long the service wants to be left alone; a date counts from that of the answer. Zero where it is not said."""
    text = headers.get("Retry-After", "").strip()
    try:
        is_date = not text.isdecimal()
        wanted = _instant(text) - _instant(headers.get("Date", "")) if is_date else timedelta(seconds=int(text))
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(wanted, timedelta(0)), LONGEST_RETRY_AFTER)


def _instant(text: str) -> datetime:
    return parsedate_to_datetime(text)


def _limited(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise PriceAnswerError("answer too large")
    return bytes(content)


def _unpacked(content: bytes, encoding: str) -> bytes:
    """The content without its compression, which may make a million bytes of a thousand, but not more."""
    if encoding in ("", "identity"):
        return content
    if encoding != "gzip":
        raise PriceAnswerError("unknown encoding", encoding[:20])
    inflater = zlib.decompressobj(wbits=31)
    try:
        unpacked = inflater.decompress(content, LARGEST_ANSWER_BYTES + 1)
    except zlib.error as error:
        raise PriceAnswerError("broken compression") from error
    if len(unpacked) > LARGEST_ANSWER_BYTES:
        raise PriceAnswerError("answer too large")
    if not inflater.eof:
        raise PriceAnswerError("broken compression", "truncated")
    return unpacked
