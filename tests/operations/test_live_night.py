"""A plug-in that a Home Assistant tells by itself is acted on at the next sweep, and so is what became of a command."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import groupby

import pytest
from django.db import connection

from charging.core import news_pace
from charging.core.states import State
from charging.models import Command, Connection, Heartbeat, Vehicle
from charging.operations import listener, listening, live_cars, sweep
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import ENTITIES, serve_home_assistant
from tests.adapters.home_assistant_socket import FakeSocket, said, serve_socket
from tests.adapters.simulated_cars import make_car
from tests.adapters.test_home_assistant_live import as_told
from tests.adapters.test_home_assistant_socket import within
from tests.operations.connected_night import make_connected_night
from tests.operations.listening_desk import listening as a_listener
from tests.operations.listening_desk import until

SOON = timedelta(seconds=15)
AS_IT_CHARGES: dict[str, str | None] = {
    **dict.fromkeys((ENTITIES.plug, ENTITIES.charging, ENTITIES.switch), "on"),
    ENTITIES.power: "10000",
}


class Told:
    """What a listener has taken in, and what time it is for it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        self.taken: list[object] = []
        take = live_cars.take_states
        patch.setattr(live_cars, "take_states", lambda **values: self.taken.append(take(**values)))
        for name in ("SETTLES_IN", "NUMBERS_EVERY"):
            patch.setattr(news_pace, name, 0.001)
        for module in (listener, listening):
            patch.setattr(module, "wall_now", lambda: self.now)

    async def state_after(self, fake: FakeSocket, count: int, *, at: datetime, is_charging: bool) -> State:
        """The car says that it is plugged in, and charging or not; the state that a sweep leaves it in."""
        self.now = at
        words = {ENTITIES.plug: "on"} | dict.fromkeys(
            (ENTITIES.charging, ENTITIES.switch), "on" if is_charging else "off"
        )
        whole = {entity_id: said(word, at) for entity_id, word in words.items()}
        power = said(10_000 if is_charging else 0, at, unit_of_measurement="W")
        await fake.say({"a": {**whole, ENTITIES.power: power}})
        await until(lambda: len(self.taken) == count)
        return await asyncio.to_thread(swept, at)


def swept(at: datetime) -> State:
    """The state of the only car after a sweep, which asks over a connection of its own."""
    try:
        sweep.sweep(at_wall=at)
        return State(Vehicle.objects.get().state)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_plug_in_is_acted_on_at_once_and_so_is_what_came_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeSocket()
    with serve_home_assistant(make_car(is_plugged_in=False, latitude=58.1467, longitude=7.9956)) as home:
        night = make_connected_night(monkeypatch, home.gateway(), address=home.url)
        night.let_pass(timedelta(minutes=2))
        assert night.vehicle.state == State.CONSIDERING
        told = Told(monkeypatch)
        fake.states = as_told(home)

        async def story() -> list[State]:
            async with serve_socket(fake):
                await asyncio.to_thread(listen_at, fake.port)
                async with a_listener():
                    await until(lambda: len(told.taken) == 1)
                    home.changed = AS_IT_CHARGES
                    home.asked.clear()
                    # Its power is measured first.
                    charging = [
                        await told.state_after(fake, 2 + number, at=night.now + number * SOON, is_charging=True)
                        for number in range(5)
                    ]
                    stopped = await told.state_after(fake, 7, at=night.now + 5 * SOON, is_charging=False)
                    return [*charging, stopped]

        seen = within(story())

    assert [state for state, _ in groupby(seen)] == [State.CONSIDERING, State.STOPPING, State.STOPPED]
    assert [command.status for command in Command.objects.all()] == ["CONFIRMED"]
    assert [path for method, path in home.asked if method == "POST"] == ["/api/services/switch/turn_off"]
    # When it was plugged in the car was asked too, and then never again.
    assert home.asked.count(("GET", f"/api/states/{ENTITIES.level}")) == 1
    assert Heartbeat.objects.filter(name="listener").exists()


def listen_at(port: int) -> None:
    try:
        Connection.objects.update(address=f"http://127.0.0.1:{port}")
    finally:
        connection.close()
