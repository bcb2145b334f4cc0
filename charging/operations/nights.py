"""The last nights of a car, put together from what is stored of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from charging.core.facts import CommandKind, CommandStatus
from charging.core.nights import Night, OurCommand, PlugIn, plug_ins
from charging.core.periods import Period
from charging.core.states import TRYING_TO_START, State
from charging.models import Activity, Command, DecisionLog, Location, Reading, SmartOverride, Vehicle
from charging.models.vehicles import OtherControl
from charging.operations.due import POLL_PLUGGED_IN
from charging.operations.night_prices import PlacedNight, with_prices

MOST_PLUG_INS = 14
LONGEST_AGO = timedelta(days=45)
WANTING = TRYING_TO_START | {State.STARTED, State.CONSIDERING, State.UNKNOWN}
"""The states in which a car that is plugged in should charge: charging is the default."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one row of the decision log says of the time until the next one."""

    at: datetime
    state: str
    is_protecting: bool
    location_id: int | None
    minimum_percent: float


def load_nights(*, vehicle: Vehicle, now: datetime) -> tuple[Night, ...]:
    """Returns the last plug-ins, oldest first: at most 14, none of them longer ago than 45 days."""
    since = _since(vehicle, now)
    rows = Reading.objects.filter(vehicle=vehicle, is_set_aside=False, observed_at__gte=since)
    found = plug_ins(row.as_facts() for row in rows.order_by("observed_at", "event_id"))[-MOST_PLUG_INS:]
    if not found:
        return ()
    commands = _commands(vehicle, since)
    decided = _decided(vehicle, since)
    own_starts = list(
        SmartOverride.objects.filter(vehicle=vehicle, created_at__gte=since, is_from_elsewhere=False).values_list(
            "created_at", flat=True
        )
    )
    places = {place.pk: place for place in Location.objects.of_driver(vehicle.driver).with_prices()}
    return with_prices(
        [_night(vehicle, plug_in, commands, decided, own_starts, places, now) for plug_in in found], vehicle.driver, now
    )


def _since(vehicle: Vehicle, now: datetime) -> datetime:
    plugged_in = Activity.objects.filter(vehicle=vehicle, code="plugged_in").order_by("-at", "-pk")
    oldest = list(plugged_in.values_list("at", flat=True)[MOST_PLUG_INS - 1 : MOST_PLUG_INS])
    return max([now - LONGEST_AGO, *oldest])


def _commands(vehicle: Vehicle, since: datetime) -> list[OurCommand]:
    """What was sent. A command is written and sent for the first time at the same instant."""
    sent = Command.objects.filter(vehicle=vehicle, created_at__gte=since, last_sent_at__isnull=False)
    return [
        OurCommand(
            kind=CommandKind(command.kind),
            first_sent_at=command.created_at,
            last_sent_at=command.last_sent_at or command.created_at,
            confirmed_at=command.completed_at if command.status == CommandStatus.CONFIRMED else None,
            is_schedule_conflict=command.is_schedule_conflict,
        )
        for command in sent.order_by("generation")
    ]


def _decided(vehicle: Vehicle, since: datetime) -> list[_Decided]:
    rows = DecisionLog.objects.filter(vehicle=vehicle, at__gte=since).order_by("at", "pk")
    names = ("decision__is_protecting", "facts__location_id", "facts__policy__minimum_percent")
    return [_Decided(*row) for row in rows.values_list("at", "state_after", *names)]


def _night(
    vehicle: Vehicle,
    plug_in: PlugIn,
    commands: Iterable[OurCommand],
    decided: Sequence[_Decided],
    own_starts: Iterable[datetime],
    places: dict[int, Location],
    now: datetime,
) -> PlacedNight:
    start, end = plug_in.plugged_in_at, plug_in.unplugged_at or now
    within = [row for row in decided if start <= row.at <= end]
    before = [row for row in decided if row.at < start][-1:]
    found = (places.get(row.location_id) for row in reversed(within) if row.location_id is not None)
    place = next((each for each in found if each is not None), None)
    steps = [*before, *within]
    night = Night(
        plugged_in_at=start,
        unplugged_at=plug_in.unplugged_at,
        readings=plug_in.readings,
        commands=tuple(command for command in commands if start <= command.first_sent_at <= end),
        wanted=_periods([(row.at, row.state in WANTING) for row in steps], start, end),
        protective=_periods([(row.at, row.is_protecting) for row in steps], start, end),
        is_at_place=place is not None,
        is_claimed=any(start <= at <= end for at in own_starts),
        minimum_percent=within[-1].minimum_percent if within else 0.0,
        timezone_name=place.timezone_name if place is not None else "UTC",
        safety_net=_safety_net(vehicle),
        poll_interval=POLL_PLUGGED_IN,
    )
    return night, place


def _periods(steps: Sequence[tuple[datetime, bool]], start: datetime, end: datetime) -> tuple[Period, ...]:
    """The time between `start` and `end` in which the newest step says yes."""
    both = pairwise([*steps, (end, False)])
    found = [Period(max(at, start), until) for (at, holds), (until, _) in both if holds]
    return tuple(period for period in found if period.start < period.end)


def _safety_net(vehicle: Vehicle) -> time | None:
    return vehicle.safety_net_time if vehicle.other_control == OtherControl.SAFETY_NET else None
