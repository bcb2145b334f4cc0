"""Rows for tests: `make_*` functions with sensible defaults, every value can be given by name.

The default story: at 22:04 in Oslo a family car stands plugged in at Home with 38 %, wants to be ready by 07:00 and
waits for a plan that charges from 01:45 to 05:00.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from charging.core.decision import Considerations
from charging.core.facts import PriceInterval, Window
from charging.core.states import ENDED, State
from charging.models import (
    Activity,
    Client,
    Command,
    Driver,
    Due,
    Finding,
    Location,
    Plan,
    PlanWindow,
    Policy,
    Price,
    PriceArea,
    PriceDocument,
    SimulatedCar,
    SmartOverride,
    Vehicle,
    VehicleView,
)

NOW = datetime(2025, 12, 9, 21, 4, tzinfo=UTC)
"""22:04 in Oslo."""
DEADLINE_AT = datetime(2025, 12, 10, 6, 0, tzinfo=UTC)
"""07:00 in Oslo, the morning after NOW."""
_numbers = itertools.count(1)


def at(hours: int, minutes: int = 0, *, day: int = 10) -> datetime:
    """An instant of December 2025, given as wall-clock time in Oslo."""
    return datetime(2025, 12, day, hours, minutes, tzinfo=UTC) - timedelta(hours=1)


def make_client(**values: Any) -> Client:
    return Client.objects.create(**{"name": "A client", "created_at": NOW} | values)


def make_account(**values: Any) -> User:
    number = next(_numbers)
    defaults = {"username": f"alice{number}@example.com", "email": f"alice{number}@example.com"}
    return User.objects.create_user(**defaults | values)


def make_driver(**values: Any) -> Driver:
    """A driver with a login, of a client of their own, whose clock shows NOW and stands at the wall's pace."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "external_id": f"driver-{number}",
        "created_at": NOW,
        "clock_wall_anchor": NOW,
        "clock_own_anchor": NOW,
    }
    if "client" not in values:
        defaults["client"] = make_client(name=f"Client {number}")
    if "account" not in values:
        defaults["account"] = make_account()
    return Driver.objects.create(**defaults | values)


def make_price_area(**values: Any) -> PriceArea:
    """NO2 with its currency, made once."""
    defaults = {"code": "NO2", "name": "South Norway", "country": "NO", "currency": "EUR"}
    defaults |= {"timezone_name": "Europe/Oslo"} | values
    return PriceArea.objects.get_or_create(code=defaults.pop("code"), defaults=defaults)[0]


def make_prices(
    *, area: PriceArea, day_start: datetime, prices: Sequence[str | float], **values: Any
) -> list[PriceInterval]:
    """One published day of quarters from `day_start` on, in currency per kWh."""
    defaults: dict[str, Any] = {"delivery_date": (day_start + timedelta(hours=12)).date(), "source": "smard"}
    defaults |= {"market_time_unit_minutes": 15, "currency": area.currency, "fetched_at": day_start}
    document = PriceDocument.objects.create(area=area, **defaults | values)
    step = timedelta(minutes=15)
    rows = [
        Price(
            document=document, start=day_start + n * step, end=day_start + (n + 1) * step, price_per_kwh=Decimal(str(p))
        )
        for n, p in enumerate(prices)
    ]
    Price.objects.bulk_create(rows)
    return [PriceInterval(row.start, row.end, row.price_per_kwh) for row in rows]


def make_location(*, driver: Driver, **values: Any) -> Location:
    defaults: dict[str, Any] = {
        "name": "Home",
        "latitude": 58.1467,
        "longitude": 7.9956,
        "timezone_name": "Europe/Oslo",
        "created_at": NOW,
    }
    if "price_area" not in values:
        defaults["price_area"] = make_price_area()
    return Location.objects.create(driver=driver, **defaults | values)


def make_vehicle(*, driver: Driver, view: dict[str, Any] | None = None, **values: Any) -> Vehicle:
    """A simulated family car with the view of it; `view` overrides single readings."""
    vehicle = Vehicle.objects.create(
        **{
            "driver": driver,
            "vendor": "VOLKSWAGEN",
            "brand": "Volkswagen",
            "model": "ID.4",
            "display_name": "Family car",
            "battery_capacity_kwh": 77.0,
            "max_power_kw": 11.0,
            "linked_at": NOW,
            "state_changed_at": NOW,
            "evaluated_at": NOW,
        }
        | values
    )
    make_view(vehicle=vehicle, **view or {})
    return vehicle


def make_view(*, vehicle: Vehicle, **values: Any) -> VehicleView:
    """The car answered four minutes ago: plugged in, waiting, 38 %."""
    defaults: dict[str, Any] = {
        "observed_at": NOW - timedelta(minutes=4),
        "soc_percent": 38.0,
        "charge_limit_percent": 80.0,
        "is_plugged_in": True,
        "is_charging": False,
        "is_fully_charged": False,
        "power_delivery": "PLUGGED_IN:STOPPED",
        "plugged_in_at": NOW - timedelta(hours=3),
        "observed_power_kw": 11.0,
        "position_observed_at": NOW - timedelta(minutes=4),
        "latitude": 58.1467,
        "longitude": 7.9956,
    }
    return VehicleView.objects.create(vehicle=vehicle, **defaults | values)


def make_policy(*, vehicle: Vehicle, **values: Any) -> Policy:
    defaults = {"is_enabled": True, "deadline": time(7, 0), "minimum_charge_limit": 20.0, "updated_at": NOW}
    return Policy.objects.create(vehicle=vehicle, **defaults | values)


WINDOW = Window(at(1, 45), at(5, 0), 35.8, Decimal("1.1127"))


def make_plan(*, vehicle: Vehicle, windows: Sequence[Window] = (WINDOW,), **values: Any) -> Plan:
    """A running plan with its windows; give `final_state` for one that has ended."""
    defaults: dict[str, Any] = {
        "currency": "EUR",
        "created_at": NOW - timedelta(hours=3),
        "deadline_at": DEADLINE_AT,
        "energy_kwh": sum(window.energy_kwh for window in windows),
        "non_smart_cost": Decimal("2.6254"),
        "smart_cost": sum((window.cost for window in windows), Decimal(0)),
        "estimated_finish_at": max((window.end for window in windows), default=DEADLINE_AT),
        "reserve_minutes": 20,
        "reason": "cheapest",
        "price_area_code": "NO2",
        "prices_recorded_on": ["2025-12-09", "2025-12-10"],
    }
    if values.get("final_state"):
        defaults["ended_at"] = NOW
    plan = Plan.objects.create(vehicle=vehicle, **defaults | values)
    PlanWindow.objects.bulk_create(PlanWindow(plan=plan, **asdict(window)) for window in windows)
    return plan


def make_override(*, vehicle: Vehicle, **values: Any) -> SmartOverride:
    return SmartOverride.objects.create(vehicle=vehicle, **{"created_at": NOW} | values)


def make_command(*, vehicle: Vehicle, **values: Any) -> Command:
    """A START that was sent once and not confirmed yet."""
    number = next(_numbers)
    defaults = {"generation": number, "kind": "START", "purpose": "plan", "status": "ACCEPTED", "attempts": 1}
    return Command.objects.create(vehicle=vehicle, **defaults | {"created_at": NOW} | values)


def make_activity(*, vehicle: Vehicle, **values: Any) -> Activity:
    return Activity.objects.create(vehicle=vehicle, **{"at": NOW, "code": "plugged_in", "actor": "driver"} | values)


def make_finding(*, vehicle: Vehicle, **values: Any) -> Finding:
    """A timer at 23:00 that held the car back on two nights, confirmed and open."""
    seen = [at(23, day=8), at(23, day=9)]
    defaults: dict[str, Any] = {
        "cause": "timer",
        "codes": ["F3"],
        "score": 4,
        "status": "confirmed",
        "clock_time": time(23, 0),
        "nights": 2,
        "first_seen_at": seen[0],
        "last_seen_at": seen[1],
        "evidence": [{"at": instant.isoformat(), "seen": "charging_began", "value": "11"} for instant in seen],
    }
    return Finding.objects.create(vehicle=vehicle, **defaults | values)


def make_due(*, vehicle: Vehicle, **values: Any) -> Due:
    defaults = {"own_at": NOW, "due_at": NOW, "next_poll_at": NOW}
    return Due.objects.create(vehicle=vehicle, **defaults | values)


def make_simulated_car(*, vehicle: Vehicle, memory: dict[str, Any]) -> SimulatedCar:
    return SimulatedCar.objects.create(vehicle=vehicle, memory=memory)


def make_considerations(**values: bool) -> dict[str, bool]:
    """The conditions as a vehicle stores them; everything holds but a saving, unless said otherwise."""
    holds = dict.fromkeys(Considerations.__slots__, True)
    return holds | {"is_charging": False, "likely_to_generate_savings": False} | values


def make_parked_car(
    *, state: State = State.STOPPED, rule: str = "", driver: Driver | None = None, view: dict[str, Any] | None = None
) -> Vehicle:
    """A car of the default story in `state`: plugged in at Home, with a policy, and a plan where the state has one."""
    driver = driver or make_driver()
    home = driver.locations.first() or make_location(driver=driver)
    vehicle = make_vehicle(driver=driver, state=state, rule=rule, view={"location": home} | (view or {}))
    make_policy(vehicle=vehicle, is_enabled=state not in {State.DISABLED, State.ENDED_DISABLED})
    if state.startswith("PLAN:"):
        ended: dict[str, Any] = {"final_state": state, "ended_at": NOW} if state in ENDED else {}
        make_plan(vehicle=vehicle, location=home, **ended)
    return vehicle
