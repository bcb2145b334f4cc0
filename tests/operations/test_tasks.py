"""The periodic jobs: a few lines each, safe to run at any time, deaf to arguments of tomorrow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from axes.models import AccessAttempt
from celery.exceptions import SoftTimeLimitExceeded
from oauth2_provider.models import AccessToken

from charging import tasks
from charging.models import Command, Driver, ReceivedDelivery, VehicleView
from charging.operations import clients, clocks, drivers, farewells, price_fetching, replanning
from charging.operations.replanning import Shard
from config.celery import beat_schedule
from tests.factories import NOW, make_command, make_parked_car

pytestmark = pytest.mark.django_db


def test_cleaning_up_deletes_old_guests_and_expired_tokens() -> None:
    now = clocks.wall_now()
    old = drivers.create_guest(now=now - timedelta(days=31))
    young = drivers.create_guest(now=now)
    application = clients.create_client(name="An app", now=now).client.applications.get().application
    AccessToken.objects.create(application=application, token="old", expires=now - timedelta(days=1))
    AccessToken.objects.create(application=application, token="new", expires=now + timedelta(hours=1))

    tasks.clean_up(unknown="ignored")

    assert list(Driver.objects.filter(pk__in=[old.pk, young.pk])) == [young]
    assert AccessToken.objects.count() == 1


def test_cleaning_up_forgets_where_cars_were_and_what_was_sent_to_them() -> None:
    vehicle = make_parked_car()
    long_ago = clocks.wall_now() - timedelta(days=400)
    make_command(vehicle=vehicle, status="CONFIRMED", created_at=long_ago)
    VehicleView.objects.update(position_observed_at=clocks.wall_now() - timedelta(hours=25))
    AccessAttempt.objects.create(username="x", ip_address="192.0.2.7", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=long_ago)

    tasks.clean_up()

    assert VehicleView.objects.get().latitude is None
    assert not Command.objects.exists()
    assert not AccessAttempt.objects.exists()


def test_cleaning_up_forgets_which_deliveries_came_long_ago() -> None:
    long_ago = clocks.wall_now() - timedelta(days=10)
    ReceivedDelivery.objects.create(delivery_id="old", body_checksum="old", received_at=long_ago)
    ReceivedDelivery.objects.create(delivery_id="new", body_checksum="new", received_at=clocks.wall_now())

    tasks.clean_up()

    assert ReceivedDelivery.objects.get().delivery_id == "new"


def test_enode_is_told_whom_to_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(farewells, "send_farewells", lambda *, at_wall: told.append(at_wall))

    tasks.say_farewells(unknown="ignored")

    assert abs(told[0] - clocks.wall_now()) < timedelta(minutes=1)
    assert "charging.tasks.say_farewells" in beat_schedule(is_embedded=True, has_live_prices=False)


def test_sending_with_nothing_to_send_does_nothing() -> None:
    tasks.send_commands()


def test_fetching_asks_for_the_areas_in_use_at_the_present(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(price_fetching, "fetch_prices", lambda *, now, hand_out: asked.append(now))

    tasks.fetch_prices()

    assert len(asked) == 1
    assert abs(asked[0] - clocks.wall_now()) < timedelta(minutes=1)


def test_parts_of_areas_with_new_prices_are_planned_by_tasks_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    shard = Shard("NO2", 1, 9)
    rung, planned = [], []
    monkeypatch.setattr(price_fetching, "fetch_prices", lambda *, now, hand_out: hand_out(shard))
    monkeypatch.setattr(tasks.replan_shard, "delay", lambda **values: rung.append(values))
    monkeypatch.setattr(replanning, "replan_shard", lambda *, at_wall, **values: planned.append(values))

    tasks.fetch_prices()
    tasks.replan_shard(**rung[0], unknown="ignored")

    assert rung == planned == [{"area_code": "NO2", "first_id": 1, "last_id": 9}]


def test_cleaning_up_begins_with_positions_and_what_fails_keeps_nothing_else_from_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def fail(_now: datetime) -> None:
        raise RuntimeError("a fault")

    steps = [(name, lambda _now, name=name: done.append(name)) for name, _step in tasks.CLEANING]
    for place in (0, 1):
        done.clear()
        monkeypatch.setattr(tasks, "CLEANING", [*steps[:place], ("broken", fail), *steps[place:]])

        tasks.clean_up()

        assert sorted(done) == sorted(name for name, _step in steps)
    assert done[0] == "positions"


def test_each_part_of_cleaning_up_is_the_first_after_positions_within_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def second(name: str) -> None:
        done.append(name)
        if name != "positions":
            raise SoftTimeLimitExceeded

    names = [name for name, _step in tasks.CLEANING]
    steps = [(name, lambda _now, name=name: second(name)) for name in names]
    monkeypatch.setattr(tasks, "CLEANING", steps)
    for hours in range(len(names) - 1):
        monkeypatch.setattr(tasks, "wall_now", lambda hours=hours: NOW + timedelta(hours=hours))
        with pytest.raises(SoftTimeLimitExceeded):
            tasks.clean_up()

    assert done[::2] == ["positions"] * (len(names) - 1)
    assert sorted(done[1::2]) == sorted(names[1:])
    assert len(names) <= 24


def test_cleaning_up_ends_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def too_long(_now: datetime) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(tasks, "CLEANING", [("long", too_long), ("next", lambda _now: done.append("next"))])

    with pytest.raises(SoftTimeLimitExceeded):
        tasks.clean_up()

    assert done == []
