"""Readings and reads at a steady pace, whoever answers or not; how long each took from when it was meant to begin."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from time import perf_counter
from typing import Any

import httpx

from charging.operations.clocks import wall_now
from tests.bench.load_fleet import LATITUDE, LONGITUDE, TOKEN, LoadFleet

BATCH = 20
"""Readings in one call: an energy company pushes its fleet's together."""
ARRIVALS_A_SECOND = 1
"""How many cars come home and are plugged in: their reading is one of those that are pushed."""
TELLS_NEWS = 0.05
"""How many of the readings of a plugged-in car have another level than the one before."""
PAGES = ("/car/{}/", "/car/{}/", "/prices/", "/history/", "/car/{}/health/")


@dataclass
class Seen:
    """Milliseconds by kind of call, and answers that were none."""

    took: dict[str, list[float]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    readings: int = 0


async def load(
    url: str, *, fleet: LoadFleet, cookies: list[str], seconds: float, readings: float, reads: float, seed: int
) -> Seen:
    """Calls for that long: `readings` and `reads` a second, a fifth of the reads being pages of drivers.

    Who arrives leaves `fleet.away`, and levels go down in `fleet.levels`.
    """
    draw, seen = Random(seed), Seen()
    home = [one for one in fleet.levels if one not in set(fleet.away)]
    turns = count()
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30, trust_env=False) as caller:
        token = {"Authorization": f"Bearer {TOKEN}"}

        async def push() -> httpx.Response:
            told = [_reading(one, fleet.levels, draw) for one in draw.sample(home, BATCH)]
            if next(turns) % (readings / BATCH / ARRIVALS_A_SECOND) < 1 and fleet.away:
                home.append(fleet.away.pop())
                told[-1] = _reading(home[-1], fleet.levels, draw) | {"latitude": LATITUDE, "longitude": LONGITUDE}
            answer = await caller.post("/api/readings", json=told, headers=token)
            if answer.is_success:
                seen.readings += sum(one["status"] == "ACCEPTED" for one in answer.json())
            return answer

        async def read() -> httpx.Response:
            one = draw.choice(home)
            path = draw.choice((f"vehicles/{one}", f"vehicles/{one}/smart-charging-status", "vehicles?pageSize=50"))
            return await caller.get(f"/api/{path}", headers=token)

        async def page() -> httpx.Response:
            number = draw.randrange(len(cookies))
            path = draw.choice(PAGES).format(fleet.seen[number])
            return await caller.get(path, headers={"Cookie": cookies[number]})

        async with asyncio.TaskGroup() as paces:
            paces.create_task(_pace("readings", push, readings / BATCH, seconds, seen))
            paces.create_task(_pace("api", read, reads * 0.8, seconds, seen))
            paces.create_task(_pace("pages", page, reads * 0.2, seconds, seen))
    return seen


def _reading(car: str, levels: dict[str, int], draw: Random) -> dict[str, Any]:
    """What a car says that stands plugged in: mostly what it said before."""
    if draw.random() < TELLS_NEWS:
        levels[car] -= 1
    now: datetime = wall_now().astimezone(UTC)
    said = {"vehicleId": car, "observedAt": now.isoformat(), "batteryLevel": levels[car], "chargeLimit": 80}
    return said | {"isPluggedIn": True, "isCharging": False}


async def _pace(
    kind: str, call: Callable[[], Awaitable[httpx.Response]], a_second: float, seconds: float, seen: Seen
) -> None:
    """Begins a call at each mark of a steady clock; one that waits for its turn has begun all the same."""
    begin, took = perf_counter(), seen.took.setdefault(kind, [])

    async def one(meant_at: float) -> None:
        try:
            answer = await call()
        except httpx.HTTPError as problem:
            seen.faults[f"{kind} {type(problem).__name__}"] += 1
            return
        took.append((perf_counter() - meant_at) * 1000)
        if answer.status_code != 200:
            seen.faults[f"{kind} {answer.status_code}"] += 1

    async with asyncio.TaskGroup() as calls:
        for number in range(int(seconds * a_second)):
            meant_at = begin + number / a_second
            await asyncio.sleep(max(0.0, meant_at - perf_counter()))
            calls.create_task(one(meant_at))
