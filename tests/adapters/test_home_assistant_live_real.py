"""Listening to a real Home Assistant: what changes there is heard within seconds, also after it was started anew."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from threading import Event, Thread

import pytest
from paho.mqtt import publish

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_live import LiveStates, reading_told, wanted_of
from charging.adapters.vehicles.home_assistant_socket import open_line
from charging.core.trouble import Trouble
from charging.models import Vehicle, VehicleView
from charging.operations.listener import listen
from charging.operations.live_cars import LiveCar
from tests.adapters.gateway_contract import NOW
from tests.adapters.mqtt_car import MqttCar
from tests.adapters.real_home_assistant import RealHomeAssistant, real_home_assistant, wait_until
from tests.adapters.test_home_assistant_socket import within
from tests.connections import make_connection, put_behind
from tests.factories import make_driver, make_vehicle
from tests.operations.listening_desk import Desk, desk, listening, until

__all__ = ["desk"]

pytestmark = pytest.mark.slow
AT_LEAST_SOONER = 20
"""So many times sooner than the shortest poll a change counts, on a busy machine too."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHomeAssistant]:
    with real_home_assistant(tmp_path_factory.mktemp("home-assistant")) as home:
        yield home


def test_what_is_told_is_the_reading_that_asking_gives(home: RealHomeAssistant) -> None:
    car = MqttCar(home)
    car.live_until(NOW)
    entities, now = car.entities, datetime.now(UTC)

    async def story() -> LiveStates:
        states = LiveStates(wanted_of(entities))
        async with open_line(home.api()) as line:
            await line.subscribe(states.wanted)
            states.take(await line.hear())
        return states

    states = within(story())

    assert reading_told(entities, states.known, now) == HomeAssistantGateway(home.api(), entities).read(now=now)


def test_a_token_that_is_none_needs_the_driver(home: RealHomeAssistant) -> None:
    async def story() -> None:
        async with open_line(replace(home.api(), token="nonsense")):
            raise AssertionError("it was taken")

    with pytest.raises(GatewayError) as raised:
        within(story())

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED


def test_an_entity_that_goes_and_comes_is_heard(home: RealHomeAssistant, desk: Desk) -> None:
    car = MqttCar(home)
    car.live_until(NOW)
    plug = car.entities.plug
    desk.listen_to(home.api(), LiveCar(1, car.entities))

    async def story() -> None:
        async with listening():
            await until(lambda: said_of(desk, plug) == ["on"])
            await asyncio.to_thread(home.publish, f"homeassistant/binary_sensor/{car.key}_plug/config", "")
            await until(lambda: said_of(desk, plug)[-1] in {None, "unavailable"})
            shared = {"device": {"identifiers": [car.key]}, "device_class": "plug"}
            await asyncio.to_thread(car.discover, "binary_sensor", "plug", shared)
            await asyncio.to_thread(home.publish, car.topic("plug"), "OFF")
            await until(lambda: said_of(desk, plug)[-1] == "off")

    within(story())

    assert desk.lost == []


def test_one_that_is_started_anew_is_listened_to_again_and_nothing_is_missed(
    home: RealHomeAssistant, desk: Desk
) -> None:
    car = MqttCar(home)
    car.live_until(NOW)
    plug = car.entities.plug
    desk.listen_to(home.api(), LiveCar(1, car.entities))

    async def story() -> None:
        async with listening():
            await until(lambda: said_of(desk, plug) == ["on"])
            await asyncio.to_thread(home.stop)
            # Unplugged while nobody could hear of it.
            publish.single(car.topic("plug"), "OFF", retain=True, hostname="127.0.0.1", port=home.broker_port)
            await until(lambda: Trouble.OFFLINE in desk.lost)
            await asyncio.to_thread(home.start_again)
            await until(lambda: said_of(desk, plug)[-1] == "off")
            await asyncio.to_thread(home.publish, car.topic("plug"), "ON")
            await until(lambda: said_of(desk, plug)[-1] == "on")

    within(story(), seconds=180)

    assert Trouble.SIGN_IN_NEEDED not in desk.lost


def said_of(desk: Desk, entity_id: str) -> list[str | None]:
    """What was taken in of an entity, one after the other; None where it was not there."""
    return [states.get(entity_id) for _, states in desk.taken]


@pytest.mark.django_db(transaction=True)
def test_a_change_there_is_a_reading_here_within_seconds(
    home: RealHomeAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    car = MqttCar(home)
    car.live_until(NOW)
    driver = make_driver(clock_wall_anchor=datetime.now(UTC), clock_own_anchor=datetime.now(UTC))
    vehicle = make_vehicle(driver=driver)
    put_behind(make_connection(driver=driver, address=home.url, token=home.token), vehicle, car.entities)
    stop = Event()
    listener = Thread(target=listen, args=(stop,), kwargs={"seed": 7})
    listener.start()
    try:
        wait_until(lambda: is_seen(vehicle, plugged_in=True), within=60, what="nothing was heard")
        took = [seconds_until_seen(home, car, vehicle, plugged_in=bool(number % 2)) for number in range(8)]
    finally:
        stop.set()
        listener.join()

    poll_seconds = HomeAssistantGateway(home.api(), car.entities).poll_interval.total_seconds()
    with capsys.disabled():
        sys.stdout.write(
            f"\nfrom a change there to its reading here: median {median(took):.2f} s, slowest {max(took):.2f} s, "
            f"{poll_seconds / median(took):.0f} times sooner than the shortest poll ({poll_seconds:.0f} s)\n"
        )
    assert poll_seconds / max(took) > AT_LEAST_SOONER


def seconds_until_seen(home: RealHomeAssistant, car: MqttCar, vehicle: Vehicle, *, plugged_in: bool) -> float:
    """How long from telling Home Assistant to the row that a decision reads."""
    began_at = time.monotonic()
    home.publish(car.topic("plug"), "ON" if plugged_in else "OFF")
    wait_until(lambda: is_seen(vehicle, plugged_in=plugged_in), within=60, what="a change was not heard")
    return time.monotonic() - began_at


def is_seen(vehicle: Vehicle, *, plugged_in: bool) -> bool:
    return VehicleView.objects.filter(vehicle=vehicle, is_plugged_in=plugged_in).exists()
