"""The card behind "What to check": one row for each way in which the car did not do what it was asked to."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Cause
from charging.core.facts import FailureCondition
from charging.core.states import State
from charging.views.brand_steps import CHECK_CHARGER, car_steps, other_guides
from charging.views.card_actions import Action
from charging.views.repair import Repair
from charging.views.situation import Situation

CHECK = "check"
"""Where the button "What to check" leads to."""

CHECK_CABLE: tuple[str | Promise, ...] = (
    _("Look at the charger: it should show that a car is connected, and be unlocked."),
    _("Pull the cable out and plug it in again."),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row. `first` are steps before those for the schedules.

    `explained_by` are the causes whose findings say more than this card, the likeliest first.
    """

    title: Promise
    sentence: Promise
    explained_by: tuple[Cause, ...]
    first: tuple[str | Promise, ...] = ()


NOT_STARTED = Trouble(
    _("Your car may be waiting for its own timer"),
    _("It did not start when we asked it to. Only one system may decide when it charges."),
    (Cause.CHARGER_REFUSES, Cause.CHARGER_PAUSES, Cause.TIMER, Cause.REPORTED_SCHEDULE, Cause.UNDONE, Cause.TUG_OF_WAR),
)
NOT_STOPPED = Trouble(
    _("Something else may be charging your car"),
    _("It did not stop when we asked it to. Your car will be ready, but it charges at any price."),
    (Cause.TUG_OF_WAR, Cause.SECOND_ACCOUNT, Cause.FOREIGN_START, Cause.RANDOM_STARTS),
)
INTERRUPTED = Trouble(
    _("Look at the cable and the charger"),
    _("Charging stopped, and not because we asked for it."),
    (Cause.CHARGER_PAUSES, Cause.WINDOW_END, Cause.CEILING, Cause.UNDONE, Cause.TUG_OF_WAR, Cause.LIMIT_AUTOMATION),
    CHECK_CABLE,
)

BY_STATE = {
    State.START_FAILED: NOT_STARTED,
    State.STOP_FAILED: NOT_STOPPED,
    State.CHARGE_INTERRUPTED: INTERRUPTED,
}
BY_FAILURE = {
    FailureCondition.START_FAILED: NOT_STARTED,
    FailureCondition.STOP_FAILED: NOT_STOPPED,
    FailureCondition.CHARGE_INTERRUPTED: INTERRUPTED,
    FailureCondition.UNKNOWN: INTERRUPTED,
    "": INTERRUPTED,
}
"""What a failed plan failed of."""


def trouble_of(situation: Situation) -> Trouble | None:
    """Returns what the car did not do, in this plan or in the one that has failed; None where it did everything."""
    if situation.state == State.FAILED:
        return BY_FAILURE.get(situation.plan.failure_condition if situation.plan is not None else "")
    return BY_STATE.get(situation.state)


def what_to_check(situation: Situation) -> Repair | None:
    """The card with the steps for the car's brand, and the way to those for the charger's."""
    trouble = trouble_of(situation)
    if trouble is None:
        return None
    steps, source = car_steps(situation.vehicle)
    others = other_guides(situation.vehicle)
    last = () if trouble.first or others else (CHECK_CHARGER,)
    return Repair(
        id=CHECK,
        title=str(trouble.title),
        sentence=str(trouble.sentence),
        steps=(*trouble.first, *steps, *last),
        is_problem=is_serious(situation),
        actions=(check_now(situation), *others),
        source=source,
    )


def is_serious(situation: Situation) -> bool:
    """Whether the car may not be ready, or charges at any price: an interruption alone is tried again first."""
    return trouble_of(situation) is not None and situation.state != State.CHARGE_INTERRUPTED


def check_now(situation: Situation) -> Action:
    return Action(_("Check now"), reverse("car_check_now", args=[situation.vehicle.public_id]))
