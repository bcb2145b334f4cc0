"""A car that says what a test wants it to say, at a place whose prices are known, for tests of charging sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from charging.core.facts import PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.models import ChargingSession, Location, Vehicle
from charging.operations import telemetry
from tests import factories

EVENING = datetime(2026, 1, 13, 18, 0, tzinfo=UTC)
"""A Tuesday, 19:00 in Oslo."""
HOME: dict[str, Any] = {"latitude": 58.1467, "longitude": 7.9956}
ELSEWHERE: dict[str, Any] = {"latitude": 59.5, "longitude": 9.0}
CAPACITY_KWH = 90.0
"""One percent is 1 kWh at the plug."""


def minute(count: float) -> datetime:
    return EVENING + timedelta(minutes=count)


@dataclass
class Story:
    """One car and its driver; minutes count from EVENING."""

    vehicle: Vehicle
    home: Location
    told: int = field(default=0)

    def tell(self, minutes: float, *, received: float | None = None, **values: Any) -> None:
        """Lets a reading come in: plugged in at Home unless said otherwise; late when it is `received` later."""
        self.told += 1
        power_kw = values.get("charging_power_kw")
        defaults: dict[str, Any] = {"event_id": f"reading {self.told}", "is_plugged_in": True, **HOME}
        if power_kw is not None:
            defaults["is_charging"] = power_kw > 0
        reading = ReadingFacts(
            observed_at=minute(minutes),
            power_delivery=PowerDelivery.UNKNOWN,
            **(defaults | values),
        )
        now = minute(minutes if received is None else received)
        telemetry.record_reading(vehicle=self.vehicle, reading=reading, now=now)

    def charge(self, minutes: Sequence[float], power_kw: float, **values: Any) -> None:
        """Tells this power at each of these minutes."""
        for at in minutes:
            self.tell(at, charging_power_kw=power_kw, **values)

    def unplug(self, minutes: float, **values: Any) -> None:
        self.tell(minutes, is_plugged_in=False, is_charging=False, **values)

    def sessions(self) -> list[ChargingSession]:
        return list(ChargingSession.objects.filter(vehicle=self.vehicle).order_by("plugged_in_at"))

    def session(self) -> ChargingSession:
        [session] = self.sessions()
        return session


def make_story(*, prices: Sequence[str | float] = (0.40,) * 4 + (0.10,) * 4, **policy: Any) -> Story:
    """The car away from its cable, smart charging on; from EVENING an hour at 40 cents is followed by one at 10."""
    driver = factories.make_driver(clock_wall_anchor=EVENING, clock_own_anchor=EVENING)
    home = factories.make_location(driver=driver, **HOME)
    vehicle = factories.make_vehicle(
        driver=driver,
        battery_capacity_kwh=CAPACITY_KWH,
        state="CONSIDERING",
        view={
            "is_plugged_in": False,
            "plugged_in_at": None,
            "observed_at": EVENING - timedelta(hours=1),
            "position_observed_at": EVENING - timedelta(hours=1),
            "observed_power_kw": None,
        },
    )
    factories.make_policy(vehicle=vehicle, **{"minimum_charge_limit": 0.0} | policy)
    if prices:
        factories.make_prices(
            area=factories.make_price_area(), day_start=EVENING, prices=prices, delivery_date=EVENING.date()
        )
    return Story(vehicle, home)


def make_planned_story(**values: Any) -> Story:
    """A car that is plugged in at EVENING, with a plan from the fifth minute on."""
    story = make_story(**values)
    factories.make_plan(
        vehicle=story.vehicle, windows=(), created_at=minute(5), deadline_at=minute(600), smart_cost=Decimal("1.05")
    )
    return story


def charge_at_night(story: Story) -> None:
    """Ten minutes at 40 cents, then from 60 to 90 minutes at 10 cents: 11/6 and 5.5 kWh at 11 kW, measured."""
    story.charge((0, 10), 11.0)
    story.charge((10.001, 30, 50, 60), 0.0)
    story.charge((60.001, 75, 90), 11.0)
    story.charge((90.001,), 0.0)
