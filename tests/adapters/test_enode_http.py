"""Asking Enode's API: tokens that end, faults of every kind, and where a secret may be sent."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import unquote

import pytest

from charging.adapters.vehicles.enode_http import EnodeApi
from charging.adapters.vehicles.enode_tokens import Tokens
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from tests.adapters.enode_server import CLIENT_ID, SECRET, FakeEnode, as_json, serve_enode
from tests.adapters.gateway_contract import NOW, GatewayFactory, promise_id
from tests.adapters.gateway_troubles import TROUBLE_PROMISES
from tests.feeds.server import Reply

SOON = timedelta(seconds=0.3)
TROUBLES: dict[str, tuple[Trouble, Reply]] = {
    "too many questions": (Trouble.RATE_LIMITED, Reply(b"", 429, {"Retry-After": "120"})),
    "a server error": (Trouble.NO_ANSWER, Reply(b"500 Internal Server Error", 500)),
    "a proxy with nobody behind it": (Trouble.OFFLINE, Reply(b"<html>Bad Gateway</html>", 502)),
    "not ready": (Trouble.OFFLINE, Reply(b"", 503)),
    "a redirect": (Trouble.NO_ANSWER, Reply(b"", 302, {"Location": "http://127.0.0.1:1/"})),
    "a page instead of JSON": (Trouble.NO_ANSWER, Reply(b"<html>Welcome</html>")),
    "JSON that is nothing of the kind": (Trouble.NO_ANSWER, Reply(b'{"state": 1, "id": []}')),
    "a list": (Trouble.NO_ANSWER, Reply(b"[1, 2]")),
    "half an answer": (Trouble.NO_ANSWER, Reply(b'{"state": "on"}' * 20, manner="cut off")),
    "a reset": (Trouble.NO_ANSWER, Reply(b"x" * 1000, manner="reset")),
    "silence": (Trouble.NO_ANSWER, Reply(manner="hang up")),
    "another protocol": (Trouble.NO_ANSWER, Reply(manner="not HTTP")),
    "an answer that never ends": (Trouble.NO_ANSWER, Reply(b"x" * 10_000, manner="drip body")),
}


@pytest.fixture
def server() -> Iterator[FakeEnode]:
    with serve_enode() as server:
        yield server


@pytest.mark.parametrize(("kind", "reply"), TROUBLES.values(), ids=list(TROUBLES))
@pytest.mark.parametrize("promise", TROUBLE_PROMISES, ids=promise_id)
def test_every_trouble_is_told_by_its_kind(
    promise: Callable[[GatewayFactory, Trouble], None], kind: Trouble, reply: Reply, server: FakeEnode
) -> None:
    server.replies |= {"GET /": reply, "POST /vehicles": reply}

    promise(lambda: server.gateway(within=SOON), kind)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("promise", TROUBLE_PROMISES, ids=promise_id)
def test_credentials_that_are_refused_are_no_fault_of_a_driver(
    promise: Callable[[GatewayFactory, Trouble], None], status: int, server: FakeEnode
) -> None:
    server.replies["POST /oauth2/token"] = as_json({"error": "invalid_client"}, status)

    promise(server.gateway, Trouble.NOT_ALLOWED)


def test_too_many_tokens_are_waited_for(server: FakeEnode) -> None:
    server.replies["POST /oauth2/token"] = Reply(b"", 429, {"Retry-After": "30"})

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert (raised.value.kind, raised.value.retry_after) == (Trouble.RATE_LIMITED, timedelta(seconds=30))


def test_the_credentials_are_sent_as_the_standard_has_it(server: FakeEnode) -> None:
    server.replies["POST /oauth2/token"] = Reply(b"", 500)

    with pytest.raises(GatewayError):
        server.gateway().read(now=NOW)

    told = base64.b64decode(server.headers[0].removeprefix("Basic ")).decode()
    assert [unquote(part) for part in told.split(":")] == [CLIENT_ID, SECRET]


def test_one_token_is_used_as_long_as_it_lives(server: FakeEnode) -> None:
    api = server.api()
    for _ in range(3):
        with api.session() as session:
            assert session.get("/users/x").is_success

    assert server.tokens_given == 1


def test_a_token_that_was_taken_back_is_replaced_without_a_word(server: FakeEnode) -> None:
    api = server.api()
    with api.session() as session:
        session.get("/users/x")
    server.token = "token-2"

    with api.session() as session:
        assert session.get("/users/x").is_success

    assert server.tokens_given == 2


def test_a_new_token_that_is_refused_is_not_tried_again_and_again(server: FakeEnode) -> None:
    server.replies["GET /users"] = as_json({"title": "Unauthorized"}, 401)

    with pytest.raises(GatewayError) as raised, server.api().session() as session:
        session.get("/users/x")

    assert raised.value.kind is Trouble.NOT_ALLOWED
    assert server.tokens_given == 1
    assert server.asked.count("GET /users/x") == 1


@pytest.mark.parametrize("lives", [0, 60, True, "3600", None])
def test_a_token_of_unknown_life_is_used_once(server: FakeEnode, lives: object) -> None:
    server.lives = lives  # type: ignore[assignment]
    with server.api().session() as session:
        assert session.get("/users/x").is_success
        assert session.get("/users/x").is_success

    assert server.tokens_given == 2


@pytest.mark.parametrize("lives", [10**400, -(10**400)], ids=["too long", "too short"])
def test_a_life_beyond_all_reason_breaks_nothing(server: FakeEnode, lives: int) -> None:
    server.lives = lives

    with server.api().session() as session:
        assert session.get("/users/x").is_success


@pytest.mark.parametrize("answer", [{}, [], {"access_token": ""}, {"access_token": "a\nb"}, {"access_token": 1}])
def test_an_answer_without_a_token_is_no_answer(server: FakeEnode, answer: object) -> None:
    server.replies["POST /oauth2/token"] = as_json(answer)

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert raised.value.kind is Trouble.NO_ANSWER


def test_a_token_ends_a_minute_before_its_time() -> None:
    seconds = [0.0]
    tokens = Tokens(lambda: seconds[0])
    tokens.keep("somewhere", "a-token", 3600)

    seconds[0] = 3539.0
    assert tokens.get("somewhere") == "a-token"
    seconds[0] = 3540.0
    assert tokens.get("somewhere") is None
    assert tokens.get("elsewhere") is None


def test_the_secret_is_not_shown(server: FakeEnode) -> None:
    with server.api().session() as session:
        assert SECRET not in repr(session)
    assert SECRET not in repr(server.gateway())


@pytest.mark.parametrize(
    ("address", "token_address", "leads_to"),
    [
        ("http://enode.example", "http://enode.example/token", "8.8.8.8"),
        ("https://enode.example", "http://oauth.example/token", "8.8.8.8"),
        ("http://enode.example", "https://oauth.example/token", "8.8.8.8"),
        ("https://enode.example", "https://oauth.example/token", "169.254.169.254"),
    ],
)
def test_a_secret_is_never_sent_where_everybody_reads_it(address: str, token_address: str, leads_to: str) -> None:
    api = EnodeApi(address, token_address, "id", "secret", resolve_name=lambda _host, _port: [leads_to])

    with pytest.raises(GatewayError) as raised, api.session() as session:
        session.get("/users/x")

    assert raised.value.kind is Trouble.NOT_ALLOWED


def test_a_path_before_the_api_is_kept(server: FakeEnode) -> None:
    with server.api(address=f"{server.url}/api/").session() as session:
        assert session.get("/users/x").status == 404

    assert server.asked[-1] == "GET /api/users/x"
