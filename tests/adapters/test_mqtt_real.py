"""The gateway to a car at a real Mosquitto, with a password and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt import Memory, MqttGateway
from charging.adapters.vehicles.mqtt_discovery import look_around
from charging.core.states import State
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import FIRST, NOW, PROMISES, GatewayFactory, promise_id
from tests.adapters.mqtt_layouts import EVCC, LAYOUTS, Layout
from tests.adapters.real_broker import CarAtBroker, RealBroker, RealBrokerGateway, real_broker
from tests.operations.connected_night import make_mqtt_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[False, True], ids=["for everybody", "with a password"])
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBroker]:
    with real_broker(tmp_path_factory.mktemp("broker"), needs_password=request.param) as at:
        yield at


@contextmanager
def cars_at(at: RealBroker) -> Iterator[Callable[[Layout], CarAtBroker]]:
    """Gives cars that hang up at the end."""
    cars: list[CarAtBroker] = []

    def make(layout: Layout) -> CarAtBroker:
        cars.append(CarAtBroker(at, layout))
        return cars[-1]

    try:
        yield make
    finally:
        for car in cars:
            car.leave()


@pytest.fixture
def make_car_of(at: RealBroker) -> Iterator[Callable[[Layout], CarAtBroker]]:
    with cars_at(at) as make:
        yield make


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("promise", PROMISES, ids=promise_id)
def test_a_real_broker_keeps_the_promises_of_a_gateway(
    promise: Callable[[GatewayFactory], None], layout: str, make_car_of: Callable[[Layout], CarAtBroker]
) -> None:
    promise(lambda: RealBrokerGateway(make_car_of(LAYOUTS[layout])))


@pytest.mark.parametrize("needs_password", [False, True])
def test_its_car_is_found_and_suggested_as_a_whole(
    needs_password: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # At a broker of its own: so many cars are suggested, and the promises leave more.
    folder = tmp_path_factory.mktemp("broker")
    with real_broker(folder, needs_password=needs_password) as alone, cars_at(alone) as make:
        car = make(EVCC)
        car.live_until(NOW)

        found = look_around(alone.broker())

    assert [each.name for each in found.cars if each.chosen["level"] == car.topics.level] == ["Garage"]


def test_who_is_not_let_in_has_to_sign_in_again(at: RealBroker, make_car_of: Callable[[Layout], CarAtBroker]) -> None:
    car = make_car_of(EVCC)
    memory = Memory()
    broker = at.broker(user="somebody", password="else")
    gateway = MqttGateway(broker, car.topics, memory.load, memory.save)

    if not at.needs_password:
        assert gateway.start(command_id=FIRST, now=NOW).accepted
        return
    with pytest.raises(GatewayError) as raised:
        gateway.start(command_id=FIRST, now=NOW)
    assert raised.value.kind is Trouble.SIGN_IN_NEEDED


@pytest.mark.django_db
def test_a_night_is_what_the_car_heard(
    at: RealBroker, make_car_of: Callable[[Layout], CarAtBroker], monkeypatch: pytest.MonkeyPatch
) -> None:
    car = make_car_of(EVCC)
    night = make_mqtt_night(monkeypatch, RealBrokerGateway(car), address=at.broker().address, topics=car.topics)

    seen = night.let_finish()

    assert seen[-1] == State.FINISHED
    assert night.commands() == ["STOP", "START"]
    topic = EVCC.topics.start
    assert car.heard == [(topic, "off"), (topic, "now")]


def test_a_broker_that_ends_is_offline_and_is_asked_again_when_it_is_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with real_broker(tmp_path_factory.mktemp("broker"), needs_password=False) as at, cars_at(at) as make:
        car = make(EVCC)
        car.live_until(NOW)
        memory = Memory()
        gateway = MqttGateway(at.broker(), car.topics, memory.load, memory.save)
        assert gateway.read(now=NOW) is not None

    with pytest.raises(GatewayError) as raised:
        gateway.read(now=NOW)

    assert raised.value.kind is Trouble.OFFLINE
    with real_broker(tmp_path_factory.mktemp("broker"), needs_password=False, port=at.port), cars_at(at) as make:
        make(EVCC)
        # It has forgotten everything, until the car says it again.
        assert gateway.read(now=NOW + timedelta(minutes=1)) is None
