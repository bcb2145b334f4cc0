"""Nights of tests/core/night_stories.py as the rows that a car leaves behind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from charging.core.facts import CommandKind
from charging.core.facts import Reading as ReadingFacts
from charging.core.nights import Night
from charging.core.states import State
from charging.models import Activity, Command, DecisionLog, Location, PriceSnapshot, Reading, Vehicle
from tests import factories

NOT_STORED = ("latitude", "longitude", "observed_each", "odometer_km", "power_delivery")


def make_car(**values: Any) -> Vehicle:
    """A car with a place in Oslo's time, of which nothing has been seen yet."""
    driver = factories.make_driver()
    factories.make_location(driver=driver)
    view = {"is_plugged_in": False, "plugged_in_at": None}
    return factories.make_vehicle(driver=driver, state=State.CONSIDERING, view=view, **values)


def store(vehicle: Vehicle, *nights: Night) -> datetime:
    """Stores the rows of these nights. Returns when the last of them is over."""
    for night in nights:
        _store_readings(vehicle, night)
        _store_commands(vehicle, night)
        _store_decisions(vehicle, night)
        if night.is_claimed:
            factories.make_override(
                vehicle=vehicle, created_at=night.plugged_in_at + timedelta(hours=1), ended_at=night.seen_until
            )
    return nights[-1].seen_until


def _reading(vehicle: Vehicle, reading: ReadingFacts) -> Reading:
    values = {name: value for name, value in asdict(reading).items() if name not in NOT_STORED}
    return Reading(
        vehicle=vehicle, received_at=reading.observed_at, power_delivery=reading.power_delivery.value, **values
    )


def _store_readings(vehicle: Vehicle, night: Night) -> None:
    Reading.objects.bulk_create(_reading(vehicle, reading) for reading in night.readings)
    Activity.objects.create(vehicle=vehicle, at=night.readings[0].observed_at, code="plugged_in", actor="driver")
    if night.unplugged_at is not None:
        Reading.objects.create(
            vehicle=vehicle, event_id=f"out {night.unplugged_at.isoformat()}", observed_at=night.unplugged_at,
            received_at=night.unplugged_at, power_delivery="UNPLUGGED", is_plugged_in=False, is_charging=False,
        )  # fmt: skip


def _store_commands(vehicle: Vehicle, night: Night) -> None:
    Command.objects.filter(vehicle=vehicle).exclude(status="CONFIRMED").update(status="FAILED")
    for command in night.commands:
        hold_until = command.first_sent_at + timedelta(hours=8) if command.kind is CommandKind.STOP else None
        factories.make_command(
            vehicle=vehicle,
            kind=command.kind.value,
            status="CONFIRMED" if command.confirmed_at is not None else "FAILED",
            created_at=command.first_sent_at,
            last_sent_at=command.last_sent_at,
            completed_at=command.confirmed_at,
            is_schedule_conflict=command.is_schedule_conflict,
            hold_until=hold_until,
            hold_renew_by=hold_until,
        )


def _store_decisions(vehicle: Vehicle, night: Night) -> None:
    """One row for each change of what was wanted, and of whether the car was protected."""
    edges = {edge for period in (*night.wanted, *night.protective) for edge in (period.start, period.end)}
    place = Location.objects.filter(driver=vehicle.driver).first() if night.is_at_place else None
    prices, _ = PriceSnapshot.objects.get_or_create(fingerprint="none", defaults={"prices": []})
    for at in sorted({night.readings[0].observed_at, *edges}):
        state = State.STARTED if night.wanted_charge(at) else State.STOPPED
        DecisionLog.objects.create(
            vehicle=vehicle,
            at=at,
            trigger="timer",
            facts={
                "location_id": place.pk if place is not None else None,
                "policy": {"minimum_percent": night.minimum_percent},
            },
            decision={"is_protecting": any(at in period for period in night.protective)},
            prices=prices,
            rule="test",
            state_before=state,
            state_after=state,
            code_version="test",
        )
