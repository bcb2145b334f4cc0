"""What an operator watches, counted from rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charging.core.states import State
from charging.models import Due, Heartbeat, MissedDeadline, OutboxMessage, Vehicle, Webhook, WebhookDelivery
from charging.operations.clocks import set_speed
from charging.operations.figures import READING_AGES, load_figures, load_sweeping
from tests.factories import (
    DEADLINE_AT,
    NOW,
    make_client,
    make_command,
    make_driver,
    make_due,
    make_parked_car,
    make_plan,
    make_vehicle,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def hold(car: Vehicle) -> None:
    Vehicle.objects.filter(pk=car.pk).update(hold_until=NOW + 60 * MINUTE, hold_renew_by=NOW + 30 * MINUTE)


def make_webhook(**values: object) -> Webhook:
    defaults = {"client": make_client(), "url": "https://app.example/hooks", "created_at": NOW}
    return Webhook.objects.create(**defaults | values)


def test_a_new_installation_has_nothing_to_watch() -> None:
    figures = load_figures(at_wall=NOW)

    assert (figures.sweeping.lag, figures.sweeping.due_rows) == (timedelta(0), 0)
    assert figures.sweeping.heartbeat_age is None
    assert set(figures.open_commands.values()) == {0}
    assert figures.readings.count == 0
    assert figures.readings.total == timedelta(0)
    assert (figures.outbox_oldest, figures.deliveries_oldest) == (timedelta(0), timedelta(0))
    assert (figures.webhooks_failing, figures.webhook_failures, figures.sign_in_failures) == (0, 0, 0)


def test_the_lag_is_the_age_of_the_oldest_car_that_is_due() -> None:
    for minutes in (7, 3, -5):
        make_due(vehicle=make_vehicle(driver=make_driver()), due_at=NOW - minutes * MINUTE)
    Heartbeat.objects.create(name="sweep", at=NOW - MINUTE, count=9)

    sweeping = load_sweeping(at_wall=NOW)

    assert (sweeping.lag, sweeping.due_rows, sweeping.heartbeat_age) == (7 * MINUTE, 2, MINUTE)
    assert load_figures(at_wall=NOW).sweeping == sweeping


def test_open_commands_are_counted_by_status_and_ended_ones_are_not() -> None:
    for status in ("ACCEPTED", "ACCEPTED", "UNKNOWN", "CONFIRMED"):
        make_command(vehicle=make_vehicle(driver=make_driver()), status=status)

    counted = load_figures(at_wall=NOW).open_commands

    assert counted == {"INTENDED": 0, "SENDING": 0, "ACCEPTED": 2, "UNKNOWN": 1}


def test_a_held_car_needs_a_plan_or_a_start_on_its_way() -> None:
    planned, started, forgotten, free = (make_vehicle(driver=make_driver()) for _ in range(4))
    for car in (planned, started, forgotten):
        hold(car)
    make_plan(vehicle=planned)
    make_plan(vehicle=forgotten, final_state=State.ENDED_DISABLED)
    make_command(vehicle=started, kind="START", status="ACCEPTED")
    make_command(vehicle=forgotten, kind="START", status="CONFIRMED")
    assert free.hold_until is None

    figures = load_figures(at_wall=NOW)

    assert (figures.vehicles, figures.vehicles_held, figures.held_without_valid_plan) == (4, 3, 1)


def test_a_car_past_its_hour_is_counted_though_it_has_a_plan_unless_it_has_taken_a_start() -> None:
    forgotten, unanswered, taken, waiting = (make_vehicle(driver=make_driver()) for _ in range(4))
    for car in (forgotten, unanswered, taken, waiting):
        make_plan(vehicle=car)
        hold(car)
    make_command(vehicle=unanswered, kind="START", status="UNKNOWN")
    make_command(vehicle=taken, kind="START", status="ACCEPTED")
    Vehicle.objects.filter(pk=waiting.pk).update(hold_until=NOW + 90 * MINUTE)

    counted = [load_figures(at_wall=NOW + minutes * MINUTE).held_without_valid_plan for minutes in (60, 62, 63)]

    assert counted == [0, 0, 2]


def test_a_car_on_a_clock_of_its_own_is_not_late_by_ours() -> None:
    car = make_vehicle(driver=make_driver(), gateway="simulator")
    make_plan(vehicle=car)
    hold(car)
    set_speed(driver=car.driver, speed=600, at_wall=NOW)

    assert load_figures(at_wall=NOW + 90 * MINUTE).held_without_valid_plan == 0


def test_missed_deadlines_are_counted_by_why() -> None:
    for reason in ("START_FAILED", "START_FAILED", "FINISHED_LATE"):
        MissedDeadline.objects.create(reason=reason, at=NOW)

    assert load_figures(at_wall=NOW).deadlines_missed == {"START_FAILED": 2, "FINISHED_LATE": 1}


def test_readings_are_counted_up_to_each_age() -> None:
    for minutes in (0, 4, 70, 3000):
        make_vehicle(driver=make_driver(), view={"observed_at": NOW - minutes * MINUTE})
    make_vehicle(driver=make_driver(), view={"observed_at": None})

    readings = load_figures(at_wall=NOW).readings

    assert dict(zip(READING_AGES, readings.at_most, strict=True)) == {
        MINUTE: 1,
        5 * MINUTE: 2,
        15 * MINUTE: 2,
        30 * MINUTE: 2,
        60 * MINUTE: 2,
        120 * MINUTE: 3,
        360 * MINUTE: 3,
        1440 * MINUTE: 3,
    }
    assert (readings.count, readings.total) == (4, 3074 * MINUTE)


def test_cars_and_messages_of_another_time_are_left_out() -> None:
    car = make_vehicle(driver=make_driver(), view={"observed_at": NOW - 600 * MINUTE})
    set_speed(driver=car.driver, speed=600, at_wall=NOW + MINUTE)
    set_speed(driver=car.driver, speed=1, at_wall=NOW + 2 * MINUTE)
    OutboxMessage.objects.create(
        client=car.driver.client, vehicle=car, event="state", seq=1, payload={}, created_at=NOW - 600 * MINUTE
    )

    figures = load_figures(at_wall=NOW + 3 * MINUTE)

    assert figures.readings.count == 0
    assert figures.outbox_oldest == timedelta(0)


def test_the_oldest_message_that_is_in_no_queue_counts() -> None:
    car = make_vehicle(driver=make_driver())
    for seq, (minutes, is_spread) in enumerate([(50, True), (9, False), (2, False)], start=1):
        OutboxMessage.objects.create(
            client=car.driver.client, vehicle=car, event="state", seq=seq, payload={},
            created_at=NOW - minutes * MINUTE, is_spread=is_spread,
        )  # fmt: skip
    OutboxMessage.objects.create(
        client=car.driver.client, vehicle=None, event="gone", seq=1, payload={}, created_at=NOW - 12 * MINUTE
    )

    assert load_figures(at_wall=NOW).outbox_oldest == 12 * MINUTE


def test_receivers_that_fail_and_what_waits_for_them_are_counted_while_they_are_active() -> None:
    failing, fine = make_webhook(failures=3), make_webhook()
    off = make_webhook(failures=9, is_active=False)
    for webhook, minutes, waits in ((failing, 20, True), (failing, 90, False), (fine, 5, True), (off, 500, True)):
        WebhookDelivery.objects.create(
            webhook=webhook, created_at=NOW - minutes * MINUTE, next_attempt_at=NOW if waits else None
        )

    figures = load_figures(at_wall=NOW)

    assert (figures.webhooks_failing, figures.webhook_failures) == (1, 3)
    assert figures.deliveries_oldest == 20 * MINUTE


def test_wrong_passwords_count_while_they_may_lead_to_a_lock() -> None:
    for minutes, failures in ((1, 2), (14, 1), (16, 4)):
        attempt = AccessAttempt.objects.create(username=f"u{minutes}", failures_since_start=failures)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOW - minutes * MINUTE)

    assert load_figures(at_wall=NOW).sign_in_failures == 3


def test_every_sign_of_life_has_its_age_and_none_is_of_the_future() -> None:
    Heartbeat.objects.create(name="sweep", at=NOW + MINUTE)
    Heartbeat.objects.create(name="another", at=NOW - 2 * MINUTE)

    assert load_figures(at_wall=NOW).heartbeat_ages == {"another": 2 * MINUTE, "sweep": timedelta(0)}


def queries_of_the_figures() -> int:
    with CaptureQueriesContext(connection) as queries:
        load_figures(at_wall=DEADLINE_AT)
    return len(queries)


def test_a_fleet_is_counted_with_as_many_queries_as_one_car() -> None:
    make_due(vehicle=make_parked_car())
    before = queries_of_the_figures()

    for number in range(5):
        car = make_parked_car(state=State.STOPPED if number % 2 else State.FAILED)
        hold(car)
        make_due(vehicle=car)
        make_command(vehicle=car)
        make_webhook(failures=number)
    Heartbeat.objects.create(name="sweep", at=NOW)

    assert Due.objects.count() == 6
    assert queries_of_the_figures() == before <= 20
