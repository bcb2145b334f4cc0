"""Nights as readable lists. A line is a time on the clock of Oslo and what happens then:

    tell("18:00 plugged in", "18:02 we start", "23:00 charges", "04:00 stops", "07:15 unplugged")

The car is read every five minutes, two minutes past the mark, and charges at 10.8 % an hour, at 7.2 kW. It stops by
itself at its limit. What we want follows from our commands: charging, until we stop it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from charging.core.facts import CommandKind, PowerDelivery, Reading
from charging.core.market_time import local_instant
from charging.core.nights import Night, OurCommand
from charging.core.periods import Period

OSLO = "Europe/Oslo"
MONDAY = date(2026, 1, 12)
POLL = timedelta(minutes=5)
SOON = timedelta(minutes=15)
FULL_POWER_KW = 7.2
PERCENT_PER_KWH = 1.5


@dataclass
class Teller:
    """The car and what we asked of it, as far as the story has been told."""

    at: datetime
    soc_percent: float = 40.0
    limit_percent: float = 80.0
    power_kw: float = FULL_POWER_KW
    is_charging: bool = False
    is_heard: bool = True
    delivery: PowerDelivery = PowerDelivery.STOPPED
    schedule: str = ""
    is_claimed: bool = False
    readings: list[Reading] = field(default_factory=list)
    commands: list[OurCommand] = field(default_factory=list)
    wanted_since: datetime | None = None
    wanted: list[Period] = field(default_factory=list)
    protected_since: datetime | None = None
    protective: list[Period] = field(default_factory=list)

    def run_to(self, end: datetime) -> None:
        """Lets the car be read until then, at that instant too if its turn has come."""
        while self.at + POLL <= end:
            self.at += POLL
            self._charge()
            if self.is_heard:
                self.read(self.at)

    def _charge(self) -> None:
        if not self.is_charging:
            return
        gained = self.power_kw * (POLL / timedelta(hours=1)) * PERCENT_PER_KWH
        self.soc_percent = min(self.soc_percent + gained, self.limit_percent)
        if self.soc_percent >= self.limit_percent:
            self.is_charging, self.delivery = False, PowerDelivery.COMPLETE

    def read(self, at: datetime) -> None:
        self.readings.append(
            Reading(
                observed_at=at,
                event_id=at.isoformat(),
                power_delivery=PowerDelivery.CHARGING if self.is_charging else self.delivery,
                soc_percent=round(self.soc_percent, 1),
                is_plugged_in=True,
                is_charging=self.is_charging,
                charging_power_kw=self.power_kw if self.is_charging else 0.0,
                charge_limit_percent=self.limit_percent,
                reported_schedule=self.schedule,
            )
        )

    def command(self, kind: CommandKind, at: datetime) -> None:
        self.commands.append(OurCommand(kind, at, at))
        if kind is CommandKind.STOP and self.wanted_since is not None:
            self.wanted.append(Period(self.wanted_since, at))
        self.wanted_since = None if kind is CommandKind.STOP else self.wanted_since or at


def _charges(car: Teller, at: datetime, words: str) -> None:
    car.power_kw = float(words) if words else FULL_POWER_KW
    car.is_charging, car.delivery = True, PowerDelivery.STOPPED


def _stops(car: Teller, at: datetime, words: str) -> None:
    car.is_charging, car.delivery = False, PowerDelivery.STOPPED


def _says_full(car: Teller, at: datetime, words: str) -> None:
    car.is_charging, car.delivery = False, PowerDelivery.COMPLETE


def _loses_power(car: Teller, at: datetime, words: str) -> None:
    car.is_charging, car.delivery = False, PowerDelivery.NO_POWER


def _conflict(car: Teller, at: datetime, words: str) -> None:
    car.commands[-1] = replace(car.commands[-1], is_schedule_conflict=True)


def _again(car: Teller, at: datetime, words: str) -> None:
    car.commands[-1] = replace(car.commands[-1], last_sent_at=at)


def _protects(car: Teller, at: datetime, words: str) -> None:
    car.protected_since = at


def _protected(car: Teller, at: datetime, words: str) -> None:
    car.protective.append(Period(car.protected_since or at, at))


def _set(name: str, read: Callable[[str], Any]) -> Callable[[Teller, datetime, str], None]:
    return lambda car, at, words: setattr(car, name, read(words))


def _window_comes(car: Teller, at: datetime, words: str) -> None:
    car.wanted_since = car.wanted_since or at


HAPPENS: dict[str, Callable[[Teller, datetime, str], None]] = {
    "charges at": _charges,
    "charges": _charges,
    "stops": _stops,
    "says it is full": _says_full,
    "no power": _loses_power,
    "power is back": _stops,
    "we start": lambda car, at, words: car.command(CommandKind.START, at),
    "we stop": lambda car, at, words: car.command(CommandKind.STOP, at),
    "we send it again": _again,
    "the answer names a conflict": _conflict,
    "the window comes": _window_comes,
    "we protect": _protects,
    "it is protected": _protected,
    "the limit is": _set("limit_percent", float),
    "the level is": _set("soc_percent", float),
    "the car says": _set("schedule", str),
    "it falls silent": _set("is_heard", lambda words: False),
    "it is heard again": _set("is_heard", lambda words: True),
    "that was me": _set("is_claimed", lambda words: True),
}


def tell(*lines: str, day: date = MONDAY, soc: float = 40.0, limit: float = 80.0, **changes: Any) -> Night:
    """The night of these lines. The first plugs the car in; without "unplugged" at its end it goes on."""
    moments = list(_in_order(lines, day))
    plugged_in_at, first = moments[0]
    assert first == "plugged in", first
    car = Teller(plugged_in_at + timedelta(minutes=2) - POLL, soc, limit, wanted_since=plugged_in_at)
    unplugged_at = None
    for at, words in moments[1:]:
        car.run_to(at)
        if words == "unplugged":
            unplugged_at = at
        elif words != "goes on":
            name = next(name for name in HAPPENS if words.startswith(name))
            HAPPENS[name](car, at, words.removeprefix(name).strip(" %kW"))
    wanted = car.wanted + ([Period(car.wanted_since, moments[-1][0])] if car.wanted_since else [])
    night = Night(
        plugged_in_at=plugged_in_at,
        unplugged_at=unplugged_at,
        readings=tuple(car.readings),
        commands=tuple(_confirmed(car, index) for index in range(len(car.commands))),
        wanted=tuple(wanted),
        protective=tuple(car.protective),
        is_claimed=car.is_claimed,
        timezone_name=OSLO,
    )
    return replace(night, **changes)


def _in_order(lines: tuple[str, ...], day: date) -> Any:
    """Instants with their words; a time that is earlier than the one before it is of the next day."""
    before = time(0)
    for line in lines:
        clock = time.fromisoformat(line[:5])
        day += timedelta(days=1) if clock < before else timedelta(0)
        before = clock
        yield local_instant(day, clock, OSLO).astimezone(UTC), line[6:]


def _confirmed(car: Teller, index: int) -> OurCommand:
    """The command with the reading that showed it, before the next command was given."""
    command = car.commands[index]
    until = car.commands[index + 1].first_sent_at if index + 1 < len(car.commands) else None
    wanted = command.kind is CommandKind.START
    for reading in car.readings:
        is_in_time = reading.observed_at > command.first_sent_at and (until is None or reading.observed_at <= until)
        if is_in_time and reading.is_charging == wanted:
            is_soon = reading.observed_at <= command.last_sent_at + SOON
            return replace(command, confirmed_at=reading.observed_at) if is_soon else command
    return command


def next_days(count: int, *lines: str, first: date = MONDAY, **changes: Any) -> tuple[Night, ...]:
    """The same night so many times, one after the other."""
    return tuple(tell(*lines, day=first + timedelta(days=number), **changes) for number in range(count))
