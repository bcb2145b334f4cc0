"""Of two listeners one listens, and the other takes over when it is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, connection
from websockets.protocol import State

from charging.operations import listener
from charging.operations.listener_turn import ListenerTurn
from tests.adapters.home_assistant_socket import serve_socket
from tests.adapters.test_home_assistant_socket import within
from tests.operations.listening_desk import Desk, desk, listening, until

__all__ = ["desk"]


@pytest.fixture
def turns() -> Iterator[tuple[ListenerTurn, ListenerTurn]]:
    found = ListenerTurn(), ListenerTurn()
    yield found
    for turn in found:
        turn.thread.submit(turn.give_back).result()
        turn.thread.shutdown()


def is_mine(turn: ListenerTurn) -> bool:
    return turn.thread.submit(turn.is_mine).result()


def pid_of(turn: ListenerTurn) -> int:
    def asked() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    return turn.thread.submit(asked).result()


@pytest.mark.django_db(transaction=True)
def test_one_has_its_turn_until_it_gives_it_back(turns: tuple[ListenerTurn, ListenerTurn]) -> None:
    first, second = turns
    is_shared = connection.vendor != "postgresql"

    assert [is_mine(first), is_mine(second), is_mine(first)] == [True, is_shared, True]
    first.thread.submit(first.give_back).result()

    assert [is_mine(second), is_mine(first)] == [True, is_shared]


@pytest.mark.django_db(transaction=True)
def test_who_is_cut_off_from_the_database_has_lost_its_turn(turns: tuple[ListenerTurn, ListenerTurn]) -> None:
    first, second = turns
    assert is_mine(first)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid_of(first)])

        assert is_mine(second)
        with pytest.raises(Error):
            is_mine(first)
        assert not is_mine(first)


class Taken(ListenerTurn):
    """Is somebody else's unless `is_free`; counts how often it was asked for."""

    is_free = False
    looks = 0

    def is_mine(self) -> bool:
        self.looks += 1
        return self.is_free

    def give_back(self) -> None:
        """Nothing was held."""


def test_while_it_is_not_its_turn_nobody_is_listened_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = Taken()
    as_usual = listener._Listener
    monkeypatch.setattr(listener, "_Listener", lambda seed, tempo: as_usual(seed, tempo, turn=turn))

    async def story() -> None:
        async with serve_socket() as fake:
            desk.listen_to(fake.api())
            async with listening():
                await until(lambda: turn.looks > 3)
                assert (desk.looked, fake.signed_in) == (0, 0)
                turn.is_free = True
                await until(lambda: fake.signed_in == 1 and len(desk.taken) == 1)
                turn.is_free = False
                await until(lambda: all(line.state is State.CLOSED for line in fake.open))

    within(story())
