"""The gateway to a car behind a real Home Assistant that discovered it by MQTT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_discovery import look_around
from charging.core.states import State
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import FIRST, NOW, PROMISES, GatewayFactory, promise_id
from tests.adapters.mqtt_car import MqttCar, RealGateway
from tests.adapters.real_home_assistant import RealHomeAssistant, real_home_assistant
from tests.operations.connected_night import make_connected_night

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHomeAssistant]:
    with real_home_assistant(tmp_path_factory.mktemp("home-assistant")) as home:
        yield home


@pytest.mark.parametrize("by", ["switch", "buttons"])
@pytest.mark.parametrize("promise", PROMISES, ids=promise_id)
def test_a_real_home_assistant_keeps_the_promises_of_a_gateway(
    promise: Callable[[GatewayFactory], None], by: str, home: RealHomeAssistant
) -> None:
    promise(lambda: RealGateway(MqttCar(home, by)))


def test_its_car_is_found_and_suggested_as_a_whole(home: RealHomeAssistant) -> None:
    car = MqttCar(home)
    car.live_until(NOW)

    found = look_around(home.api())

    assert found.name == "Our house"
    of_it = [each for each in found.candidates if each.device == f"Family car {home.count}"]
    likely = {use: each.entity_id for each in of_it for use in each.likely}
    assert likely == dict(car.entities.that_are_read())


def test_a_token_that_is_none_needs_the_driver(home: RealHomeAssistant) -> None:
    car = MqttCar(home)

    with pytest.raises(GatewayError) as raised:
        HomeAssistantGateway(replace(home.api(), token="nonsense"), car.entities).read(now=datetime.now(UTC))

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED


def test_what_was_removed_refuses_commands(home: RealHomeAssistant) -> None:
    car = MqttCar(home)
    car.live_until(NOW)
    gone = replace(car.entities, switch="switch.nothing_of_this_name")

    answer = HomeAssistantGateway(home.api(), gone).start(command_id=FIRST, now=datetime.now(UTC))

    assert not answer.accepted


@pytest.mark.django_db
def test_a_night_is_seen_in_its_own_history(home: RealHomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    began_at = datetime.now(UTC)
    car = MqttCar(home)
    night = make_connected_night(monkeypatch, RealGateway(car), address=home.url)

    seen = night.let_finish()

    assert seen[-1] == State.FINISHED
    assert night.commands() == ["STOP", "START"]
    orders, switch = f"sensor.{car.key}_order", car.entities.switch
    period = f"/api/history/period/{began_at.isoformat().replace('+00:00', 'Z')}"
    history = home.get(f"{period}?filter_entity_id={orders},{switch}")
    told = {states[0]["entity_id"]: [state["state"] for state in states] for states in history}
    assert [state for state in told[orders] if state in {"START", "STOP"}] == ["STOP", "START"]
    # It charged when it came, waited, charged, and ended full.
    assert [state for state in told[switch] if state in {"on", "off"}] == ["on", "off", "on", "off"]
