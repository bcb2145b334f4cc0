"""What drivers want: checked against the car, stored, and obeyed at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from charging.core.vendors import MINIMUM_FLOOR_PERCENT
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.models.policies import WEEKDAY_FIELDS
from charging.operations import decisions, evaluation
from charging.operations.facts import is_enabled_elsewhere
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.place_prices import prices_for


class Keep:
    """Stands for "as it is stored"."""


KEEP = Keep()


def policy_issues(
    *, vehicle: Vehicle, is_enabled: bool, deadline: time | None, minimum_charge_limit: float, now: datetime
) -> tuple[Issue, ...]:
    """Returns every rule that such a policy breaks: form always, the rules of API_CONTRACT 7.2 when enabling."""
    issues = []
    if isinstance(minimum_charge_limit, bool) or not math.isfinite(minimum_charge_limit):
        return (_minimum_out_of_range(),)
    if not 0 <= minimum_charge_limit <= 100:
        issues.append(_minimum_out_of_range())
    if not is_enabled:
        return tuple(issues)
    if not vehicle.is_capable:
        message = _("This car cannot be started and stopped from here")
        issues.append(Issue("CONTROL_NOT_AVAILABLE", "isEnabled", message))
    if deadline is None:
        issues.append(Issue("DEADLINE_MISSING", "deadline", _("Enter the time your car should be ready")))
    issues += _minimum_issues(vehicle, minimum_charge_limit)
    if not _has_prices(vehicle, now):
        message = _("There are no prices for any of your places yet")
        issues.append(Issue("NO_PRICES", "isEnabled", message))
    if is_enabled_elsewhere(vehicle):
        message = _("This car is already smart charging from another account")
        issues.append(Issue("ENABLED_BY_ANOTHER_USER", "isEnabled", message))
    return tuple(issues)


def _minimum_out_of_range() -> Issue:
    return Issue("MINIMUM_INVALID", "minimumChargeLimit", _("Minimum charge must be from 0 to 100"))


def _minimum_issues(vehicle: Vehicle, minimum: float) -> list[Issue]:
    limit = VehicleView.objects.filter(vehicle=vehicle).values_list("charge_limit_percent", flat=True).first()
    floor = MINIMUM_FLOOR_PERCENT.get(vehicle.vendor, 0)
    issues = []
    if minimum > (100 if limit is None else limit):
        message = _("Minimum charge must be %(limit)g %% or less, because your car is set to stop at %(limit)g %%") % {
            "limit": limit
        }
        issues.append(Issue("MINIMUM_ABOVE_CHARGE_LIMIT", "minimumChargeLimit", message))
    if minimum < floor:
        message = _("Minimum charge must be %(floor)d %% or more for %(brand)s cars") % {
            "floor": floor,
            "brand": vehicle.brand_name,
        }
        issues.append(Issue("MINIMUM_BELOW_VENDOR_FLOOR", "minimumChargeLimit", message))
    return issues


def _has_prices(vehicle: Vehicle, now: datetime) -> bool:
    """Whether prices are known for at least one of the driver's places; without a place that cannot be asked yet."""
    places = Location.objects.of_driver(vehicle.driver).with_prices()
    periods = [
        prices_for(location=place, driver=vehicle.driver, start=now, end=now + timedelta(hours=1), now=now)
        for place in places
    ]
    return not periods or any(period is not None and period.intervals for period in periods)


@transaction.atomic
def set_policy(
    *,
    vehicle: Vehicle,
    is_enabled: bool | Keep,
    deadline: time | Keep | None = KEEP,
    weekday_deadlines: Mapping[int, time] | Keep = KEEP,
    observes_holidays: bool | Keep = KEEP,
    minimum_charge_limit: float = 0,
    now: datetime,
    actor: Actor = Actor.DRIVER_HERE,
) -> Policy:
    """Stores the policy and decides anew. Raises Refused with every rule broken, and stores nothing then.

    `weekday_deadlines` are all that differ from `deadline`, by weekday, 0 = Monday; without a deadline there are none.
    The timeline names `actor`. Turning off what is only paused ends the pause: it stays off. With `is_enabled` kept, a
    pause goes on.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    stored = Policy.objects.select_for_update().filter(vehicle=vehicle).first()
    before = stored or Policy(vehicle=vehicle)
    wanted = before.deadline if isinstance(deadline, Keep) else deadline
    is_kept = isinstance(is_enabled, Keep)
    values: dict[str, Any] = {"is_enabled": before.is_enabled if is_kept else is_enabled, "deadline": wanted}
    values["minimum_charge_limit"] = minimum_charge_limit
    refuse_if_any(policy_issues(vehicle=vehicle, now=now, **values))
    values |= _day_values(before, wanted, weekday_deadlines, observes_holidays)
    if not is_kept:
        values |= {"paused_until": None, "is_paused_until_next_plug_in": False}
    if stored is not None and all(getattr(stored, name) == value for name, value in values.items()):
        return stored
    if stored is not None and stored.deadline != wanted:
        values["one_off_deadline_at"] = None
    policy, was_created = Policy.objects.update_or_create(vehicle=vehicle, defaults={**values, "updated_at": now})
    if not was_created:
        Policy.objects.filter(pk=policy.pk).update(version=F("version") + 1)
    _note_change(vehicle, stored, policy, actor, now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="policy")
    policy.refresh_from_db()
    return policy


def _day_values(
    before: Policy, usual: time | None, other: Mapping[int, time] | Keep, observes_holidays: bool | Keep
) -> dict[str, time | bool | None]:
    days = before.weekday_deadlines if isinstance(other, Keep) else other
    if usual is None:
        days = {}
    observed = before.observes_holidays if isinstance(observes_holidays, Keep) else observes_holidays
    by_day = {name: days.get(weekday) for weekday, name in enumerate(WEEKDAY_FIELDS)}
    return {**by_day, "observes_holidays": observed}


def _note_change(vehicle: Vehicle, before: Policy | None, after: Policy, actor: Actor, now: datetime) -> None:
    if after.is_enabled != (before is not None and before.is_enabled):
        code = "turned_on" if after.is_enabled else "turned_off"
        decisions.note(vehicle=vehicle, code=code, actor=actor, now=now)
    if before is not None and before.deadline != after.deadline and after.deadline is not None:
        decisions.note(
            vehicle=vehicle,
            code="deadline_changed",
            actor=actor,
            now=now,
            deadline=after.deadline.strftime("%H:%M"),
        )
    if before is not None and _days_of(before) != _days_of(after):
        decisions.note(vehicle=vehicle, code="days_changed", actor=actor, now=now)
    if before is not None and before.minimum_charge_limit != after.minimum_charge_limit:
        decisions.note(
            vehicle=vehicle,
            code="minimum_changed",
            actor=actor,
            now=now,
            minimum_percent=after.minimum_charge_limit,
        )


def _days_of(policy: Policy) -> tuple[dict[int, time], bool]:
    """The times of single days, and whether holidays change anything."""
    days = policy.weekday_deadlines
    return days, bool(days) and policy.observes_holidays


@transaction.atomic
def pause(
    *,
    vehicle: Vehicle,
    now: datetime,
    until_at: datetime | None = None,
    until_plug_in: bool = False,
    actor: Actor = Actor.DRIVER_HERE,
) -> Policy:
    """Switches smart charging off, until an instant, the next plug-in, or (neither) until it is turned on again."""
    vehicle = evaluation.locked(vehicle=vehicle)
    policy = Policy.objects.select_for_update().get(vehicle=vehicle)
    policy.is_enabled = False
    policy.paused_until = until_at
    policy.is_paused_until_next_plug_in = until_plug_in
    policy.updated_at = now
    policy.version += 1
    policy.save()
    decisions.note(vehicle=vehicle, code="paused_by_driver", actor=actor, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="policy")
    return policy
