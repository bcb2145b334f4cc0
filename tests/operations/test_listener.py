"""Listening to whoever has cars: one line each, opened again when lost, never with a token that was refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Event

import pytest
from django.db import OperationalError

from charging.core import news_pace
from charging.core.trouble import Trouble
from charging.operations import listener
from charging.operations.listener import Tempo, rest
from charging.operations.live_cars import LiveCar
from tests.adapters.home_assistant_server import BY_SWITCH, ENTITIES, LITTLE
from tests.adapters.home_assistant_socket import FakeSocket, car_states, said, serve_socket
from tests.adapters.test_home_assistant_socket import SOON, within
from tests.operations.listening_desk import CAR, HASTY, Desk, desk, listening, until

__all__ = ["desk"]

SECOND = LiveCar(2, replace(LITTLE, plug="binary_sensor.second_plug"))


def breaks(times: int, fault: type[Exception]) -> Callable[[], None]:
    """What raises so many times."""
    left = [fault("away")] * times

    def call() -> None:
        if left:
            raise left.pop()

    return call


def test_a_plug_in_is_heard_without_anybody_asking(desk: Desk) -> None:
    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: desk.plugs() == ["off"])
                await fake.change(ENTITIES.plug, "on")
                await until(lambda: desk.plugs() == ["off", "on"])

    within(story())

    assert desk.lost == []


def test_what_happened_while_the_line_was_cut_is_known_afterwards(desk: Desk) -> None:
    async def story() -> int:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: desk.plugs() == ["off"])
                fake.states[ENTITIES.plug] = said("on")
                await fake.cut()
                await until(lambda: desk.plugs() == ["off", "on"])
            return fake.signed_in

    assert within(story()) == 2
    assert desk.lost == [Trouble.NO_ANSWER]


def test_who_is_started_anew_is_listened_to_again(desk: Desk) -> None:
    async def story() -> None:
        first = FakeSocket(car_states())
        async with serve_socket(first):
            desk.listen_to(first.api())
            async with serve_socket(), listening():
                await until(lambda: len(desk.taken) == 1)
        again = FakeSocket(car_states(is_plugged_in=True), port=first.port)
        async with listening():
            await until(lambda: Trouble.OFFLINE in desk.lost)
            async with serve_socket(again):
                await until(lambda: desk.plugs() == ["off", "on"])

    within(story())


def test_who_shows_no_sign_of_life_is_called_anew(desk: Desk) -> None:
    async def story() -> None:
        async with serve_socket(FakeSocket(car_states(), manner="silent")) as fake:
            desk.listen_to(fake.api())
            async with listening(replace(HASTY, rhythm=SOON)):
                await until(lambda: bool(desk.lost))
                fake.manner = "well"
                await fake.until(2)

    within(story())


def test_a_token_that_is_refused_is_not_tried_again_and_a_new_one_is(desk: Desk) -> None:
    async def story() -> list[str]:
        async with serve_socket(FakeSocket(car_states(), token="the new one")) as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: bool(desk.lost))
                looked = desk.looked
                await until(lambda: desk.looked > looked + 5)
                assert len(fake.offered) == 1
                desk.listen_to(fake.api(token="the new one"))
                await until(lambda: desk.plugs() == ["off"])
            return fake.offered

    assert len(within(story())) == 2
    assert desk.lost == [Trouble.SIGN_IN_NEEDED]


def test_so_is_one_whose_refusal_could_not_be_written_down(desk: Desk) -> None:
    desk.breaks["note_lost"] = breaks(1, OperationalError)

    async def story() -> list[str]:
        async with serve_socket(FakeSocket(token="another")) as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: bool(desk.lost) and desk.looked > 9)
            return fake.offered

    assert len(within(story())) == 1


def test_two_cars_share_a_line(desk: Desk) -> None:
    async def story() -> FakeSocket:
        async with serve_socket(FakeSocket(car_states() | {"binary_sensor.second_plug": said("off")})) as fake:
            desk.listen_to(fake.api(), CAR, SECOND)
            async with listening():
                await until(lambda: {pk for pk, _ in desk.taken} == {1, 2})
                await fake.change("binary_sensor.second_plug", "on")
                await until(lambda: len(desk.taken) == 3)
            return fake

    fake = within(story())

    assert len(fake.asked) == 1
    assert set(fake.asked[0]["entity_ids"]) == CAR.wanted | SECOND.wanted
    assert desk.taken[-1][0] == SECOND.pk


def test_who_was_disconnected_is_left_and_another_choice_is_asked_for(desk: Desk) -> None:
    async def story() -> FakeSocket:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await fake.until(1)
                desk.listen_to(fake.api(), LiveCar(1, LITTLE))
                await fake.until(2)
                desk.posts = {}
                for connection in fake.open:
                    await connection.wait_closed()
            return fake

    fake = within(story())

    assert fake.asked[1]["entity_ids"] == sorted([LITTLE.level, LITTLE.plug, LITTLE.switch])
    assert desk.lost == []


def test_who_wants_to_be_left_alone_is_not_called(desk: Desk) -> None:
    desk.rests = timedelta(hours=1)

    async def story() -> list[str]:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: desk.looked > 5)
            return fake.offered

    assert within(story()) == []


@pytest.mark.parametrize("name", ["load_posts", "rest_of", "take_states"])
@pytest.mark.parametrize("fault", [OperationalError, RuntimeError])
def test_what_fails_once_is_done_later(
    desk: Desk, name: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_pace, "NUMBERS_EVERY", 0.01)
    desk.breaks[name] = breaks(1, fault)

    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: bool(fake.open) and not desk.lost)
                await fake.change(ENTITIES.plug, "on")
                await until(lambda: desk.plugs()[-1:] == ["on"])

    within(story())


def test_nonsense_cuts_the_line_and_is_listened_to_later(desk: Desk) -> None:
    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: desk.plugs() == ["off"])
                await fake.say({"a": {ENTITIES.plug: "on"}})
                await until(lambda: desk.plugs() == ["off", "off"])

    within(story())

    assert desk.lost == [Trouble.NO_ANSWER]


def test_what_a_listener_has_heard_of_a_reading_does_not_change_under_it(desk: Desk) -> None:
    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: desk.plugs() == ["off"])
                await fake.say({"r": [BY_SWITCH.plug], "a": {BY_SWITCH.charging: said("on")}})
                await until(lambda: len(desk.taken) == 2)

    within(story())

    assert ENTITIES.plug in desk.taken[0][1]
    assert ENTITIES.plug not in desk.taken[1][1]


def test_a_lost_line_rests_longer_each_time_by_chance_and_never_too_long() -> None:
    tempo = Tempo()
    drawn = [[rest(Random(seed), failures, tempo) for seed in range(200)] for failures in range(1, 40)]

    longest = [min(5.0 * 2**number, 300.0) for number in range(39)]
    assert all(max(rests) <= bound for rests, bound in zip(drawn, longest, strict=True))
    assert all(
        max(rests) > 0.9 * bound and min(rests) < 0.1 * bound for rests, bound in zip(drawn, longest, strict=True)
    )
    assert rest(Random("7:1"), 3, tempo) == rest(Random("7:1"), 3, tempo)
    assert rest(Random("7:1"), 3, tempo) != rest(Random("7:2"), 3, tempo)


@pytest.mark.parametrize(("lives_after", "failures"), [(0.0, [1, 1, 1]), (1000.0, [1, 2, 3])])
def test_a_line_that_worked_for_a_while_begins_to_rest_anew(
    desk: Desk, lives_after: float, failures: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def at_once(_chance: Random, count: int, _tempo: Tempo) -> float:
        counted.append(count)
        return 0.0

    monkeypatch.setattr(listener, "rest", at_once)

    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening(replace(HASTY, lives_after=lives_after)):
                for number in (1, 2, 3):
                    await fake.until(number)
                    await fake.cut()

                await until(lambda: len(counted) >= len(failures))

    within(story())

    assert counted[:3] == failures


def test_it_is_told_to_stop_although_it_is_over() -> None:
    stop, loop = Event(), asyncio.new_event_loop()
    stop.set()
    loop.close()

    listener._tell(stop, loop, asyncio.Event())
