"""The small frozen values that decisions are made of. Instants are aware UTC, periods half-open `[start, end)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from charging.core.learned import Learned
from charging.core.periods import Period
from charging.core.states import State


class PowerDelivery(StrEnum):
    """What a car says of its charging (API_CONTRACT: `powerDeliveryState`)."""

    UNKNOWN = "UNKNOWN"
    UNPLUGGED = "UNPLUGGED"
    INITIALIZING = "PLUGGED_IN:INITIALIZING"
    CHARGING = "PLUGGED_IN:CHARGING"
    STOPPED = "PLUGGED_IN:STOPPED"
    COMPLETE = "PLUGGED_IN:COMPLETE"
    NO_POWER = "PLUGGED_IN:NO_POWER"
    FAULT = "PLUGGED_IN:FAULT"
    DISCHARGING = "PLUGGED_IN:DISCHARGING"


class CommandKind(StrEnum):
    START = "START"
    STOP = "STOP"


class CommandStatus(StrEnum):
    """Where a command stands in the ledger. The open ones may still take effect."""

    INTENDED = "INTENDED"
    SENDING = "SENDING"
    ACCEPTED = "ACCEPTED"
    UNKNOWN = "UNKNOWN"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"


OPEN_STATUSES = frozenset(
    {CommandStatus.INTENDED, CommandStatus.SENDING, CommandStatus.ACCEPTED, CommandStatus.UNKNOWN}
)


class CommandPurpose(StrEnum):
    """Why a command was given."""

    PLAN = "plan"
    PROTECT = "protect"
    PROBE = "probe"
    OVERRIDE = "override"
    RELEASE = "release"
    RETRY = "retry"
    COUNTER = "counter"


class FailureCondition(StrEnum):
    STOP_FAILED = "STOP_FAILED"
    START_FAILED = "START_FAILED"
    FINISHED_LATE = "FINISHED_LATE"
    UNKNOWN = "UNKNOWN"
    CHARGE_INTERRUPTED = "CHARGE_INTERRUPTED"


@dataclass(frozen=True, slots=True)
class PriceInterval:
    """Price of energy in `[start, end)`, in currency per kWh; it may be negative.

    `is_estimate` marks a price that no market has published.
    """

    start: datetime
    end: datetime
    price_per_kwh: Decimal | float
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A period of charging `[start, end)`, with the energy that flows in it and what that costs."""

    start: datetime
    end: datetime
    energy_kwh: float
    cost: Decimal
    is_forced: bool = False
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer of the planner: windows in time order, costs in currency, and a code for why it looks so."""

    windows: tuple[Window, ...]
    cost: Decimal
    cost_charged_at_once: Decimal
    finish_at: datetime
    reason: str
    shortfall_kwh: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a car, as its gateway gives it. None means not reported.

    `observed_each` has the instants of those values, by their names, that were observed earlier than the newest one.
    `reported_schedule` is what the vendor says of a schedule that is on ("preferred times 23:00-06:00"), in any words.
    """

    observed_at: datetime
    event_id: str
    power_delivery: PowerDelivery
    soc_percent: float | None = None
    is_plugged_in: bool | None = None
    is_charging: bool | None = None
    is_fully_charged: bool | None = None
    charging_power_kw: float | None = None
    charge_limit_percent: float | None = None
    battery_capacity_kwh: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    odometer_km: float | None = None
    reported_schedule: str = ""
    observed_each: Mapping[str, datetime] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Car:
    """The newest trustworthy knowledge of a car: its properties, its last readings, this plug-in, those before.

    `has_lease`: a hold of it ends by itself also while this server is down.
    """

    battery_capacity_kwh: float | None
    max_power_kw: float
    observed_at: datetime | None = None
    soc_percent: float | None = None
    charge_limit_percent: float = 100.0
    is_plugged_in: bool | None = None
    is_charging: bool | None = None
    is_fully_charged: bool | None = None
    power_delivery: PowerDelivery = PowerDelivery.UNKNOWN
    plugged_in_at: datetime | None = None
    observed_power_kw: float | None = None
    charging_readings_in_a_row: int = 0
    soc_observed_at: datetime | None = None
    charging_observed_at: datetime | None = None
    is_capable: bool = True
    learned: Learned | None = None
    has_lease: bool = True


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """The policy with its deadline already an instant: the next one after the plan was made, or after now.

    `previous_deadline_at` is the daily one before it; None where there is none, or one for tonight only stands first.
    """

    is_enabled: bool
    deadline_at: datetime | None
    minimum_percent: float = 0.0
    max_windows: int = 3
    min_window: timedelta = timedelta(minutes=30)
    previous_deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunningPlan:
    """A plan as it is carried out, ended ones included; the shape of the API's Plan (API_CONTRACT 7.5)."""

    created_at: datetime
    deadline_at: datetime
    windows: tuple[Window, ...]
    non_smart_cost: Decimal
    smart_cost: Decimal | None
    estimated_finish_at: datetime
    reserve: timedelta
    reason: str
    location_id: int | None
    prices_hash: str = ""
    energy_kwh: float = 0.0
    stop_confirmed_at: datetime | None = None
    start_confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    final_state: State | None = None
    failure_condition: FailureCondition | None = None


@dataclass(frozen=True, slots=True)
class CommandFacts:
    """The newest command of a car, as the ledger has it."""

    kind: CommandKind
    status: CommandStatus
    purpose: CommandPurpose
    created_at: datetime
    attempts: int = 0
    last_sent_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop with a lease: the gateway starts the car at `until`, or when nobody renewed it by `renew_by`."""

    until: datetime
    renew_by: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """Charge now: until full, or until a level or an instant. From elsewhere: somebody else started the car."""

    created_at: datetime
    until_percent: float | None = None
    until_at: datetime | None = None
    is_from_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a plan must be worth, and how long silence may last. One settings table fills it."""

    min_saving_percent: float = 2.0
    min_saving: Decimal = Decimal("0.05")
    change_saving_percent: float = 2.0
    min_pause: timedelta = timedelta(minutes=30)
    max_starts: int = 3
    max_counter_commands: int = 4
    start_cost: Decimal = Decimal(0)
    silence: timedelta = timedelta(hours=2)
    lease: timedelta = timedelta(minutes=30)
    max_sendings: int = 3
    resend_after: timedelta = timedelta(minutes=5)
    unit: timedelta = timedelta(minutes=5)

    def times(self, rate: Decimal) -> Thresholds:
        """The same thresholds where `rate` is what one of the currency that they are set in is in another."""
        return replace(self, min_saving=self.min_saving * rate, start_cost=self.start_cost * rate)


@dataclass(frozen=True, slots=True)
class PlugInHistory:
    """What was done since the car was plugged in.

    `starts` counts the STARTs of ours that it followed, `counter_commands` the STOPs that we gave against somebody
    else; `was_taken_over`: somebody else started it last, and the driver has not said that it was them.
    """

    starts: int = 0
    counter_commands: int = 0
    was_taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision rests on.

    `location_id` is the charging location the car is plugged in at, None when it is at none. `prices` holds known
    and estimated quarters from the creation of the running plan, or from `now`, to at least the deadline.

    `is_protecting` says that the car was charging to its minimum when it was last judged, `safety_net_at` is the
    instant nearest to now at which the schedule that the driver keeps as a safety net starts the car. `foreign_window`
    are the hours until the deadline in which somebody else's schedule lets the car charge; empty where none is known.
    `is_breaker_closed`: what stands between us and the car answers, so that a car that is stopped can be started.
    """

    state: State
    car: Car
    policy: PolicyFacts
    location_id: int | None
    has_locations: bool
    prices: tuple[PriceInterval, ...] = ()
    has_prices: bool = True
    is_single_user: bool = True
    plan: RunningPlan | None = None
    command: CommandFacts | None = None
    hold: Hold | None = None
    override: Override | None = None
    this_plug_in: PlugInHistory = field(default_factory=PlugInHistory)
    is_protecting: bool = False
    safety_net_at: datetime | None = None
    foreign_window: tuple[Period, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    is_breaker_closed: bool = True
