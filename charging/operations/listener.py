"""Listens to every Home Assistant that has cars, each by one line; while there is none the cars are asked as before.

A line that is lost is opened again, later and later, by chance. What is said first on a new one is everything as it is
now, so that what happened meanwhile is known.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from random import Random
from threading import Event, Thread
from typing import TypeVar

import structlog
from django.db import Error, close_old_connections, connection

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_socket import USUAL, Rhythm, open_line
from charging.core.trouble import Trouble
from charging.operations import live_cars
from charging.operations.clocks import wall_now
from charging.operations.listener_turn import ListenerTurn
from charging.operations.listening import hear_out
from charging.operations.live_cars import Post
from charging.operations.sweep import beat

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds: how often is looked whom to listen to, and how long a lost line rests at most, the first time and ever.

    A line that was open for `lives_after` works. Not more than one line is opened per `opens_every`, on an average.
    """

    looks_every: float = 10.0
    rests_at_first: float = 5.0
    rests_at_most: float = 300.0
    lives_after: float = 60.0
    opens_every: float = 0.05
    rhythm: Rhythm = USUAL


def listen(stop: Event, *, seed: int, tempo: Tempo | None = None) -> None:
    """Listens until `stop` is set. Waiting times are drawn from `seed`."""
    asyncio.run(listen_until(stop, seed=seed, tempo=tempo or Tempo()))


async def listen_until(stop: Event, *, seed: int, tempo: Tempo) -> None:
    """The same in a loop that runs already."""
    await _Listener(seed, tempo).run(stop)


def rest(chance: Random, failures: int, tempo: Tempo) -> float:
    """Returns how many seconds a line rests that failed so many times in a row: up to twice as long each time."""
    longest = tempo.rests_at_first * 2 ** min(max(failures - 1, 0), 16)
    return chance.uniform(0, min(tempo.rests_at_most, longest))


@dataclass(slots=True)
class _Listener:
    """Who is listened to, by connection. The database is asked by one thread, one question after the other."""

    seed: int
    tempo: Tempo
    running: dict[int, tuple[Post, asyncio.Task[None]]] = field(default_factory=dict)
    ending: set[asyncio.Task[None]] = field(default_factory=set)
    asking: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "listener-database"))
    turn: ListenerTurn = field(default_factory=ListenerTurn)

    async def run(self, stop: Event) -> None:
        is_over = asyncio.Event()
        told = (stop, asyncio.get_running_loop(), is_over)
        Thread(target=_tell, args=told, name="listener-stop", daemon=True).start()
        try:
            while not is_over.is_set():
                await self._look()
                await _wait(is_over, self.tempo.looks_every)
        finally:
            self._leave(list(self.running))
            await asyncio.gather(*self.ending, return_exceptions=True)
            await self._ask(_close)
            self.asking.shutdown(wait=False)
            await self._in_turn(self.turn.give_back)
            self.turn.thread.shutdown(wait=False)

    async def _look(self) -> None:
        """Begins to listen to who came, and leaves who went. A database that is away changes nothing.

        While another one listens, nobody is listened to here.
        """
        try:
            if not await self._in_turn(self.turn.is_mine):
                self._leave(list(self.running))
                return
            posts = await self._ask(live_cars.load_posts)
            await self._ask(partial(beat, name="listener", at_wall=wall_now()))
        except Error:
            log.warning("the listener cannot reach the database", exc_info=True)
            return
        except Exception:
            log.exception("whom to listen to is not known")
            return
        self._leave([pk for pk, (post, _) in self.running.items() if posts.get(pk) != post])
        new = [post for pk, post in posts.items() if pk not in self.running]
        for post in new:
            within = len(new) * self.tempo.opens_every
            self.running[post.connection_id] = post, asyncio.create_task(self._keep(post, within))

    def _leave(self, connection_ids: list[int]) -> None:
        for connection_id in connection_ids:
            _, task = self.running.pop(connection_id)
            task.cancel()
            self.ending.add(task)
            task.add_done_callback(self.ending.discard)

    async def _keep(self, post: Post, within: float) -> None:
        """Begins to listen within so many seconds, and goes on for as long as the token is taken."""
        chance, failures = Random(f"{self.seed}:{post.connection_id}"), 0  # noqa: S311 - no secret
        await asyncio.sleep(chance.uniform(0, within))
        while True:
            began_at = time.monotonic()
            try:
                await self._listen(post)
            except GatewayError as error:
                await self._note(post, error)
                if error.kind is Trouble.SIGN_IN_NEEDED:
                    return
            except Error:
                log.warning("not listening: the database is away", connection=post.connection_id)
            except Exception:
                log.exception("listening failed", connection=post.connection_id)
            has_lived = time.monotonic() - began_at >= self.tempo.lives_after
            failures = 1 if has_lived else failures + 1
            await asyncio.sleep(rest(chance, failures, self.tempo))

    async def _listen(self, post: Post) -> None:
        """One line, until it is lost. Raises GatewayError."""
        waits = await self._ask(partial(live_cars.rest_of, post=post, at_wall=wall_now()))
        await asyncio.sleep(waits.total_seconds())
        async with open_line(post.api, self.tempo.rhythm) as line:
            log.info("listening", connection=post.connection_id)
            await hear_out(post, line, self._ask)

    async def _note(self, post: Post, error: GatewayError) -> None:
        try:
            await self._ask(partial(live_cars.note_lost, post=post, error=error, at_wall=wall_now()))
        except Error:
            log.warning("a lost line is not noted: the database is away", connection=post.connection_id)

    async def _in_turn(self, question: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.turn.thread, question)

    async def _ask(self, question: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.asking, _asked, question)


def _asked(question: Callable[[], T]) -> T:
    close_old_connections()
    return question()


def _close() -> None:
    """Gives back the connection of the thread that asks."""
    connection.close()


async def _wait(is_over: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await is_over.wait()
    except TimeoutError:
        pass


def _tell(stop: Event, loop: asyncio.AbstractEventLoop, is_over: asyncio.Event) -> None:
    """Passes on to a loop that it is over."""
    stop.wait()
    try:
        loop.call_soon_threadsafe(is_over.set)
    except RuntimeError:
        # It was over before.
        return
