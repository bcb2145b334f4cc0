"""Everything the pages of one car tell: its rows, read once, and what follows from them at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from charging.core.facts import Car, PriceInterval, Window
from charging.core.need import Need, need_of
from charging.core.states import EXECUTING, State
from charging.models import (
    ChargingSession,
    Command,
    Finding,
    Location,
    Plan,
    Policy,
    SmartOverride,
    Vehicle,
    VehicleView,
)
from charging.operations.facts import policy_at
from charging.operations.learning import car_taught_by, known_car
from charging.operations.nothing_else import recent_findings
from charging.operations.place_prices import known_and_estimated, prices_for
from charging.operations.plan_saving import PlanMoney, plan_money
from charging.operations.previews import Preview, preview
from charging.operations.prices import PricePeriod
from charging.views.newest_plan import Beside, newest_plan
from charging.views.sample_notice import is_spot_only_at

SHOWS_OVERRIDE = frozenset({State.OVERRIDDEN, State.CONSIDERING})
SHOWS_RESULT = frozenset({State.FINISHED, State.UNPLUGGED, State.FAILED, State.ENDED_DISABLED})
SHOWS_COMMAND = frozenset({State.STOP_FAILED, State.START_FAILED, State.CHARGE_INTERRUPTED, State.STARTING})
SILENT_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Situation:
    """One car at `now`, an instant of its driver's clock. Questions are properties; each is answered once."""

    vehicle: Vehicle
    view: VehicleView | None
    policy: Policy | None
    plan: Plan | None
    windows: tuple[Window, ...]
    override: SmartOverride | None
    command: Command | None
    home: Location | None
    now: datetime
    newest_session: ChargingSession | None = None
    beside: Beside | None = None
    """What was read together with the plan; None where it is asked for when it is needed."""

    @cached_property
    def state(self) -> State:
        return State(self.vehicle.state)

    @cached_property
    def is_executing(self) -> bool:
        return self.state in EXECUTING

    @cached_property
    def is_plugged_in(self) -> bool:
        return self.view is not None and self.view.is_plugged_in is True

    @cached_property
    def is_on(self) -> bool:
        return self.policy is not None and self.policy.is_enabled

    @cached_property
    def place(self) -> Location | None:
        """Where the car is, else the driver's first place."""
        here = self.view.location if self.view is not None else None
        return here or self.home

    @cached_property
    def timezone(self) -> tzinfo:
        return ZoneInfo(self.timezone_name) if self.place is not None else UTC

    @cached_property
    def timezone_name(self) -> str:
        return self.place.timezone_name if self.place is not None else "UTC"

    @cached_property
    def brand(self) -> str:
        return self.vehicle.brand or str(self.vehicle)

    @cached_property
    def deadline_at(self) -> datetime | None:
        """The running plan's deadline, else the policy's next one."""
        if self.plan is not None and self.is_executing:
            return self.plan.deadline_at
        return policy_at(policy=self.policy, timezone_name=self.timezone_name, after=self.now).deadline_at

    @cached_property
    def following_deadline_at(self) -> datetime | None:
        """The policy's deadline after the next one."""
        if self.deadline_at is None:
            return None
        return policy_at(policy=self.policy, timezone_name=self.timezone_name, after=self.deadline_at).deadline_at

    @cached_property
    def limit_percent(self) -> float:
        """The level at which the car itself stops."""
        limit = self.view.charge_limit_percent if self.view is not None else None
        return 100.0 if limit is None else limit

    @cached_property
    def minimum_percent(self) -> float:
        """The effective minimum: never above the car's own limit."""
        return min(self.policy.minimum_charge_limit if self.policy is not None else 0.0, self.limit_percent)

    @cached_property
    def car(self) -> Car | None:
        """The car as the rules see it at the place where it is, or else would charge."""
        if self.view is None:
            return None
        if self.beside is not None:
            return car_taught_by(self.beside.learned, vehicle=self.vehicle, view=self.view)
        return known_car(vehicle=self.vehicle, view=self.view, location=self.place)

    @cached_property
    def need(self) -> Need | None:
        if self.car is None:
            return None
        facts = policy_at(policy=self.policy, timezone_name=self.timezone_name, after=self.now)
        return need_of(self.car, facts)

    @cached_property
    def latest_start(self) -> datetime | None:
        """The last instant at which charging without a break still meets the deadline, reserve included."""
        if self.need is None or self.deadline_at is None:
            return None
        return self.deadline_at - self.need.start_reserve - self.need.duration

    @cached_property
    def ready_at(self) -> datetime | None:
        """When the car is full if it charges without a break from now on."""
        return self.now + self.need.duration if self.need is not None else None

    @cached_property
    def current_window(self) -> Window | None:
        return next((window for window in self.windows if window.start <= self.now < window.end), None)

    @cached_property
    def next_window(self) -> Window | None:
        return next((window for window in self.windows if window.start > self.now), None)

    @cached_property
    def silent_for(self) -> timedelta | None:
        """How long a car that we steer has not answered; None while it does."""
        if self.view is None or self.view.observed_at is None or not self.is_executing:
            return None
        age = self.now - self.view.observed_at
        return age if age >= SILENT_AFTER else None

    @cached_property
    def is_tonight(self) -> bool:
        """Whether the plan charges between 22:00 and 06:00."""
        hours = {window.start.astimezone(self.timezone).hour for window in self.windows}
        return any(hour >= 22 or hour < 6 for hour in hours)

    @cached_property
    def session(self) -> ChargingSession | None:
        """The plug-in that the plan belongs to."""
        plan, session = self.plan, self.newest_session
        if plan is None or session is None or plan.created_at < session.plugged_in_at:
            return None
        return session

    @cached_property
    def plan_money(self) -> PlanMoney | None:
        """What the plan costs and saves, with what was charged against it counted as paid."""
        if self.plan is None:
            return None
        return plan_money(plan=self.plan, windows=self.windows, session=self.session, now=self.now)

    @cached_property
    def night(self) -> ChargingSession | None:
        """The plug-in whose numbers can be looked at: that of the plan, or that in which the car became full."""
        newest = self.newest_session
        is_full = self.state == State.FULLY_CHARGED and newest is not None and newest.unplugged_at is None
        return newest if is_full else self.session

    @cached_property
    def result(self) -> ChargingSession | None:
        """What was really charged in a plug-in whose plan has ended; None while it runs."""
        return self.session if self.state in SHOWS_RESULT else None

    @cached_property
    def recent_findings(self) -> tuple[Finding, ...]:
        """What else seems to control the car, or did lately; asked only by the parts that tell of it."""
        if self.beside is not None and not self.beside.has_findings:
            return ()
        return tuple(recent_findings(vehicle=self.vehicle, now=self.now))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What else seems to control the car now."""
        return tuple(finding for finding in self.recent_findings if finding.gone_at is None)

    @cached_property
    def what_if(self) -> Preview | None:
        """The plan there would be if the car were plugged in now; None where it would charge at once."""
        if self.state != State.CONSIDERING or not self.is_on or self.is_plugged_in or self.view is None:
            return None
        found = preview(vehicle=self.vehicle, now=self.now)
        return found if found is not None and found.is_worth_it else None

    @cached_property
    def switched_off_by(self) -> str:
        """The actor who turned smart charging off last; empty where nobody is known."""
        off = self.vehicle.activities.filter(code__in=("turned_off", "paused_by_driver"))
        return off.order_by("-at", "-pk").values_list("actor", flat=True).first() or ""

    @cached_property
    def turned_on_at(self) -> datetime | None:
        """When smart charging was turned on last; None where nothing tells of it any more."""
        return self.vehicle.activities.filter(code="turned_on").order_by("-at").values_list("at", flat=True).first()

    @cached_property
    def period(self) -> PricePeriod | None:
        """The known prices around the running plan; None where no plan is shown.

        None as well while the plan is told in another currency than is paid now: they would not fit each other.
        """
        location = (self.plan.location or self.place) if self.plan is not None else None
        if self.plan is None or location is None or not self.state.startswith("PLAN:"):
            return None
        start = min(self.now, self.plan.created_at)
        end = max(self.plan.deadline_at, self.now)
        period = prices_for(location=location, driver=self.vehicle.driver, start=start, end=end, now=self.now)
        return period if period is not None and period.currency == self.plan.currency else None

    @cached_property
    def is_spot_only(self) -> bool:
        """Whether the shown plan leaves fees and taxes out: nobody has told of any at its place."""
        if self.what_if is not None:
            return is_spot_only_at(self.what_if.location)
        return is_spot_only_at((self.plan.location if self.plan is not None else None) or self.place)

    @cached_property
    def prices(self) -> tuple[PriceInterval, ...]:
        """The prices that the plan was made from, estimates until the deadline included."""
        if self.period is None or self.plan is None:
            return ()
        start = min(self.now, self.plan.created_at) - timedelta(hours=1)
        return known_and_estimated(self.period, start, self.plan.deadline_at, self.place)


def load_situation(vehicle: Vehicle, now: datetime) -> Situation:
    """Reads what the pages need of a car from `own_vehicle`, in a fixed number of queries."""
    view: VehicleView | None = getattr(vehicle, "view", None)
    home = view.location if view is not None else None
    if home is None:
        places = Location.objects.of_driver(vehicle.driver).with_prices()
        home = places.order_by("created_at", "pk").first()
    state, override, command = State(vehicle.state), None, None
    found = newest_plan(vehicle=vehicle, place=home, findings=recent_findings(vehicle=vehicle, now=now))
    newest_session = found.beside.session if found is not None else None
    if found is None and state == State.FULLY_CHARGED:
        newest_session = vehicle.charging_sessions.newest_first().defer("quarters").first()
    if state in SHOWS_OVERRIDE:
        override = SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True).first()
    if state in SHOWS_COMMAND:
        command = Command.objects.filter(vehicle=vehicle).order_by("-created_at", "-pk").first()
    return Situation(
        vehicle=vehicle,
        view=view,
        policy=getattr(vehicle, "policy", None),
        plan=found.plan if found is not None else None,
        windows=found.windows if found is not None else (),
        override=override,
        command=command,
        home=home,
        now=now,
        newest_session=newest_session,
        beside=found.beside if found is not None else None,
    )
