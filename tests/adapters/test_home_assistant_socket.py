"""Listening to a Home Assistant: what is heard, who may be listened to, and how much is taken."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from charging.adapters.vehicles import home_assistant_socket
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.home_assistant_socket import USUAL, Flow, Rhythm, open_line
from charging.core.trouble import Trouble
from tests.adapters.home_assistant_server import BY_SWITCH, ENTITIES, TOKEN, serve_home_assistant
from tests.adapters.home_assistant_socket import FakeSocket, car_states, serve_socket
from tests.certificates import make_tls
from tests.feeds.server import Reply

IDS = [entity_id for _, entity_id in BY_SWITCH.that_are_read()]
RESULT = json.dumps({"id": 1, "type": "result", "success": True})
SOON = Rhythm(asks_every=0.02, lives_within=0.02)
AT_LAST = 30
"""Seconds after which a test has gone wrong."""


def within(story: Coroutine[Any, Any, Any], *, seconds: float = AT_LAST) -> Any:
    """What comes of a story, which is not waited for for ever."""
    return asyncio.run(asyncio.wait_for(story, seconds))


async def heard(api: HomeAssistantApi, rhythm: Rhythm = USUAL, pieces: int = 1) -> list[dict[str, Any]]:
    async with open_line(api, rhythm) as line:
        await line.subscribe(IDS)
        return [await line.hear() for _ in range(pieces)]


def trouble_of(fake: FakeSocket, *, rhythm: Rhythm = USUAL, pieces: int = 2, **values: Any) -> GatewayError:
    """What is the matter when it is listened to."""

    async def story() -> None:
        async with serve_socket(fake):
            await heard(fake.api(**values), rhythm, pieces)

    with pytest.raises(GatewayError) as raised:
        within(story())
    return raised.value


def test_the_chosen_entities_are_told_as_they_are_and_as_they_change() -> None:
    async def story() -> tuple[list[dict[str, Any]], FakeSocket]:
        async with serve_socket() as fake, open_line(fake.api()) as line:
            await line.subscribe(IDS)
            first = await line.hear()
            await fake.change(ENTITIES.plug, "on")
            return [first, await line.hear()], fake

    (first, second), fake = within(story())

    assert set(first["a"]) == set(IDS)
    assert second["c"][ENTITIES.plug]["+"]["s"] == "on"
    assert fake.asked == [{"id": 1, "type": "subscribe_entities", "entity_ids": sorted(IDS)}]


def test_a_token_that_is_none_needs_the_driver_and_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake = FakeSocket(token="another")

    error = trouble_of(fake)

    assert error.kind is Trouble.SIGN_IN_NEEDED
    assert fake.offered == [TOKEN]
    assert TOKEN not in f"{error!r} {caplog.text}"
    assert TOKEN not in repr(fake.api())


def test_a_line_that_is_cut_is_noticed() -> None:
    async def story() -> None:
        async with serve_socket() as fake, open_line(fake.api()) as line:
            await line.subscribe(IDS)
            await line.hear()
            await fake.cut()
            await line.hear()

    with pytest.raises(GatewayError, match="cut"):
        within(story())


def test_who_shows_no_sign_of_life_is_left() -> None:
    assert str(trouble_of(FakeSocket(car_states(), manner="silent"), rhythm=SOON)) == "The line is cut."


def test_a_message_that_is_too_long_is_not_taken() -> None:
    long = json.dumps({"id": 1, "type": "event", "event": {"a": "x" * home_assistant_socket.LONGEST_MESSAGE}})

    error = trouble_of(FakeSocket(manner="says", nonsense=[RESULT, long]))

    assert str(error) == "Too much was said."


def test_a_flood_of_messages_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home_assistant_socket, "MESSAGES_A_MINUTE", 50)
    flood = [json.dumps({"id": 1, "type": "event", "event": {}})] * 200

    error = trouble_of(FakeSocket(manner="says", nonsense=[RESULT, *flood]), pieces=200)

    assert str(error) == "Too much was said."


@pytest.mark.parametrize(("size", "messages"), [(1, 6000), (1024 * 1024, 16)])
def test_so_much_is_taken_in_a_minute_and_no_more(size: int, messages: int) -> None:
    flow = Flow(0.0)
    for minute in (0.0, 60.0):
        for _ in range(messages):
            flow.take(size, minute)

    with pytest.raises(GatewayError):
        flow.take(size, 119.9)


@pytest.mark.parametrize(
    "nonsense",
    [
        ["{"],
        ["[" * 100_000],
        ["[]"],
        ["{}"],
        [json.dumps({"id": 1, "type": "result", "success": False, "error": {"code": "unknown_command"}})],
    ],
)
def test_what_is_no_home_assistants_is_no_answer(nonsense: list[str]) -> None:
    assert trouble_of(FakeSocket(manner="says", nonsense=nonsense)).kind is Trouble.NO_ANSWER


def test_what_is_not_about_the_entities_is_passed_over() -> None:
    others = [
        {"id": 1, "type": "pong"},
        {"id": 7, "type": "event", "event": {}},
        {"id": 1, "type": "event", "event": []},
    ]
    mine = {"id": 1, "type": "event", "event": {"r": ["sensor.x"]}}
    fake = FakeSocket(manner="says", nonsense=[RESULT, *map(json.dumps, [*others, mine])])

    async def story() -> list[dict[str, Any]]:
        async with serve_socket(fake):
            return await heard(fake.api())

    assert within(story()) == [mine["event"]]


@pytest.mark.parametrize(
    ("leads_to", "allows_local"),
    [(["8.8.8.8", "127.0.0.1"], True), (["127.0.0.1"], False), (["169.254.169.254"], True)],
)
def test_an_address_that_is_not_allowed_is_not_connected_to(leads_to: list[str], allows_local: bool) -> None:
    fake = FakeSocket(car_states())

    error = trouble_of(fake, allows_local=allows_local, resolve_name=lambda _host, _port: leads_to)

    assert error.kind is Trouble.NOT_ALLOWED
    assert fake.offered == []


def test_the_very_address_is_connected_to_that_was_checked() -> None:
    answers = iter([["127.0.0.1"], ["8.8.8.8"]])

    async def story() -> list[dict[str, Any]]:
        async with serve_socket() as fake:
            address = f"http://home.example:{fake.port}"
            return await heard(fake.api(address=address, resolve_name=lambda _host, _port: next(answers)))

    assert set(within(story())[0]["a"]) == set(IDS)


def test_nobody_is_followed_elsewhere() -> None:
    async def story(first: HomeAssistantApi) -> None:
        await heard(first)

    fake = FakeSocket(car_states())
    with serve_home_assistant() as home:
        home.replies["/api/websocket"] = Reply(b"", 302, {"Location": "/elsewhere"})
        with pytest.raises(GatewayError) as raised:
            within(story(home.api()))

    assert str(raised.value) == "HTTP 302"
    assert [path for _, path in home.asked] == ["/api/websocket"]
    assert fake.offered == []


@pytest.mark.parametrize(
    ("status", "kind", "waits"),
    [
        (401, Trouble.NO_ANSWER, None),
        (403, Trouble.NO_ANSWER, None),
        (404, Trouble.NO_ANSWER, None),
        (429, Trouble.RATE_LIMITED, timedelta(seconds=90)),
        (502, Trouble.OFFLINE, None),
    ],
)
def test_an_answer_that_opens_no_line_says_why(status: int, kind: Trouble, waits: timedelta | None) -> None:
    with serve_home_assistant() as home:
        home.replies["/api/websocket"] = Reply(b"", status, {"Retry-After": "90"})
        with pytest.raises(GatewayError) as raised:
            within(heard(home.api()))

    assert (raised.value.kind, raised.value.retry_after) == (kind, waits)


def test_nobody_there_is_offline() -> None:
    with pytest.raises(GatewayError) as raised:
        within(heard(HomeAssistantApi("http://127.0.0.1:1", TOKEN, allows_local=True)))

    assert raised.value.kind is Trouble.OFFLINE


def test_who_never_answers_is_not_waited_for() -> None:
    async def story() -> None:
        over = asyncio.Event()
        async with await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            address = f"http://127.0.0.1:{port}"
            await heard(HomeAssistantApi(address, TOKEN, allows_local=True), Rhythm(answers_within=0.05))
            over.set()

    with pytest.raises(GatewayError) as raised:
        within(story())

    assert raised.value.kind is Trouble.OFFLINE


def test_a_certificate_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asks, answers = make_tls(tmp_path)

    async def story() -> list[dict[str, Any]]:
        async with serve_socket(ssl=answers) as fake:
            api = fake.api(address=f"https://localhost:{fake.port}", resolve_name=lambda _host, _port: ["127.0.0.1"])
            with pytest.raises(GatewayError) as raised:
                await heard(api)
            assert raised.value.kind is Trouble.OFFLINE
            assert fake.offered == []
            monkeypatch.setattr(home_assistant_socket, "tls", lambda: asks)
            return await heard(api)

    assert set(within(story())[0]["a"]) == set(IDS)
