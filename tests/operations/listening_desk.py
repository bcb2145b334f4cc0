"""What a listener is told and tells, kept in memory in place of the database; and a listener for as long as a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi
from charging.adapters.vehicles.home_assistant_socket import Rhythm
from charging.adapters.vehicles.home_assistant_states import EntityState
from charging.core import news_pace
from charging.core.trouble import Trouble
from charging.operations import listener, live_cars
from charging.operations.listener import Tempo, listen_until
from charging.operations.listener_turn import ListenerTurn
from charging.operations.live_cars import LiveCar, Post
from tests.adapters.home_assistant_server import BY_SWITCH, ENTITIES

HASTY = Tempo(
    looks_every=0.01, rests_at_first=0.01, rests_at_most=0.02, opens_every=0.001, rhythm=Rhythm(answers_within=5.0)
)
CAR = LiveCar(1, BY_SWITCH)


@dataclass
class Desk:
    """`posts` are whom to listen to; `taken` what was heard of which car, `lost` why nothing is heard.

    Each call of `breaks` may raise in place of an answer, by its name.
    """

    posts: dict[int, Post] = field(default_factory=dict)
    rests: timedelta = timedelta()
    looked: int = 0
    taken: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    lost: list[Trouble] = field(default_factory=list)
    breaks: dict[str, Callable[[], None]] = field(default_factory=dict)

    def listen_to(self, api: HomeAssistantApi, *cars: LiveCar, connection_id: int = 1) -> None:
        post = Post(connection_id, api, cars or (CAR,))
        self.posts = {**self.posts, connection_id: post}

    def load_posts(self) -> dict[int, Post]:
        self.looked += 1
        self._break("load_posts")
        return dict(self.posts)

    def rest_of(self, *, post: Post, at_wall: datetime) -> timedelta:
        self._break("rest_of")
        return self.rests

    def note_lost(self, *, post: Post, error: GatewayError, at_wall: datetime) -> None:
        self.lost.append(error.kind)
        self._break("note_lost")
        if error.kind is Trouble.SIGN_IN_NEEDED and self.posts.get(post.connection_id) == post:
            self.posts = {pk: other for pk, other in self.posts.items() if pk != post.connection_id}

    def take_states(self, *, post: Post, car: LiveCar, known: Mapping[str, EntityState], at_wall: datetime) -> None:
        self._break("take_states")
        self.taken.append((car.pk, {entity_id: state.state for entity_id, state in known.items()}))

    def plugs(self, car: LiveCar = CAR) -> list[str]:
        """What was taken in of the plug, one after the other."""
        return [states[ENTITIES.plug] for pk, states in self.taken if pk == car.pk]

    def _break(self, name: str) -> None:
        self.breaks.get(name, lambda: None)()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """In place of the database; and what is news counts at once."""
    desk = Desk()
    for name in ("load_posts", "rest_of", "note_lost", "take_states"):
        monkeypatch.setattr(live_cars, name, getattr(desk, name))
    monkeypatch.setattr(ListenerTurn, "is_mine", lambda _turn: True)
    monkeypatch.setattr(ListenerTurn, "give_back", lambda _turn: None)
    monkeypatch.setattr(listener, "beat", lambda **_values: None)
    monkeypatch.setattr(news_pace, "SETTLES_IN", 0.0)
    return desk


async def until(is_so: Callable[[], bool]) -> None:
    """Waits until it comes true: who never sees it is stopped by the time that a story may take."""
    while not is_so():
        await asyncio.sleep(0.002)


@asynccontextmanager
async def listening(tempo: Tempo = HASTY) -> AsyncIterator[Any]:
    """A listener, stopped at the end."""
    stop = Event()
    task = asyncio.create_task(listen_until(stop, seed=7, tempo=tempo))
    try:
        yield task
    finally:
        stop.set()
        await task
