"""Loading the facts of a car: everything `decide` asks for, in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from charging.adapters.holidays import is_public_holiday
from charging.core.deadlines import WeeklyDeadline, no_holidays
from charging.core.facts import (
    CommandKind,
    CommandStatus,
    Facts,
    Hold,
    Override,
    PlugInHistory,
    PolicyFacts,
    PriceInterval,
    RunningPlan,
    Thresholds,
)
from charging.core.learned import Learned
from charging.core.market_time import next_deadline, previous_deadline
from charging.core.planning import in_other_money
from charging.core.states import State
from charging.core.vendors import MAX_SENDINGS
from charging.models import Command, Finding, Location, Plan, Policy, SmartOverride, Vehicle, VehicleView
from charging.models.vehicles import OtherControl
from charging.operations.exchange_rates import in_money_of
from charging.operations.foreign_window import telling_hours, window_of
from charging.operations.learning import learned_at
from charging.operations.place_prices import known_and_estimated, prices_for
from charging.operations.plug_in_history import history_since
from charging.operations.prices import PricePeriod
from charging.operations.vendor_health import is_breaker_closed

TEST_DURATION = timedelta(minutes=2)
"""How long a test charge lasts."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that the facts of a car are made of; `first_place` lends its time zone to a car that is at no place."""

    vehicle: Vehicle
    view: VehicleView
    policy: Policy | None
    plan: Plan | None
    command: Command | None
    override: SmartOverride | None
    first_place: Location | None


@dataclass(frozen=True, slots=True)
class Around:
    """What the facts of a car rest on beside its rows."""

    learned: Learned | None
    this_plug_in: PlugInHistory
    telling_hours: Sequence[Finding]
    is_enabled_elsewhere: bool


def load_facts(*, vehicle: Vehicle, now: datetime) -> tuple[Facts, PricePeriod | None]:
    """Returns the facts of the car at `now`, and where their prices come from (None while none are needed)."""
    return facts_of(rows=load_rows(vehicle=vehicle), now=now)


def load_rows(*, vehicle: Vehicle) -> Rows:
    """Returns what is stored of the car. Raises VehicleView.DoesNotExist where nothing is known of it."""
    plans = Plan.objects.filter(vehicle=vehicle).prefetch_related("windows")
    view = VehicleView.objects.with_priced_location().get(vehicle=vehicle)
    return Rows(
        vehicle=vehicle,
        view=view,
        policy=Policy.objects.filter(vehicle=vehicle).first(),
        plan=plans.order_by("-created_at", "-pk").first(),
        command=Command.objects.filter(vehicle=vehicle).order_by("-generation").first(),
        override=SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True).first(),
        first_place=Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk").first(),
    )


def load_around(*, rows: Rows) -> Around:
    """Returns what is stored around such rows."""
    vehicle, plugged_in_at = rows.vehicle, rows.view.plugged_in_at
    location = place_of_this_plug_in(rows.view)
    is_asked = location is not None and rows.policy is not None and rows.policy.is_enabled
    return Around(
        learned=learned_at(vehicle=vehicle, location=location, plugged_in_at=plugged_in_at),
        this_plug_in=history_since(vehicle=vehicle, plugged_in_at=plugged_in_at),
        telling_hours=list(telling_hours().filter(vehicle=vehicle)) if is_asked else (),
        is_enabled_elsewhere=is_enabled_elsewhere(vehicle),
    )


def facts_of(*, rows: Rows, now: datetime, around: Around | None = None) -> tuple[Facts, PricePeriod | None]:
    """Returns the facts that such rows are at `now`; they need not be stored as they are. None is loaded."""
    around = around or load_around(rows=rows)
    vehicle, policy, plan, command = rows.vehicle, rows.policy, rows.plan, rows.command
    location = place_of_this_plug_in(rows.view)
    running = plan is not None and plan.ended_at is None
    reference = plan.created_at if plan is not None and running else now
    timezone_name = timezone_name_of(location, [rows.first_place] if rows.first_place is not None else [])
    policy_facts = policy_at(policy=policy, timezone_name=timezone_name, after=reference)
    period = None
    is_asked = location is not None and policy_facts.is_enabled
    if location is not None and is_asked:
        until = max(now, policy_facts.deadline_at or now, plan.deadline_at if plan is not None and running else now)
        period = prices_for(location=location, driver=vehicle.driver, start=reference, end=until, now=now)
    prices = () if period is None else known_and_estimated(period, reference, policy_facts.deadline_at, location)
    facts = Facts(
        state=State(vehicle.state),
        car=replace(rows.view.as_car(vehicle), learned=around.learned),
        policy=policy_facts,
        location_id=location.pk if location is not None else None,
        has_locations=rows.first_place is not None,
        prices=prices,
        has_prices=not is_asked or (period is not None and any(row.end > now for row in period.intervals)),
        is_single_user=not around.is_enabled_elsewhere,
        plan=_running_plan(plan, period, prices),
        command=command.as_facts() if command is not None else None,
        hold=hold_of(vehicle),
        override=override_at(rows.override, command) if rows.override is not None else None,
        this_plug_in=around.this_plug_in,
        is_protecting=vehicle.is_protecting,
        safety_net_at=safety_net_at(vehicle, timezone_name, now),
        foreign_window=window_of(around.telling_hours, timezone_name, now, policy_facts.deadline_at or now)
        if is_asked
        else (),
        thresholds=in_money_of(thresholds_of(vehicle), period),
        is_breaker_closed=is_breaker_closed(vehicle=vehicle, now=now),
    )
    return facts, period


def _running_plan(
    plan: Plan | None, period: PricePeriod | None, prices: tuple[PriceInterval, ...]
) -> RunningPlan | None:
    """The plan as it is stored; one that runs, at prices in the currency that is paid in by now."""
    if plan is None:
        return None
    running = plan.as_running_plan()
    return in_other_money(running, prices) if has_other_money(plan, period) else running


def has_other_money(plan: Plan, period: PricePeriod | None) -> bool:
    """Whether the plan still runs while its driver has come to pay in another currency."""
    if plan.ended_at is not None or period is None or not period.intervals:
        return False
    return plan.currency != period.currency


def place_of_this_plug_in(view: VehicleView) -> Location | None:
    """The place the car is plugged in at; None where it is not known to be at one."""
    return view.location if view.place_id_of_this_plug_in is not None else None


def place_where_it_charges(view: VehicleView) -> Location | None:
    """Where the car is plugged in, or else the place it stands at: there it would charge if it were plugged in now."""
    return place_of_this_plug_in(view) if view.is_plugged_in else view.location


def timezone_name_of(location: Location | None, places: list[Location]) -> str:
    """The zone deadlines are read in: of the place where charging happens, else of the first place, else UTC."""
    if location is not None:
        return location.timezone_name
    return places[0].timezone_name if places else "UTC"


def safety_net_at(vehicle: Vehicle, timezone_name: str, now: datetime) -> datetime | None:
    """The instant nearest to now at which the schedule that the driver keeps as a safety net starts the car."""
    if vehicle.other_control != OtherControl.SAFETY_NET or vehicle.safety_net_time is None:
        return None
    net = vehicle.safety_net_time
    around = (previous_deadline(net, timezone_name, now), next_deadline(net, timezone_name, now))
    return min(around, key=lambda at: abs(at - now))


def weekly_deadline(*, policy: Policy, timezone_name: str) -> WeeklyDeadline | None:
    """The rule of the policy's deadlines at a place with this time zone; None without a deadline."""
    if policy.deadline is None:
        return None
    other = policy.weekday_deadlines

    def is_holiday(day: date) -> bool:
        return is_public_holiday(day, timezone_name)

    return WeeklyDeadline(policy.deadline, other, is_holiday if other and policy.observes_holidays else no_holidays)


def policy_at(*, policy: Policy | None, timezone_name: str, after: datetime) -> PolicyFacts:
    """The policy with its deadline as the next instant after `after`; a deadline for tonight only comes first."""
    if policy is None:
        return PolicyFacts(is_enabled=False, deadline_at=None)
    weekly = weekly_deadline(policy=policy, timezone_name=timezone_name)
    deadline_at = weekly.next_after(after, timezone_name) if weekly is not None else None
    previous_at = weekly.last_until(after, timezone_name) if weekly is not None else None
    if policy.one_off_deadline_at is not None and policy.one_off_deadline_at > after:
        deadline_at, previous_at = policy.one_off_deadline_at.astimezone(UTC), None
    return PolicyFacts(
        is_enabled=policy.is_enabled,
        deadline_at=deadline_at,
        minimum_percent=policy.minimum_charge_limit,
        max_windows=policy.max_windows,
        min_window=timedelta(minutes=policy.min_window_minutes),
        previous_deadline_at=previous_at,
    )


def override_at(override: SmartOverride, command: Command | None) -> Override:
    """The override; a test charge ends two minutes after its start was seen to work."""
    facts = override.as_override()
    if not override.is_test or command is None or command.created_at < override.created_at:
        return facts
    if command.kind != CommandKind.START or command.status != CommandStatus.CONFIRMED or command.completed_at is None:
        return facts
    return replace(facts, until_at=command.completed_at + TEST_DURATION)


def hold_of(vehicle: Vehicle) -> Hold | None:
    """The lease under which we keep the car from charging."""
    if vehicle.hold_until is None or vehicle.hold_renew_by is None:
        return None
    return Hold(vehicle.hold_until, vehicle.hold_renew_by)


def thresholds_of(vehicle: Vehicle) -> Thresholds:
    """The thresholds of DESIGN 8, from the settings and the vendor's own limits."""
    return Thresholds(
        max_sendings=MAX_SENDINGS.get(vehicle.vendor, 3),
        start_cost=settings.READYBY_START_COST,
        max_starts=settings.READYBY_MAX_STARTS,
        unit=timedelta(minutes=settings.READYBY_PLAN_UNIT_MINUTES),
    )


def is_enabled_elsewhere(vehicle: Vehicle) -> bool:
    """Whether another user has smart charging enabled for the same car, across clients."""
    same = Q()
    if vehicle.vin:
        same |= Q(vin=vehicle.vin)
    if vehicle.vendor_asset_id:
        same |= Q(vendor=vehicle.vendor, vendor_asset_id=vehicle.vendor_asset_id)
    if not same:
        return False
    return Vehicle.objects.filter(same, policy__is_enabled=True).exclude(pk=vehicle.pk).exists()
