"""One line to a Home Assistant: what is said on it becomes readings of the cars behind it, as soon as it has to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from math import inf
from typing import Any

import structlog
from django.db import Error

from charging.adapters.vehicles.home_assistant_live import LiveStates
from charging.adapters.vehicles.home_assistant_socket import Line
from charging.core.news_pace import NewsPace
from charging.operations import live_cars
from charging.operations.clocks import wall_now
from charging.operations.live_cars import LiveCar, Post
from charging.operations.one_of_many import unless_it_fails

log = structlog.get_logger(__name__)

WAITED_FOR = frozenset({"plug", "charging", "switch"})
"""What a plan waits for; all else are numbers that move on."""

Paces = dict[LiveCar, NewsPace]
Ask = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Has the database asked by somebody else, and waits for the answer."""


async def hear_out(post: Post, line: Line, ask: Ask) -> None:
    """Listens until the line is lost. Raises GatewayError then."""
    states, paces = LiveStates(post.wanted), {car: NewsPace() for car in post.cars}
    await line.subscribe(post.wanted)
    while True:
        said = await _said(line, until=min(pace.due_at for pace in paces.values()))
        at = time.monotonic()
        if said is not None:
            _note(states.take(said), paces, at)
        for car, pace in paces.items():
            if pace.is_due(at):
                pace.take(at)
                if not await _is_taken(post, car, states, ask):
                    pace.hear(is_change=False, at=at)


async def _said(line: Line, *, until: float) -> Mapping[str, Any] | None:
    """What is said next, or None at the instant `until` of the clock that only goes forward."""
    try:
        async with asyncio.timeout(None if until == inf else max(until - time.monotonic(), 0)):
            return await line.hear()
    except TimeoutError:
        return None


def _note(told: Mapping[str, bool], paces: Paces, at: float) -> None:
    for car, pace in paces.items():
        if told.keys() & car.wanted:
            is_change = any(
                told.get(entity_id, False) for role, entity_id in car.entities.that_are_read() if role in WAITED_FOR
            )
            pace.hear(is_change=is_change, at=at)


async def _is_taken(post: Post, car: LiveCar, states: LiveStates, ask: Ask) -> bool:
    """Whether the database has it; one that is away is told later."""
    take = partial(live_cars.take_states, post=post, car=car, known=dict(states.known), at_wall=wall_now())
    try:
        await ask(partial(unless_it_fails, take, otherwise=None, connection=post.connection_id))
    except Error:
        log.warning("news is not stored: the database is away", connection=post.connection_id)
        return False
    return True
