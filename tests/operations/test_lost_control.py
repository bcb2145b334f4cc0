"""What a car can do no more after it was connected well: found, told on the dashboard, and gone when it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pytest_django import Settings

from charging.core.obstacle import HOLDS_AFTER, Control, Obstacle
from charging.core.states import State
from charging.models import Command, ConnectedCar, Vehicle
from charging.operations import car_control, connected_cars, users
from charging.operations.linking import LinkedCar
from charging.operations.readiness import readiness
from tests.adapters.enode_server import NEVER
from tests.adapters.home_assistant_server import ENTITIES
from tests.adapters.mqtt_layouts import EVCC
from tests.connections import make_connected_car, make_connection
from tests.factories import NOW, make_driver, make_due
from tests.operations.far_ends import ENDS, FarEnd
from tests.operations.guarded_night import GuardedNight, make_night_before_its_start

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BLOCKED = {"isCapable": False, "interventionIds": ["int-1"]}


@dataclass(frozen=True)
class Loss:
    """How it is lost by one way in; what the driver reads: the card's title, the row's reason; whether control goes."""

    kind: str
    happens: Callable[[FarEnd], None]
    title: str
    row: tuple[str, str]
    takes_control: bool = True


def _changed(name: str) -> Callable[[FarEnd], None]:
    """An entity, or a topic, is not there any more."""
    return lambda end: end.server.changed.update({name: None})


def _told(**what: Mapping[str, object] | list[str]) -> Callable[[FarEnd], None]:
    return lambda end: end.server.told.update(what)


def _capability(name: str, how: Mapping[str, object]) -> Callable[[FarEnd], None]:
    return _told(capabilities={name: how})


def _closed(end: FarEnd) -> None:
    end.server.manner = "keeps it all to itself"


LOSSES = {
    "home_assistant, the switch": Loss(
        "home_assistant",
        _changed(ENTITIES.switch),
        "Home Assistant has lost what starts and stops your car",
        ("control", "control_gone"),
    ),
    "home_assistant, the level": Loss(
        "home_assistant",
        _changed(ENTITIES.level),
        "Home Assistant has lost what tells us about your car",
        ("answers", "reading_gone"),
        takes_control=False,
    ),
    "enode, the scope": Loss(
        "enode",
        _told(scopes=["vehicle:read:data"]),
        "We may not start and stop your car any more",
        ("control", "scope_withdrawn"),
    ),
    "enode, blocked": Loss(
        "enode",
        _capability("startCharging", BLOCKED),
        "One thing to switch on in your car",
        ("control", "blocked"),
    ),
    "enode, for good": Loss(
        "enode",
        _capability("stopCharging", NEVER),
        "Your car cannot be started and stopped from here any more",
        ("control", "not_possible"),
    ),
    "enode, the level": Loss(
        "enode",
        _capability("chargeState", NEVER),
        "Your car does not tell its battery level any more",
        ("answers", "reading_gone"),
        takes_control=False,
    ),
    "mqtt, the plug": Loss(
        "mqtt",
        _changed(EVCC.topics.plug),
        "Nothing is published about your car any more",
        ("answers", "reading_gone"),
        takes_control=False,
    ),
    "mqtt, the permission": Loss(
        "mqtt",
        _closed,
        "Your MQTT broker does not let us read your car any more",
        ("control", "scope_withdrawn"),
    ),
}


@pytest.fixture(params=LOSSES)
def loss(request: pytest.FixtureRequest) -> Loss:
    return LOSSES[request.param]


@pytest.fixture
def end(loss: Loss, settings: Settings) -> Iterator[FarEnd]:
    with ENDS[loss.kind](settings) as end:
        yield end


@pytest.fixture
def story(end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> GuardedNight:
    return make_night_before_its_start(monkeypatch, end)


def mend(end: FarEnd) -> None:
    for name in ("changed", "told"):
        getattr(end.server, name, {}).clear()
    end.mend()


def reason_of(story: GuardedNight, code: str) -> str:
    vehicle = Vehicle.objects.get(pk=story.night.vehicle.pk)
    return next(check.reason for check in readiness(vehicle=vehicle, now=story.night.now) if check.code == code)


def test_what_is_lost_is_told_with_what_to_do_and_gone_when_it_is_back(
    loss: Loss, end: FarEnd, story: GuardedNight
) -> None:
    # At the next look, before the car would be started.
    ConnectedCar.objects.update(control_looked_at=None)
    loss.happens(end)

    story.night.let_pass(8 * MINUTE)
    assert "control" not in story.cards, "it may still come back by itself"
    story.night.let_pass(20 * MINUTE)

    assert story.cards["control"] == loss.title
    assert reason_of(story, loss.row[0]) == loss.row[1]
    vehicle = Vehicle.objects.get(pk=story.night.vehicle.pk)
    assert vehicle.is_capable is not loss.takes_control
    if loss.takes_control:
        # It was held: it is let go as far as anybody hears it, and not stopped any more.
        assert vehicle.state in {State.UNKNOWN, State.FAILED}
        assert Command.objects.latest("generation").kind == "START"

    mend(end)
    story.night.let_pass(15 * MINUTE)

    assert "control" not in story.cards
    assert reason_of(story, loss.row[0]) == ""
    assert Vehicle.objects.get(pk=story.night.vehicle.pk).is_capable


def note(car: Vehicle, obstacle: Obstacle | None, minutes: int, *names: str) -> Vehicle:
    car_control.note_control(vehicle=car, control=Control(obstacle, names), now=NOW + minutes * MINUTE)
    return Vehicle.objects.get(pk=car.pk)


@pytest.fixture
def car() -> Vehicle:
    vehicle = make_connected_car(driver=make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW))
    make_due(vehicle=vehicle)
    return vehicle


def test_what_is_gone_for_a_moment_only_is_no_obstacle(car: Vehicle) -> None:
    assert note(car, Obstacle.CONTROL_GONE, 0).is_capable
    assert note(car, Obstacle.CONTROL_GONE, 9).is_capable
    assert note(car, None, 10).is_capable
    assert note(car, Obstacle.CONTROL_GONE, 11).is_capable
    assert ConnectedCar.objects.get().lasting_obstacle is None


def test_another_reason_for_the_same_loss_does_not_begin_anew(car: Vehicle) -> None:
    note(car, Obstacle.BLOCKED, 0, "int-1")

    assert not note(car, Obstacle.NOT_POSSIBLE, 10).is_capable
    assert ConnectedCar.objects.get().lasting_obstacle is Obstacle.NOT_POSSIBLE
    assert note(car, Obstacle.READING_GONE, 11).is_capable


def test_an_app_that_has_its_access_back_does_not_bring_back_what_is_lost(car: Vehicle) -> None:
    note(car, Obstacle.CONTROL_GONE, 0)
    note(car, Obstacle.CONTROL_GONE, 10)
    users.end_authorization(driver=car.driver, at_wall=NOW)

    users.authorize(driver=car.driver, at_wall=NOW)

    assert not Vehicle.objects.get().is_capable


def test_control_that_comes_back_while_the_app_has_no_access_gives_none(car: Vehicle) -> None:
    note(car, Obstacle.CONTROL_GONE, 0)
    note(car, Obstacle.CONTROL_GONE, 10)
    users.end_authorization(driver=car.driver, at_wall=NOW)

    assert not note(car, None, 20).is_capable
    users.authorize(driver=type(car.driver).objects.get(), at_wall=NOW)
    assert Vehicle.objects.get().is_capable


def test_what_is_said_of_a_car_that_was_disconnected_meanwhile_is_not_kept(car: Vehicle) -> None:
    ConnectedCar.objects.all().delete()

    assert note(car, Obstacle.CONTROL_GONE, 0).is_capable
    assert not ConnectedCar.objects.exists()


def test_connecting_again_begins_without_an_obstacle(car: Vehicle) -> None:
    note(car, Obstacle.CONTROL_GONE, 0, ENTITIES.switch)
    note(car, Obstacle.CONTROL_GONE, 10, ENTITIES.switch)
    chosen = dict(car.connected.entities)
    linked = LinkedCar(gateway="home_assistant", vendor="VOLVO", battery_capacity_kwh=60, max_power_kw=10)

    connected_cars.connect_again(
        vehicle=car, connection=make_connection(driver=car.driver, address="http://x"), car=linked, chosen=chosen,
        now=NOW,
    )  # fmt: skip

    behind = ConnectedCar.objects.get()
    assert (behind.obstacle, behind.obstacle_since, behind.obstacle_names) == ("", None, [])
    assert Vehicle.objects.get().is_capable


def test_it_takes_a_while_until_something_counts_as_lost() -> None:
    assert timedelta(minutes=5) <= HOLDS_AFTER <= car_control.LOOK_EVERY
