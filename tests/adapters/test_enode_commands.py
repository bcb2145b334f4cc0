"""Wishes to a car behind Enode's API, what becomes of them, and when it is asked for more than it knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from charging.adapters.vehicles.enode import Follow
from charging.adapters.vehicles.enode_actions import Action, action_of
from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.trouble import Trouble
from tests.adapters.enode_server import (
    CAR_ID,
    MINUTE,
    USER_ID,
    FakeEnode,
    as_json,
    make_action,
    make_content,
    serve_enode,
)
from tests.adapters.gateway_contract import FIRST, NOW, SECOND, make_hold
from tests.feeds.server import Reply

HINT = f"POST /vehicles/{CAR_ID}/refresh-hint"
ACTION = "GET /vehicles/actions/"
BROKEN_LINES = {
    "silence": Reply(manner="hang up"),
    "a reset": Reply(b"x" * 1000, manner="reset"),
    "half an answer": Reply(b"x" * 1000, manner="cut off"),
    "an answer that never ends": Reply(manner="drip head"),
}


@pytest.fixture
def server() -> Iterator[FakeEnode]:
    with serve_enode() as server:
        yield server


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (make_action("PENDING"), Acknowledgement(True, action_id="act-1")),
        (make_action("CONFIRMED"), Acknowledgement(True, action_id="act-1")),
        (make_action("CANCELLED", "UNNECESSARY"), Acknowledgement(True, action_id="act-1")),
        (
            make_action("CANCELLED", "FAILED_PRECONDITION", "not plugged in"),
            Acknowledgement(False, "CANCELLED, FAILED_PRECONDITION: not plugged in", action_id="act-1"),
        ),
        (
            make_action("CANCELLED", "CONFLICT"),
            Acknowledgement(False, "CANCELLED, CONFLICT", is_schedule_conflict=True, action_id="act-1"),
        ),
        (
            make_action("CANCELLED", "REQUESTED_CANCELLATION"),
            Acknowledgement(False, "CANCELLED, REQUESTED_CANCELLATION", is_schedule_conflict=True, action_id="act-1"),
        ),
        (make_action("FAILED", "SOMETHING_NEW"), Acknowledgement(False, "FAILED, SOMETHING_NEW", action_id="act-1")),
        (make_action("CANCELLED", "NOT_FOUND"), Acknowledgement(False, "CANCELLED, NOT_FOUND", action_id="act-1")),
    ],
    ids=("pending", "confirmed", "unnecessary", "precondition", "conflict", "cancelled", "new reason", "not found"),
)
def test_an_action_says_whether_the_wish_was_taken(
    server: FakeEnode, action: dict[str, Any], expected: Acknowledgement
) -> None:
    server.action = action

    assert server.gateway().start(command_id=FIRST, now=NOW) == expected


def test_a_car_that_did_not_react_is_asleep(server: FakeEnode) -> None:
    server.action = make_action("FAILED", "NO_RESPONSE")

    with pytest.raises(GatewayError) as raised:
        server.gateway().stop(command_id=FIRST, hold=make_hold(NOW), now=NOW)

    assert raised.value.kind is Trouble.ASLEEP


@pytest.mark.parametrize(
    ("status", "is_schedule_conflict", "words"),
    [
        (400, False, "cannot be commanded"),
        (403, False, "cannot be commanded"),
        (404, False, "not linked any more"),
        (409, True, "schedule or plan"),
        (422, True, "schedule or plan"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"title": "No"}'], ids=["nothing", "a page", "a problem"])
def test_a_refusal_is_no_trouble(
    server: FakeEnode, status: int, is_schedule_conflict: bool, words: str, body: bytes
) -> None:
    server.replies[f"POST /vehicles/{CAR_ID}/charging"] = Reply(body, status)

    answer = server.gateway().start(command_id=FIRST, now=NOW)

    assert (answer.accepted, answer.is_schedule_conflict) == (False, is_schedule_conflict)
    assert words in answer.detail
    assert HINT not in server.asked


@pytest.mark.parametrize("content", [{}, [], {"id": "x"}, {"id": "x", "state": "LATER"}, {"state": "PENDING"}])
def test_an_answer_that_is_no_action_is_no_answer(server: FakeEnode, content: object) -> None:
    server.replies[f"POST /vehicles/{CAR_ID}/charging"] = as_json(content)

    with pytest.raises(GatewayError) as raised:
        server.gateway().start(command_id=FIRST, now=NOW)

    assert raised.value.kind is Trouble.NO_ANSWER


def test_a_wish_carries_its_key_and_what_is_wished(server: FakeEnode) -> None:
    gateway = server.gateway()

    gateway.start(command_id=FIRST, now=NOW)
    gateway.stop(command_id=SECOND, hold=None, now=NOW)

    assert [body for body in server.bodies if body] == [{"action": "START"}, {"action": "STOP"}]
    assert server.keys == [str(FIRST), str(SECOND)]


def test_after_a_wish_the_car_is_looked_at_soon_whether_or_not_that_is_heard(server: FakeEnode) -> None:
    server.replies[HINT] = as_json({}, 500)

    assert server.gateway().start(command_id=FIRST, now=NOW).accepted
    assert server.asked[-1] == HINT


@pytest.mark.parametrize("reply", BROKEN_LINES.values(), ids=list(BROKEN_LINES))
@pytest.mark.parametrize("asked", [HINT, ACTION])
def test_a_line_that_breaks_afterwards_takes_neither_an_answer_nor_a_reading_away(
    server: FakeEnode, asked: str, reply: Reply
) -> None:
    server.replies[asked] = reply
    server.vehicles = [make_content(at=NOW - 30 * MINUTE)]
    gateway = server.gateway(follow=Follow("act-1", lambda _: None), within=timedelta(seconds=1))

    answer = gateway.start(command_id=FIRST, now=NOW)

    assert (answer.accepted, answer.action_id) == (True, "act-1")
    assert gateway.read(now=NOW) is not None
    assert any(called.startswith(asked) for called in server.asked)


@pytest.mark.parametrize(
    ("age", "is_plugged_in", "expected"),
    [
        (14 * MINUTE, True, False),
        (15 * MINUTE, True, True),
        (60 * MINUTE, True, True),
        (61 * MINUTE, True, False),
        (30 * MINUTE, False, False),
        (30 * MINUTE, None, False),
    ],
)
def test_what_is_known_of_a_plugged_in_car_is_asked_for_afresh_when_it_is_old(
    server: FakeEnode, age: timedelta, is_plugged_in: bool | None, expected: bool
) -> None:
    state = {"isPluggedIn": is_plugged_in, "powerDeliveryState": "UNKNOWN"}
    server.vehicles = [make_content(at=NOW - age, chargeState=state)]

    assert server.gateway().read(now=NOW) is not None

    assert (HINT in server.asked) is expected


@pytest.mark.parametrize("is_valid", [True, False])
def test_a_car_that_cannot_be_reached_may_have_lost_its_access(server: FakeEnode, is_valid: bool) -> None:
    server.vehicles = [make_content(isReachable=False)]
    server.vendors = [{"vendor": "VOLVO", "isValid": is_valid}, {"vendor": "TESLA", "isValid": False}, "?"]  # type: ignore[list-item]

    if is_valid:
        assert server.gateway().read(now=NOW) is not None
    else:
        with pytest.raises(GatewayError) as raised:
            server.gateway().read(now=NOW)
        assert raised.value.kind is Trouble.SIGN_IN_NEEDED
    assert f"GET /users/{USER_ID}" in server.asked


def test_a_car_that_is_not_linked_any_more_needs_its_driver(server: FakeEnode) -> None:
    server.vehicles = []

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (None, Trouble.SIGN_IN_NEEDED),
        (as_json({"type": "about:blank", "title": "Not found"}, 404), Trouble.SIGN_IN_NEEDED),
        (Reply(b"<html>Back soon</html>", 404), Trouble.NO_ANSWER),
        (Reply(b"", 404), Trouble.NO_ANSWER),
        (as_json({"message": "no route"}, 404), Trouble.NO_ANSWER),
    ],
    ids=["a user", "no such user", "a page", "nothing", "somebody else's words"],
)
@pytest.mark.parametrize("body", [b"<html>Back soon</html>", b"", b'{"message": "no route"}'])
def test_of_a_page_that_is_not_there_the_api_is_asked_itself(
    server: FakeEnode, body: bytes, user: Reply | None, expected: Trouble
) -> None:
    server.replies["GET /vehicles/"] = Reply(body, 404)
    server.replies |= {} if user is None else {"GET /users/": user}

    with pytest.raises(GatewayError) as raised:
        server.gateway().read(now=NOW)

    assert raised.value.kind is expected


def test_an_action_is_followed_with_each_reading(server: FakeEnode) -> None:
    told: list[Action] = []
    server.action = make_action("FAILED", "NO_RESPONSE", "asleep")

    assert server.gateway(follow=Follow("act-1", told.append)).read(now=NOW) is not None

    assert told == [Action("act-1", "FAILED", "NO_RESPONSE", "asleep")]


@pytest.mark.parametrize("answer", [as_json({}, 404), as_json({}), as_json({}, 500)], ids=["gone", "garbage", "error"])
def test_an_action_of_which_nothing_is_heard_takes_no_reading_away(server: FakeEnode, answer: Any) -> None:
    told: list[Action] = []
    server.replies["GET /vehicles/actions/"] = answer

    assert server.gateway(follow=Follow("act-1", told.append)).read(now=NOW) is not None

    assert told == []


def test_words_from_elsewhere_are_short_and_printable() -> None:
    action = action_of(make_action("FAILED", "X" * 100, "a\nb\x00" + "c" * 500))

    assert len(action.words) < 200
    assert action.words.isprintable()


def test_nobody_keeps_a_lease(server: FakeEnode) -> None:
    assert not server.gateway().renew(hold=make_hold(NOW), now=NOW).accepted
    assert server.asked == []
