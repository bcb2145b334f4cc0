"""Cars that are read and commanded through a broker: connected, changed, disconnected, and judged topic by topic."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from charging.adapters.sealed import seal_for
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt_topics import topics_to_json
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.operations import connected_cars, telemetry
from charging.operations.gateways import gateway_of
from charging.operations.issues import Refused
from charging.operations.linking import LinkedCar
from charging.operations.mqtt_cars import topic_issues
from charging.operations.mqtt_choices import choices_behind
from charging.operations.users import authorize, end_authorization
from tests.adapters.mqtt_layouts import EVCC, HOME
from tests.adapters.mqtt_server import FakeBroker
from tests.connections import SECRET, codes, connect_broker, make_connection, make_mqtt_car
from tests.factories import NOW, make_location

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
CHOSEN = topics_to_json(EVCC.topics)
CAR = LinkedCar(gateway="mqtt", vendor="VOLVO", battery_capacity_kwh=60, max_power_kw=10, display_name="Our car")


@pytest.fixture
def car(alice: Driver, broker: FakeBroker) -> Vehicle:
    return make_mqtt_car(driver=alice, address=broker.url)


def test_what_a_car_says_is_stored_and_it_stands_at_the_first_place(car: Vehicle, broker: FakeBroker) -> None:
    place = make_location(driver=car.driver, latitude=HOME[0], longitude=HOME[1])

    assert telemetry.poll(vehicle=car, now=NOW)

    car.view.refresh_from_db()
    assert (car.view.is_plugged_in, car.view.observed_at, car.view.location) == (True, NOW, place)


def test_a_car_whose_driver_has_no_place_yet_stands_nowhere(car: Vehicle) -> None:
    reading = gateway_of(car).read(now=NOW)

    assert reading is not None
    assert (reading.latitude, reading.longitude) == (None, None)


def test_since_when_something_is_said_is_remembered_from_one_reading_to_the_next(
    alice: Driver, broker: FakeBroker
) -> None:
    car = make_mqtt_car(driver=alice, address=broker.url)
    ConnectedCar.objects.update(entities={use: text for use, text in CHOSEN.items() if use != "alive"})
    broker.changed = {EVCC.topics.power: "7000", EVCC.topics.level: "40"}
    first = gateway_of(car).read(now=NOW)

    again = gateway_of(Vehicle.objects.get()).read(now=NOW + 30 * MINUTE)

    assert first is not None
    assert again == first
    assert "40" not in str(ConnectedCar.objects.get().seen)


def test_every_wish_goes_through_the_connection(car: Vehicle, broker: FakeBroker) -> None:
    gateway = gateway_of(car)

    assert gateway.stop(command_id=uuid4(), hold=None, now=NOW).accepted
    assert gateway.start(command_id=uuid4(), now=NOW).accepted
    assert not gateway.renew(hold=None, now=NOW).accepted  # type: ignore[arg-type]

    assert broker.said == [(EVCC.topics.stop, "off"), (EVCC.topics.start, "now")]
    assert (gateway.has_lease, gateway.poll_interval, car.has_lease) == (False, timedelta(minutes=2), False)


@pytest.mark.parametrize("how", ["disconnected", "another row's secret", "a secret of something else"])
def test_a_car_without_a_secret_of_its_own_is_asked_nothing(car: Vehicle, broker: FakeBroker, how: str) -> None:
    connection = car.connected.connection
    if how == "disconnected":
        car.connected.delete()
    elif how == "another row's secret":
        other = make_connection(driver=car.driver, token=SECRET)
        Connection.objects.filter(pk=connection.pk).update(encrypted_secret=other.encrypted_secret)
    else:
        sealed = seal_for(connection.owner, "a token")
        Connection.objects.filter(pk=connection.pk).update(encrypted_secret=sealed)

    with pytest.raises(GatewayError) as raised:
        gateway_of(Vehicle.objects.get()).read(now=NOW)

    assert raised.value.kind is Trouble.SIGN_IN_NEEDED
    assert broker.asked == 0


def test_choices_have_labels_and_what_is_behind_is_noted(car: Vehicle, broker: FakeBroker) -> None:
    connection = car.connected.connection

    choices = choices_behind(connection=connection, at_wall=NOW)

    assert [(each.label, each.key) for each in choices.cars] == [("evcc: Garage", EVCC.topics.level)]
    assert ("evcc/status", "online") in choices.topics
    connection.refresh_from_db()
    assert connection.last_answer_at == NOW


@pytest.mark.parametrize("how", ["no answer", "a secret that does not open"])
def test_where_nothing_can_be_listed_it_is_told_why(car: Vehicle, broker: FakeBroker, how: str) -> None:
    connection = car.connected.connection
    broker.refusal = 3
    if how != "no answer":
        connection.encrypted_secret = seal_for("somebody else", SECRET)

    with pytest.raises(Refused) as refused:
        choices_behind(connection=connection, at_wall=NOW)

    connection.refresh_from_db()
    expected = ("OFFLINE", "address") if how == "no answer" else ("SIGN_IN_NEEDED", "user")
    assert codes(refused) == [expected]
    assert connection.trouble == ("OFFLINE" if how == "no answer" else "")


def test_a_car_is_connected_changed_and_disconnected(alice: Driver, broker: FakeBroker) -> None:
    connection = connect_broker(alice, broker.url)
    car = connected_cars.connect_car(driver=alice, connection=connection, car=CAR, chosen=CHOSEN | {"x": "y"}, now=NOW)
    assert ConnectedCar.objects.get().entities == CHOSEN
    telemetry.poll(vehicle=car, now=NOW)
    assert ConnectedCar.objects.get().seen

    other = CHOSEN | {"level": "another/level"}
    connected_cars.connect_again(vehicle=car, connection=connection, car=CAR, chosen=other, now=NOW)

    behind = ConnectedCar.objects.get()
    assert (behind.entities["level"], behind.seen) == ("another/level", {})
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)
    assert not ConnectedCar.objects.filter(vehicle=car).exists()
    assert not Connection.objects.exists()


def test_one_that_is_disconnected_stays_so_when_its_user_authorizes_again(car: Vehicle) -> None:
    connected_cars.disconnect_car(vehicle=car, at_wall=NOW)
    end_authorization(driver=car.driver, at_wall=NOW)

    authorize(driver=Driver.objects.get(pk=car.driver_id), at_wall=NOW)

    car.refresh_from_db()
    assert not car.is_capable


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"level": ""}, [("LEVEL_MISSING", "level")]),
        ({"plug": ""}, [("PLUG_MISSING", "plug")]),
        ({"start": ""}, [("CONTROL_MISSING", "start")]),
        ({"start": "", "stop": ""}, [("CONTROL_MISSING", "start"), ("CONTROL_MISSING", "stop")]),
        ({"stop": "garage/#"}, [("TOPIC_INVALID", "stop")]),
        ({"level": "garage/+/level"}, [("TOPIC_INVALID", "level")]),
        ({"level": "garage $"}, [("TOPIC_INVALID", "level")]),
        ({"level": "garage $.a..b"}, [("TOPIC_INVALID", "level")]),
        ({"level": "garage $.a.b[0]"}, []),
        ({"alive": "x" * 301}, [("TOPIC_INVALID", "alive")]),
        ({"limit": "a\nb"}, [("TOPIC_INVALID", "limit")]),
        ({"power_unit": "hp"}, [("UNIT_INVALID", "power_unit")]),
        ({"stop_payload": "x" * 201}, [("TEXT_TOO_LONG", "stop_payload")]),
        ({"plug_words": "a\0"}, [("TEXT_TOO_LONG", "plug_words")]),
        ({"start_payload": ""}, []),
    ],
    ids=str,
)
def test_each_topic_is_judged(values: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert [(issue.code, issue.path) for issue in topic_issues(CHOSEN | values)] == expected
