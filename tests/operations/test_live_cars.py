"""Whom to listen to, and what becomes of what is said: a reading like one that was pushed, of this car and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from charging.adapters.sealed import seal_for
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_entities import entities_to_json
from charging.adapters.vehicles.home_assistant_live import LiveStates
from charging.adapters.vehicles.home_assistant_states import EntityState
from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Due, Reading, Vehicle, VehicleView
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations import live_cars
from charging.operations.live_cars import Post, load_posts, note_lost, rest_of, take_states
from charging.operations.pushed_readings import Taken
from tests.adapters.home_assistant_server import BY_SWITCH, LITTLE, TOKEN
from tests.adapters.home_assistant_socket import car_states
from tests.connections import make_connected_car, make_connection, put_behind
from tests.factories import NOW, make_driver, make_due, make_vehicle

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)
REFUSED = GatewayError(kind=Trouble.SIGN_IN_NEEDED)


@pytest.fixture
def car() -> Vehicle:
    driver = make_driver(clock_wall_anchor=NOW, clock_own_anchor=NOW)
    vehicle = make_connected_car(driver=driver, address="http://127.0.0.1:8123")
    make_due(vehicle=vehicle, own_at=LATER, due_at=LATER, next_poll_at=LATER)
    return vehicle


def post() -> Post:
    """The only one."""
    (found,) = load_posts().values()
    return found


def told(*, is_plugged_in: bool = True, level: float = 40) -> Mapping[str, EntityState]:
    states = LiveStates(post().wanted)
    states.take({"a": car_states(NOW, is_plugged_in=is_plugged_in, level=level)})
    return states.known


def take(known: Mapping[str, EntityState] | None = None, of: Post | None = None) -> Taken | None:
    of = of or post()
    return take_states(post=of, car=of.cars[0], known=told() if known is None else known, at_wall=NOW)


def test_who_has_cars_is_listened_to_with_what_is_used_of_them(car: Vehicle) -> None:
    second = make_vehicle(driver=car.driver)
    put_behind(Connection.objects.get(), second, LITTLE)

    found = post()

    assert (found.api.address, found.api.token) == ("http://127.0.0.1:8123", TOKEN)
    assert [each.entities for each in found.cars] == [BY_SWITCH, LITTLE]
    assert TOKEN not in repr(found)


def test_nobody_else_is(car: Vehicle) -> None:
    make_connection(driver=car.driver, address="http://127.0.0.1:1")
    make_connection(driver=car.driver, kind=ConnectionKind.MQTT, address="mqtt://127.0.0.1")
    of_another = make_vehicle(driver=make_driver())
    put_behind(Connection.objects.get(address="http://127.0.0.1:1"), of_another)

    assert len(load_posts()) == 1


@pytest.mark.parametrize("gateway", [GatewayName.SIMULATOR, GatewayName.PUSH])
def test_a_car_that_is_read_in_another_way_is_not_listened_for(car: Vehicle, gateway: str) -> None:
    Vehicle.objects.update(gateway=gateway)

    assert load_posts() == {}


def test_nor_is_one_whose_token_was_refused_or_does_not_open(car: Vehicle) -> None:
    Connection.objects.update(trouble=Trouble.SIGN_IN_NEEDED, trouble_since=NOW)
    assert load_posts() == {}

    Connection.objects.update(trouble="", trouble_since=None, encrypted_secret=seal_for("somebody else", TOKEN))
    assert load_posts() == {}


def test_another_token_or_choice_makes_another_post(car: Vehicle) -> None:
    first = post()
    assert first == post()

    ConnectedCar.objects.update(entities=entities_to_json(LITTLE))
    second = post()
    connection = Connection.objects.get()
    Connection.objects.update(encrypted_secret=seal_for(connection.owner, "another"))

    assert len({first, second, post()}) == 3


@pytest.mark.parametrize(
    ("before", "after", "next_poll_at"),
    [(False, True, NOW), (True, False, LATER), (True, True, LATER), (False, False, LATER)],
    ids=["plugged in", "unplugged", "still plugged in", "still unplugged"],
)
def test_what_is_told_is_a_reading_and_looked_at_at_once(
    car: Vehicle, before: bool, after: bool, next_poll_at: datetime
) -> None:
    """Of a plug-in it is asked too how old all the rest is."""
    VehicleView.objects.update_or_create(
        vehicle=car, defaults={"is_plugged_in": before, "soc_percent": 50, "observed_at": NOW - SECOND}
    )

    assert take(told(is_plugged_in=after)) is Taken.ACCEPTED

    view = VehicleView.objects.get(vehicle=car)
    assert (view.soc_percent, view.is_plugged_in, view.observed_at) == (40, after, NOW)
    due = Due.objects.get(vehicle=car)
    assert (due.due_at, due.next_poll_at) == (NOW, next_poll_at)
    assert Connection.objects.get().last_answer_at == NOW


def test_the_same_told_twice_counts_once(car: Vehicle) -> None:
    assert [take(), take()] == [Taken.ACCEPTED, Taken.DUPLICATE]

    assert Reading.objects.filter(event_id__startswith="home-assistant:").count() == 1


def test_states_that_say_nothing_are_no_reading(car: Vehicle) -> None:
    assert take({}) is None

    assert not Reading.objects.filter(event_id__startswith="home-assistant:").exists()
    assert Connection.objects.get().last_answer_at is None


@pytest.mark.parametrize("change", ["disconnected", "another choice", "another gateway", "another connection"])
def test_what_is_told_of_a_car_that_is_read_otherwise_by_now_counts_for_nothing(car: Vehicle, change: str) -> None:
    before, known = post(), told()
    if change == "disconnected":
        ConnectedCar.objects.all().delete()
    elif change == "another choice":
        ConnectedCar.objects.update(entities=entities_to_json(LITTLE))
    elif change == "another gateway":
        Vehicle.objects.update(gateway=GatewayName.PUSH)
    else:
        ConnectedCar.objects.update(connection=make_connection(driver=car.driver))

    assert take(known, before) is None

    assert not Reading.objects.filter(event_id__startswith="home-assistant:").exists()


@pytest.mark.parametrize(
    ("trouble", "is_over"),
    [(Trouble.OFFLINE, True), (Trouble.NO_ANSWER, True), (Trouble.RATE_LIMITED, False), (Trouble.NOT_ALLOWED, False)],
)
def test_news_ends_the_trouble_of_somebody_who_was_not_there(car: Vehicle, trouble: Trouble, is_over: bool) -> None:
    Connection.objects.update(trouble=trouble, trouble_since=NOW)

    take()

    assert (Connection.objects.get().trouble == "") is is_over


@pytest.mark.parametrize(
    ("error", "trouble", "minutes"),
    [
        (REFUSED, Trouble.SIGN_IN_NEEDED, 15),
        (GatewayError(kind=Trouble.RATE_LIMITED, retry_after=timedelta(minutes=3)), Trouble.RATE_LIMITED, 3),
        (GatewayError(kind=Trouble.OFFLINE), "", 0),
        (GatewayError(kind=Trouble.NO_ANSWER), "", 0),
        (GatewayError(kind=Trouble.NOT_ALLOWED), "", 0),
    ],
)
def test_only_what_the_driver_or_the_other_end_asks_for_is_written_down(
    car: Vehicle, error: GatewayError, trouble: str, minutes: int
) -> None:
    listened_to = post()
    note_lost(post=listened_to, error=error, at_wall=NOW)

    assert Connection.objects.get().trouble == trouble
    assert rest_of(post=listened_to, at_wall=NOW) == timedelta(minutes=minutes)
    assert rest_of(post=listened_to, at_wall=LATER) == timedelta()


def test_a_refusal_of_the_token_before_is_no_news(car: Vehicle) -> None:
    before = post()
    connection = Connection.objects.get()
    Connection.objects.update(encrypted_secret=seal_for(connection.owner, "another"))

    note_lost(post=before, error=REFUSED, at_wall=NOW)
    assert Connection.objects.get().trouble == ""

    Connection.objects.update(encrypted_secret=seal_for("somebody else", TOKEN))
    note_lost(post=before, error=REFUSED, at_wall=NOW)
    assert Connection.objects.get().trouble == ""


def test_of_a_connection_that_is_gone_nothing_is_noted(car: Vehicle) -> None:
    gone = replace(post(), connection_id=0)

    note_lost(post=gone, error=REFUSED, at_wall=NOW)

    assert rest_of(post=gone, at_wall=NOW) == timedelta()
    assert Connection.objects.get().trouble == ""


def test_whom_to_listen_to_is_asked_in_two_queries(
    car: Vehicle, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(3):
        driver = make_driver(external_id=f"driver-{number}")
        make_connected_car(driver=driver)

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(live_cars.load_posts()) == 4
