"""Repair cards: what the driver can put right, most severe first, never more than three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.core.states import State
from charging.views import formatting
from charging.views.card_actions import Action
from charging.views.situation import Situation

MOST_SHOWN = 3

CHECK_SCHEDULES = (
    gettext_lazy("Open the app of your car and find the charging schedule."),
    gettext_lazy("Switch the schedule off. Leave the charge limit as it is."),
    gettext_lazy("Do the same in the app of your charger, if it has one."),
)
CHECK_CABLE = (
    gettext_lazy("Look at the charger: it should show that a car is connected, and be unlocked."),
    gettext_lazy("Pull the cable out and plug it in again."),
    *CHECK_SCHEDULES[:2],
)
WAKE_UP = (
    gettext_lazy("Unlock the car or open its app. That wakes it up."),
    gettext_lazy("If it stands where there is no mobile coverage, nothing is wrong: it charges by itself in time."),
)


@dataclass(frozen=True, slots=True)
class Repair:
    """One card as components/repair_card.html shows it."""

    id: str
    title: str
    sentence: str
    steps: tuple[str | Promise, ...] = ()
    is_problem: bool = False
    actions: tuple[Action, ...] = ()


def repairs(situation: Situation) -> tuple[Repair, ...]:
    """The cards that hold now. Each goes away by itself when its cause is gone."""
    found = [card for find in FINDERS if (card := find(situation)) is not None]
    return tuple(sorted(found, key=lambda card: not card.is_problem)[:MOST_SHOWN])


def _check_now(situation: Situation) -> Action:
    return Action(_("Check now"), reverse("car_check_now", args=[situation.vehicle.public_id]))


def _did_not_start(situation: Situation) -> Repair | None:
    failed = situation.plan.failure_condition if situation.plan is not None else ""
    is_failed = situation.state == State.FAILED and failed == "START_FAILED"
    if situation.state != State.START_FAILED and not is_failed:
        return None
    return Repair(
        id="check",
        title=_("Your car may be waiting for its own timer"),
        sentence=_("It did not start when we asked it to. Only one system may decide when it charges."),
        steps=CHECK_SCHEDULES,
        is_problem=True,
        actions=(_check_now(situation),),
    )


def _did_not_stop(situation: Situation) -> Repair | None:
    failed = situation.plan.failure_condition if situation.plan is not None else ""
    is_failed = situation.state == State.FAILED and failed == "STOP_FAILED"
    if situation.state != State.STOP_FAILED and not is_failed:
        return None
    return Repair(
        id="check",
        title=_("Something else may be charging your car"),
        sentence=_("It did not stop when we asked it to. Your car will be ready, but it charges at any price."),
        steps=CHECK_SCHEDULES,
        is_problem=True,
        actions=(_check_now(situation),),
    )


def _was_interrupted(situation: Situation) -> Repair | None:
    failed = situation.plan.failure_condition if situation.plan is not None else ""
    is_failed = situation.state == State.FAILED and failed in {"CHARGE_INTERRUPTED", "UNKNOWN", ""}
    if situation.state != State.CHARGE_INTERRUPTED and not is_failed:
        return None
    return Repair(
        id="check",
        title=_("Look at the cable and the charger"),
        sentence=_("Charging stopped, and not because we asked for it."),
        steps=CHECK_CABLE,
        is_problem=is_failed,
        actions=(_check_now(situation),),
    )


def _is_silent(situation: Situation) -> Repair | None:
    if situation.silent_for is None:
        return None
    return Repair(
        id="silent",
        title=_("Your car does not answer"),
        sentence=_("Last heard %(age)s ago. A car that we hold is let go after two hours, so that it is ready in time.")
        % {"age": formatting.duration(situation.silent_for)},
        steps=WAKE_UP,
        actions=(_check_now(situation),),
    )


def _minimum_above_limit(situation: Situation) -> Repair | None:
    policy = situation.policy
    if policy is None or not policy.is_enabled or policy.minimum_charge_limit <= situation.limit_percent:
        return None
    limit = formatting.percent(situation.limit_percent)
    url = reverse("car_minimum", args=[situation.vehicle.public_id])
    lower = Action(
        _("Lower the minimum to %(limit)s") % {"limit": limit},
        url,
        fields={"minimum": f"{situation.limit_percent:g}", "version": str(policy.version)},
    )
    return Repair(
        id="minimum",
        title=_("Your minimum is above the limit in your car"),
        sentence=_("Your car stops at %(limit)s, so it is charged at once and never waits for cheap hours.")
        % {"limit": limit},
        actions=(lower,),
    )


FINDERS: tuple[Callable[[Situation], Repair | None], ...] = (
    _did_not_start,
    _did_not_stop,
    _was_interrupted,
    _is_silent,
    _minimum_above_limit,
)
