"""Reading an answer: what a status means, how long a service wants to be left alone, when to hang up."""

from __future__ import annotations

import socket
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
import pytest
import respx

from charging.adapters.prices.hanging_up import HangUp
from charging.adapters.prices.price_day import PriceAnswerError
from charging.adapters.prices.reading import LARGEST_ANSWER_BYTES, LONGEST_RETRY_AFTER, make_client, read
from charging.adapters.prices.source import Question

QUESTION = Question("https://prices.example/today", {"area": "NO1"}, {"token": "secret"})
LIMIT = timedelta(seconds=30)
HTTP_DATE = "Tue, 20 Jan 2026 11:00:00 GMT"


def answer(status: int = 200, content: bytes = b"{}", headers: dict[str, str] | None = None) -> bytes:
    with respx.mock() as router, make_client() as client:
        router.get(QUESTION.address).mock(return_value=httpx.Response(status, content=content, headers=headers))
        return read(client, QUESTION, within=LIMIT)


def refusal_of(status: int, headers: dict[str, str] | None = None) -> PriceAnswerError:
    with pytest.raises(PriceAnswerError) as refusal:
        answer(status, headers=headers)
    return refusal.value


def test_the_question_and_its_secrets_make_the_query() -> None:
    with respx.mock() as router, make_client() as client:
        route = router.get(QUESTION.address).mock(return_value=httpx.Response(200, content=b"{}"))
        read(client, QUESTION, within=LIMIT)

    assert dict(route.calls.last.request.url.params) == {"area": "NO1", "token": "secret"}
    assert route.calls.last.request.headers["Accept-Encoding"] == "gzip"
    assert "secret" not in repr(QUESTION)


@pytest.mark.parametrize(
    ("status", "reason", "is_of_service"),
    [
        (204, "not published", False),
        (301, "refused", False),
        (400, "refused", False),
        (401, "refused", True),
        (403, "refused", True),
        (404, "refused", False),
        (429, "refused", True),
        (500, "refused", True),
        (503, "refused", True),
    ],
)
def test_a_status_speaks_of_the_day_or_of_the_service(status: int, reason: str, is_of_service: bool) -> None:
    error = refusal_of(status)

    assert (error.reason, error.is_of_service, str(error)) == (reason, is_of_service, f"{reason}: HTTP {status}")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"Retry-After": "120"}, 120, id="seconds"),
        pytest.param({"Retry-After": " 120 "}, 120, id="seconds with space"),
        pytest.param({"Retry-After": HTTP_DATE, "Date": "Tue, 20 Jan 2026 10:58:00 GMT"}, 120, id="a date"),
        pytest.param({"Retry-After": HTTP_DATE, "Date": "Tue, 20 Jan 2026 12:00:00 GMT"}, 0, id="a date that is over"),
        pytest.param({"Retry-After": HTTP_DATE}, 0, id="a date without the service's clock"),
        pytest.param({"Retry-After": "-5"}, 0, id="a negative number"),
        pytest.param({"Retry-After": "soon"}, 0, id="a word"),
        pytest.param({"Retry-After": "9" * 9}, LONGEST_RETRY_AFTER.total_seconds(), id="thirty years"),
        pytest.param({"Retry-After": "9" * 40}, 0, id="more than all time"),
        pytest.param({"Retry-After": "9" * 5000}, 0, id="more than a number"),
        pytest.param({}, 0, id="nothing"),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert refusal_of(503, headers).retry_after.total_seconds() == seconds


def test_the_largest_answer_is_still_read() -> None:
    assert len(answer(content=b"x" * LARGEST_ANSWER_BYTES)) == LARGEST_ANSWER_BYTES
    with pytest.raises(PriceAnswerError, match="answer too large"):
        answer(content=b"x" * (LARGEST_ANSWER_BYTES + 1))


def test_identity_is_no_compression() -> None:
    assert answer(headers={"Content-Encoding": "identity"}) == b"{}"


def test_no_connection_is_used_twice_so_that_each_can_be_hung_up() -> None:
    with make_client() as client:
        pool: Any = client._transport
        assert pool._pool._max_keepalive_connections == 0


class FakeStream:
    """A connection of which only the socket is asked for."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def get_extra_info(self, name: str) -> socket.socket:
        assert name == "socket"
        return self._connection


class TestHangingUp:
    def test_a_connection_is_shut_when_the_time_is_over(self) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs, HangUp(after=timedelta(seconds=0.01)) as limit:
            limit.watch("connection.connect_tcp.complete", {"return_value": FakeStream(ours)})

            assert ours.recv(1) == b""
            assert limit.is_over

    def test_one_that_is_made_too_late_is_shut_at_once(self) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs, HangUp(after=timedelta(0)) as limit:
            while not limit.is_over:
                Event().wait(0.001)
            limit.watch("connection.start_tls.complete", {"return_value": FakeStream(ours)})

            assert ours.recv(1) == b""

    def test_one_that_is_gone_already_is_no_trouble(self) -> None:
        ours, theirs = socket.socketpair()
        ours.close()
        theirs.close()
        with HangUp(after=LIMIT) as limit:
            limit.watch("connection.connect_tcp.complete", {"return_value": FakeStream(ours)})
            limit._hang_up()

        assert limit.is_over

    def test_in_time_nothing_is_shut(self) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            with HangUp(after=LIMIT) as limit:
                limit.watch("http11.send_request_headers.started", {})
                limit.watch("connection.connect_tcp.complete", {"return_value": FakeStream(ours)})
            theirs.send(b"x")

            assert ours.recv(1) == b"x"
            assert not limit.is_over

    def test_an_answer_that_ends_because_we_hung_up_is_not_taken(self) -> None:
        class EndsLate(httpx.SyncByteStream):
            def __init__(self, limit: list[HangUp]) -> None:
                self._limit = limit

            def __iter__(self) -> Any:
                yield b"{}"
                self._limit[0]._hang_up()

        def respond(request: httpx.Request) -> httpx.Response:
            watch: Any = request.extensions["trace"]
            return httpx.Response(200, stream=EndsLate([watch.__self__]))

        with make_client(httpx.MockTransport(respond)) as client, pytest.raises(PriceAnswerError, match="too slow"):
            read(client, QUESTION, within=LIMIT)
