"""Charge now, and back to smart charging."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import SmartOverride, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations import decisions, evaluation
from charging.operations.facts import thresholds_of
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.plug_in_history import history_since


@transaction.atomic
def charge_now(
    *,
    vehicle: Vehicle,
    now: datetime,
    until_percent: float | None = None,
    until_at: datetime | None = None,
    is_test: bool = False,
    actor: Actor = Actor.DRIVER_HERE,
) -> SmartOverride:
    """Starts the car at once and holds smart commands back until it is full, a level or an instant is reached.

    One that is active already is returned with the new end. A test ends two minutes after the car has started, at
    `until_at` at the latest. Raises Refused when smart charging is off, or the car is
    not plugged in.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    view = VehicleView.objects.filter(vehicle=vehicle).first()
    refuse_if_any(_issues(vehicle, view, until_percent))
    wanted = {"until_percent": until_percent, "until_at": until_at, "is_test": is_test}
    override, was_created = SmartOverride.objects.update_or_create(
        vehicle=vehicle,
        ended_at=None,
        defaults={**wanted, "is_from_elsewhere": False},
        create_defaults={**wanted, "created_at": now},
    )
    if was_created:
        code = "test_charge" if is_test else "charge_now"
        decisions.note(vehicle=vehicle, code=code, actor=actor, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="override")
    override.refresh_from_db()
    return override


def _issues(vehicle: Vehicle, view: VehicleView | None, until_percent: float | None) -> list[Issue]:
    issues = []
    if vehicle.state == "DISABLED":
        issues.append(Issue("NOT_ENABLED", "", _("Smart charging is off: the car charges anyway")))
    if view is None or view.is_plugged_in is not True:
        issues.append(Issue("NOT_PLUGGED_IN", "", _("Plug in first")))
    return issues if until_percent is None else [*issues, *level_issues(view, until_percent)]


def level_issues(view: VehicleView | None, until_percent: float) -> list[Issue]:
    """Returns why a car cannot be charged now to this level."""
    if not 1 <= until_percent <= 100:
        return [Issue("PERCENT_INVALID", "untilPercent", _("Level must be from 1 to 100"))]
    soc_percent = view.soc_percent if view is not None else None
    if soc_percent is None or until_percent > soc_percent:
        return []
    message = _("Level must be more than the %(soc)d %% that your car has now") % {"soc": soc_percent}
    return [Issue("PERCENT_REACHED", "untilPercent", message)]


@transaction.atomic
def end_override(*, vehicle: Vehicle, now: datetime, actor: Actor = Actor.DRIVER_HERE) -> SmartOverride | None:
    """Gives control back to smart charging. Returns the override that ended, None when none was active.

    Raises Refused when that would stop the car against somebody else more often than we may in one plug-in.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    override = _active_override(vehicle)
    if override is None:
        return None
    if override.is_from_elsewhere:
        refuse_if_any(_limit_of_counters(vehicle))
    override.ended_at = now
    override.save(update_fields=["ended_at"])
    decisions.note(vehicle=vehicle, code="back_to_smart", actor=actor, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="override")
    return override


@transaction.atomic
def claim(*, vehicle: Vehicle, now: datetime) -> SmartOverride | None:
    """The driver says of a start from elsewhere: that was me. It stands, and is not asked about until unplugging.

    Returns the override, None when nothing from elsewhere is active.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    override = _active_override(vehicle)
    if override is None or not override.is_from_elsewhere:
        return None
    override.is_from_elsewhere = False
    override.is_claimed = True
    override.save(update_fields=["is_from_elsewhere", "is_claimed"])
    decisions.note(vehicle=vehicle, code="that_was_me", actor=Actor.DRIVER_HERE, now=now)
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="override")
    return override


def _active_override(vehicle: Vehicle) -> SmartOverride | None:
    return SmartOverride.objects.select_for_update().filter(vehicle=vehicle, ended_at__isnull=True).first()


def _limit_of_counters(vehicle: Vehicle) -> list[Issue]:
    most = thresholds_of(vehicle).max_counter_commands
    view = VehicleView.objects.filter(vehicle=vehicle).first()
    history = history_since(vehicle=vehicle, plugged_in_at=view.plugged_in_at if view is not None else None)
    if history.counter_commands < most:
        return []
    message = _("We have stopped it %(count)d times and something started it again. It charges until you unplug it")
    return [Issue("COUNTER_LIMIT", "", message % {"count": most})]
