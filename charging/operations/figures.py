"""What an operator watches, counted from rows. As many queries for one car as for a hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum

from charging.models import (
    Command,
    Due,
    Heartbeat,
    MissedDeadline,
    OutboxMessage,
    Plan,
    Vehicle,
    VehicleView,
    Webhook,
    WebhookDelivery,
)
from charging.models.commands import OPEN
from charging.operations.price_figures import AreaPrices, prices_of_areas
from charging.operations.service_figures import Services, load_services

READING_AGES = tuple(
    timedelta(seconds=seconds) for seconds in (60, 300, 900, 1800, 3600, 2 * 3600, 6 * 3600, 24 * 3600)
)
"""The steps in which the ages of readings are counted."""

LONGEST_OVER = timedelta(minutes=2)
"""A car whose hold has been over for so long should have been told to start several times."""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """How the cars are looked at: the age of the oldest that is due, how many are, and when the last sweep ended.

    `clock_offset` is the database's clock minus that of the host that swept, where that is known.
    """

    lag: timedelta
    due_rows: int
    heartbeat_age: timedelta | None
    clock_offset: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ReadingAges:
    """How many cars' newest readings are at most as old as each of READING_AGES, how many there are, and the sum.

    Cars on a clock of their own are left out: their readings are of another time.
    """

    at_most: tuple[int, ...]
    count: int
    total: timedelta


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is watched, at one wall instant. `open_commands` has every open status, with 0 too."""

    sweeping: Sweeping
    heartbeat_ages: dict[str, timedelta]
    clock_offsets: dict[str, timedelta]
    open_commands: dict[str, int]
    vehicles: int
    vehicles_held: int
    held_without_valid_plan: int
    deadlines_missed: dict[str, int]
    prices: tuple[AreaPrices, ...]
    readings: ReadingAges
    outbox_oldest: timedelta
    deliveries_oldest: timedelta
    webhooks_failing: int
    webhook_failures: int
    sign_in_failures: int
    services: tuple[Services, ...] = ()


def load_figures(*, at_wall: datetime) -> Figures:
    """Returns all figures at `at_wall`. The number of queries does not depend on what is stored."""
    beats = list(Heartbeat.objects.order_by("name").values_list("name", "at", "clock_offset"))
    ages = {name: age(at, at_wall) for name, at, _offset in beats}
    held = Vehicle.objects.filter(hold_until__isnull=False).aggregate(
        all=Count("pk"),
        without_plan=Count("pk", filter=(~_has_running_plan() & ~_is_being_started()) | _is_held_too_long(at_wall)),
    )
    receivers = Webhook.objects.filter(is_active=True, failures__gt=0).aggregate(all=Count("pk"), sum=Sum("failures"))
    return Figures(
        sweeping=_sweeping(at_wall, ages.get("sweep")),
        heartbeat_ages=ages,
        clock_offsets={name: offset for name, _at, offset in beats if offset is not None},
        open_commands=_open_commands(),
        vehicles=Vehicle.objects.count(),
        vehicles_held=held["all"],
        held_without_valid_plan=held["without_plan"],
        deadlines_missed=_deadlines_missed(),
        prices=prices_of_areas(at_wall=at_wall),
        readings=_reading_ages(at_wall),
        outbox_oldest=_outbox_oldest(at_wall),
        deliveries_oldest=_deliveries_oldest(at_wall),
        webhooks_failing=receivers["all"],
        webhook_failures=receivers["sum"] or 0,
        sign_in_failures=_sign_in_failures(at_wall),
        services=load_services(),
    )


def load_sweeping(*, at_wall: datetime) -> Sweeping:
    """Returns how the cars are looked at, in two queries."""
    found = Heartbeat.objects.filter(name="sweep").values_list("at", "clock_offset").first()
    return _sweeping(at_wall, None) if found is None else _sweeping(at_wall, age(found[0], at_wall), found[1])


def age(at: datetime | None, at_wall: datetime) -> timedelta:
    """Returns how long ago it was: nothing for what is to come or has not been."""
    return timedelta(0) if at is None else max(timedelta(0), at_wall - at)


def _sweeping(at_wall: datetime, heartbeat_age: timedelta | None, clock_offset: timedelta | None = None) -> Sweeping:
    due = Due.objects.ripe(at_wall).order_by().aggregate(count=Count("pk"), oldest=Min("due_at"))
    return Sweeping(age(due["oldest"], at_wall), due["count"], heartbeat_age, clock_offset)


def _open_commands() -> dict[str, int]:
    counted = Command.objects.filter(status__in=OPEN).order_by().values_list("status").annotate(Count("pk"))
    return dict.fromkeys(OPEN, 0) | dict(counted)


def _has_running_plan() -> Q:
    return Q(Exists(Plan.objects.filter(vehicle=OuterRef("pk"), ended_at__isnull=True)))


def _is_being_started() -> Q:
    """A plan may end before its car is seen charging: the START that releases it is on its way."""
    return Q(Exists(Command.objects.filter(vehicle=OuterRef("pk"), kind="START", status__in=OPEN)))


def _is_held_too_long(at_wall: datetime) -> Q:
    """A hold is over at the car's next hour, plan or not: by then a START has been taken, or is being given."""
    on_the_wall = Q(driver__clock_speed=1, driver__clock_own_anchor=F("driver__clock_wall_anchor"))
    taken = Command.objects.filter(vehicle=OuterRef("pk"), kind="START", status__in=("SENDING", "ACCEPTED"))
    return Q(hold_until__lt=at_wall - LONGEST_OVER) & on_the_wall & ~Q(Exists(taken))


def _deadlines_missed() -> dict[str, int]:
    """Plans of real cars that ended without their promise kept, by why. None of the numbers ever falls."""
    return dict(MissedDeadline.objects.order_by().values_list("reason").annotate(Count("pk")))


def _reading_ages(at_wall: datetime) -> ReadingAges:
    on_the_wall = VehicleView.objects.filter(
        observed_at__isnull=False, vehicle__driver__clock_speed=1,
        vehicle__driver__clock_own_anchor=F("vehicle__driver__clock_wall_anchor"),
    )  # fmt: skip
    steps = {
        f"step_{number}": Count("pk", filter=Q(observed_at__gte=at_wall - step))
        for number, step in enumerate(READING_AGES)
    }
    found = on_the_wall.aggregate(count=Count("pk"), total=Sum(at_wall - F("observed_at")), **steps)
    at_most = tuple(found[name] for name in steps)
    return ReadingAges(at_most, found["count"], max(timedelta(0), found["total"] or timedelta(0)))


def _outbox_oldest(at_wall: datetime) -> timedelta:
    """Of what no receiver has in its queue yet. A message is stamped by its driver's clock: others do not count."""
    on_the_wall = Q(vehicle__isnull=True) | Q(
        vehicle__driver__clock_speed=1, vehicle__driver__clock_own_anchor=F("vehicle__driver__clock_wall_anchor")
    )
    waiting = OutboxMessage.objects.filter(on_the_wall, is_spread=False)
    return age(waiting.aggregate(oldest=Min("created_at"))["oldest"], at_wall)


def _deliveries_oldest(at_wall: datetime) -> timedelta:
    waiting = WebhookDelivery.objects.filter(webhook__is_active=True, next_attempt_at__isnull=False)
    return age(waiting.aggregate(oldest=Min("created_at"))["oldest"], at_wall)


def _sign_in_failures(at_wall: datetime) -> int:
    """Wrong passwords of the last quarter of an hour, as long as they count towards a lock."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=at_wall - settings.AXES_COOLOFF_TIME)
    return recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
