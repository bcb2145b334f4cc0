"""Is everything there that smart charging needs? Ten checks in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from charging.core.geo import distance_m
from charging.core.market_time import local_day_bounds
from charging.core.vendors import MINIMUM_FLOOR_PERCENT
from charging.models import Location, Plan, Policy, Vehicle, VehicleView
from charging.operations import test_charge
from charging.operations.connection_standing import HEARD_WITHIN, answers_standing, control_standing
from charging.operations.facts import policy_at
from charging.operations.nothing_else import nothing_else, recent_findings, started_elsewhere
from charging.operations.place_prices import prices_at
from charging.operations.plan_saving import plan_money, session_of
from charging.operations.prices import LIVE_WITHIN
from charging.operations.readiness_check import Check, Rows, Status
from charging.operations.test_charge import Outcome

REASONS_TO_CHARGE_NORMALLY = frozenset({"nothing_to_save", "too_little_time", "below_minimum", "charge_now"})


STATUS_OF_OUTCOME = {
    Outcome.PASSED: Status.READY,
    Outcome.STARTED_ONLY: Status.READY,
    Outcome.BROKEN_OFF: Status.OPTIONAL,
    Outcome.NOT_STARTED: Status.PROBLEM,
    Outcome.NOT_STOPPED: Status.PROBLEM,
}


def readiness(*, vehicle: Vehicle, now: datetime) -> tuple[Check, ...]:
    """Returns the ten checks of a car. Reads only."""
    view = VehicleView.objects.with_priced_location().get(vehicle=vehicle)
    places = Location.objects.of_driver(vehicle.driver).with_prices()
    plan = Plan.objects.filter(vehicle=vehicle, ended_at__isnull=True).prefetch_related("windows").first()
    rows = Rows(
        vehicle=vehicle,
        view=view,
        policy=Policy.objects.filter(vehicle=vehicle).first(),
        places=list(places.order_by("created_at", "pk")),
        plan=plan,
        findings=list(recent_findings(vehicle=vehicle, now=now)),
        now=now,
        session=session_of(plan) if plan is not None else None,
        started_elsewhere_at=started_elsewhere(vehicle=vehicle).first(),
    )
    return checks_of(rows)


def checks_of(rows: Rows) -> tuple[Check, ...]:
    """Returns the ten checks of what has been read already."""
    return tuple(check(rows) for check in CHECKS)


def is_past_first_night(*, vehicle: Vehicle, now: datetime) -> bool:
    """Whether a plan of the car has come to its deadline. Reads only."""
    return Plan.objects.filter(vehicle=vehicle, deadline_at__lte=now).exists()


def _settings(rows: Rows) -> Check:
    policy, limit = rows.policy, rows.view.charge_limit_percent
    if policy is None or policy.deadline is None or not policy.is_enabled:
        return Check("settings", Status.NEEDS_YOU, "off")
    minimum = policy.minimum_charge_limit
    params = {"deadline": policy.deadline, "minimum_percent": minimum, "limit_percent": limit}
    if limit is not None and minimum > limit:
        return Check("settings", Status.NEEDS_YOU, "minimum_above_limit", params)
    floor = MINIMUM_FLOOR_PERCENT.get(rows.vehicle.vendor, 0)
    if minimum < floor:
        return Check("settings", Status.NEEDS_YOU, "minimum_below_floor", params | {"floor_percent": floor})
    return Check("settings", Status.READY, "", params)


def _place(rows: Rows) -> Check:
    if not rows.places:
        return Check("place", Status.NEEDS_YOU, "none")
    first = rows.places[0]
    params = {"name": first.name}
    if first.example_area is not None:
        return Check("place", Status.READY, "example", params | {"area": first.example_area.code})
    if first.price_area is None:
        return Check("place", Status.READY, "own_prices", params)
    return Check("place", Status.READY, "", params | {"area": first.price_area.code})


def _answers(rows: Rows) -> Check:
    observed_at = rows.view.observed_at
    standing = answers_standing(vehicle=rows.vehicle, observed_at=observed_at, now=rows.now)
    if standing:
        return Check("answers", Status.NEEDS_YOU, standing, {"through": rows.vehicle.gateway})
    if observed_at is None:
        return Check("answers", Status.WAITING, "never")
    ago = max(rows.now - observed_at, timedelta())
    if ago > HEARD_WITHIN:
        return Check("answers", Status.NEEDS_YOU, "silent", {"ago": ago})
    return Check("answers", Status.READY, "", {"ago": ago})


def _control(rows: Rows) -> Check:
    if standing := control_standing(vehicle=rows.vehicle):
        return Check("control", Status.PROBLEM, standing, {"through": rows.vehicle.gateway})
    if rows.vehicle.is_capable:
        return Check("control", Status.READY)
    return Check("control", Status.PROBLEM, "not_capable", {"brand": rows.vehicle.brand_name})


def _plugged_in(rows: Rows) -> Check:
    return Check("plugged_in", Status.READY if rows.view.is_plugged_in else Status.NEEDS_YOU)


def _at_place(rows: Rows) -> Check:
    view = rows.view
    if not rows.places:
        return Check("at_place", Status.WAITING, "no_place")
    if view.location is not None:
        return Check("at_place", Status.READY, "", {"name": view.location.name})
    if view.latitude is None or view.longitude is None:
        return Check("at_place", Status.NEEDS_YOU, "unknown")
    meters, name = min(
        (distance_m(view.latitude, view.longitude, place.latitude, place.longitude), place.name)
        for place in rows.places
    )
    return Check("at_place", Status.NEEDS_YOU, "away", {"name": name, "distance_m": meters})


def _end_of_tomorrow(now: datetime, timezone_name: str) -> datetime:
    """As far as a market ever publishes."""
    tomorrow = now.astimezone(ZoneInfo(timezone_name)).date() + timedelta(days=1)
    return local_day_bounds(tomorrow, timezone_name)[1]


def _prices(rows: Rows) -> Check:
    place = rows.view.location or (rows.places[0] if rows.places else None)
    if place is None:
        return Check("prices", Status.WAITING, "no_place")
    deadline_at = policy_at(policy=rows.policy, timezone_name=place.timezone_name, after=rows.now).deadline_at
    until = deadline_at or rows.now + timedelta(hours=1)
    period = rows.period
    if period is None:
        code = place.pricing_area.code if place.pricing_area is not None else ""
        start, far = rows.now - LIVE_WITHIN, max(until, _end_of_tomorrow(rows.now, place.timezone_name))
        driver = rows.vehicle.driver
        period = prices_at(area_code=code, location=place, driver=driver, start=start, end=far, now=rows.now)
    known_until = max((interval.end for interval in period.intervals), default=rows.now) if period else rows.now
    area = place.pricing_area
    params = {
        "area": area.code if area is not None else "",
        "until": known_until,
        "now": rows.now,
        "zone": place.timezone_name,
    }
    if known_until <= rows.now:
        return Check("prices", Status.NEEDS_YOU, "none", params)
    return Check("prices", *((Status.READY, "") if known_until >= until else (Status.WAITING, "partly")), params)


def _benefit(rows: Rows) -> Check:
    plan = rows.plan
    if plan is not None:
        windows = plan.as_running_plan().windows if rows.session is not None else ()
        money = plan_money(plan=plan, windows=windows, session=rows.session, now=rows.now)
        return Check("benefit", Status.READY, "plan", {"saving": money.saving, "currency": plan.currency})
    if rows.vehicle.rule in REASONS_TO_CHARGE_NORMALLY:
        return Check("benefit", Status.READY, rows.vehicle.rule)
    if rows.vehicle.state == "FULLY_CHARGED" or rows.view.is_fully_charged:
        return Check("benefit", Status.READY, "full")
    is_here = rows.view.is_plugged_in is True and rows.view.location is not None
    return Check("benefit", Status.WAITING, "making_plan" if is_here else "not_here")


def _test(rows: Rows) -> Check:
    """The test charge: nobody has to run it, so it stands in the way of nothing before it has failed."""
    why_not = test_charge.reasons_not_to(vehicle=rows.vehicle, view=rows.view)
    params = {"why_not": why_not[0].message if why_not else ""}
    last = test_charge.last_test(vehicle=rows.vehicle, now=rows.now) if rows.may_be_tested else None
    if last is None:
        return Check("test", Status.OPTIONAL, "never", params)
    status = STATUS_OF_OUTCOME.get(last.outcome, Status.WAITING)
    return Check("test", status, last.outcome.value, params | {"ago": rows.now - last.at})


CHECKS: tuple[Callable[[Rows], Check], ...] = (
    _settings,
    _place,
    _answers,
    _control,
    _plugged_in,
    _at_place,
    _prices,
    _benefit,
    nothing_else,
    _test,
)
