"""A real car in tests that does what it is told at once and always answers, at a place with published prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from charging.adapters.prices.areas import areas
from charging.adapters.prices.source_order import SOURCES
from charging.core.decision import Decision
from charging.core.facts import CommandKind
from charging.models import Command, PriceArea, Vehicle, VehicleView
from charging.operations.evaluation import evaluate
from charging.operations.prices import ensure_price_areas, store_price_day
from tests.factories import make_driver, make_location, make_policy, make_vehicle
from tests.feeds.answers import Day, make_day, write

PERCENT_PER_KWH = 0.9 / 0.77
"""Of 77 kWh, with a tenth lost on the way."""


@dataclass
class ObedientCar:
    """A car that charges with 7.2 kW when it may; `decisions` are those of its evaluations, with their instants."""

    vehicle: Vehicle
    seen_at: datetime
    decisions: list[tuple[datetime, Decision]] = field(default_factory=list)

    def evaluate(self, now: datetime) -> Decision:
        """Tells what the car has done since the last time, evaluates it, and lets it do what it is told."""
        view = VehicleView.objects.get(vehicle=self.vehicle)
        hours = (now - self.seen_at) / timedelta(hours=1)
        view.soc_percent = min(
            80.0, (view.soc_percent or 0) + (7.2 * hours * PERCENT_PER_KWH if view.is_charging else 0)
        )
        view.is_fully_charged = view.soc_percent >= 80
        view.is_charging = bool(view.is_charging) and not view.is_fully_charged
        view.power_delivery = "PLUGGED_IN:CHARGING" if view.is_charging else "PLUGGED_IN:STOPPED"
        view.observed_at = view.position_observed_at = self.seen_at = now
        view.charging_readings_in_a_row = 1 if view.is_charging else 0
        view.save()
        decision = evaluate(vehicle=self.vehicle, now=now, trigger="test")
        if decision.command is not None:
            is_start = decision.command.kind == CommandKind.START
            VehicleView.objects.filter(vehicle=self.vehicle).update(is_charging=is_start)
            Command.objects.filter(vehicle=self.vehicle, completed_at__isnull=True).update(
                status="CONFIRMED", completed_at=now, next_sending_at=None
            )
        self.decisions.append((now, decision))
        return decision

    @property
    def is_charging(self) -> bool:
        return VehicleView.objects.get(vehicle=self.vehicle).is_charging is True

    @property
    def soc_percent(self) -> float:
        return VehicleView.objects.get(vehicle=self.vehicle).soc_percent or 0.0


def make_obedient_car(*, now: datetime, area_code: str = "FI", soc_percent: float = 40.0) -> ObedientCar:
    """A real car that was plugged in twenty minutes ago and charges; it has to be ready by 07:00 in Helsinki."""
    ensure_price_areas()
    area = PriceArea.objects.get(code=area_code)
    driver = make_driver(clock_wall_anchor=now, clock_own_anchor=now, created_at=now)
    home = make_location(
        driver=driver, price_area=area, timezone_name=area.timezone_name, latitude=60.1699, longitude=24.9384
    )
    vehicle = make_vehicle(
        driver=driver,
        gateway="a real one",
        state="CONSIDERING",
        view={
            "location": home,
            "observed_at": now,
            "position_observed_at": now,
            "soc_percent": soc_percent,
            "is_charging": True,
            "plugged_in_at": now - timedelta(minutes=20),
            "observed_power_kw": 7.2,
            "latitude": 60.1699,
            "longitude": 24.9384,
        },
    )
    make_policy(vehicle=vehicle, deadline=time(7, 0), minimum_charge_limit=0.0, updated_at=now)
    return ObedientCar(vehicle, seen_at=now)


def publish(day: Day, *, source: str = "nord-pool", now: datetime) -> None:
    """Stores a day as if a source had told it."""
    told = SOURCES[source].parse(write(source, day), areas()[day.area_code], day.delivery_date)
    store_price_day(day=told, now=now)


def publish_days(until: date, *, count: int = 8, area_code: str = "FI", source: str = "nord-pool") -> None:
    """Stores the usual prices of some days, the last one included."""
    for number in range(count):
        day = until - timedelta(days=number)
        publish(make_day(area_code, day), source=source, now=datetime.combine(day, time(11), UTC) - timedelta(days=1))
