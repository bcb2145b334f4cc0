"""A link to cars by Enode: gone on with, looked behind, and linked anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.models import Connection, Driver, Vehicle
from charging.operations import connected_cars, enode_links, farewells
from tests.adapters.enode_server import FakeEnode, as_json, make_content
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("there", ""), ("no such user", "SIGN_IN_NEEDED"), ("lost", "SIGN_IN_NEEDED"), ("another car", "SIGN_IN_NEEDED")],
)
def test_an_answer_about_a_link_is_news_only_of_cars_that_are_behind_it(
    enode_car: Vehicle, enode_server: FakeEnode, how: str, expected: str
) -> None:
    connection = enode_car.connected.connection
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=NOW)
    if how == "no such user":
        enode_server.replies["GET /users"] = as_json({"title": "Not found"}, 404)
    elif how == "lost":
        enode_server.vendors = [{"vendor": "VOLVO", "isValid": False}]
    elif how == "another car":
        enode_server.vehicles = [make_content(id="another")]

    enode_links.look_behind(connection=connection, at_wall=NOW + MINUTE)

    assert Connection.objects.get().trouble == expected


def test_a_car_that_is_linked_again_under_another_id_needs_no_driver_any_more(
    enode_car: Vehicle, enode_server: FakeEnode
) -> None:
    connection = enode_car.connected.connection
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=NOW)
    enode_server.vehicles = [make_content(id="another")]
    found = enode_links.look_behind(connection=connection, at_wall=NOW + MINUTE).cars[0]
    linked = enode_links.linked_car(car=found, name="Our car", battery_capacity_kwh=64, max_power_kw=11)

    connected_cars.connect_again(
        vehicle=enode_car, connection=connection, car=linked, chosen=enode_links.kept_of(found), now=NOW + MINUTE
    )

    assert Connection.objects.get().trouble == ""


def test_a_link_that_is_gone_on_with_has_another_day(alice: Driver, enode_server: FakeEnode) -> None:
    begun = enode_links.connection_for(driver=alice, vehicle=None, at_wall=NOW)
    again = NOW + timedelta(hours=23, minutes=50)

    assert enode_links.connection_for(driver=alice, vehicle=None, at_wall=again) == begun

    assert farewells.forget_links_left(at_wall=NOW + timedelta(hours=24, minutes=5)) == 0
    assert farewells.forget_links_left(at_wall=again + timedelta(hours=24, minutes=5)) == 1
