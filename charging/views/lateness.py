"""Why a car that charges will be late, as far as it can be seen."""

from __future__ import annotations

from datetime import datetime

from charging.core.reserve import USUAL_SHARE
from charging.views.situation import Situation


def usual_power_kw(situation: Situation) -> float | None:
    """The power that the car usually draws, or can take, where it draws clearly less now; None where it does not."""
    car = situation.car
    if car is None or car.observed_power_kw is None:
        return None
    is_known = car.learned is not None and car.learned.is_trusted
    usual_kw = min(car.learned.power_kw, car.max_power_kw) if is_known and car.learned is not None else car.max_power_kw
    return usual_kw if car.observed_power_kw < USUAL_SHARE * usual_kw else None


def plugged_in_too_late(situation: Situation) -> datetime | None:
    """When the car was plugged in, where it has charged ever since and that was not early enough."""
    plan, view = situation.plan, situation.view
    if plan is None or view is None or plan.stop_confirmed_at is not None or usual_power_kw(situation) is not None:
        return None
    return view.plugged_in_at


def turned_on_too_late(situation: Situation) -> bool:
    """Whether smart charging was turned on when there was too little time left already: nobody did anything wrong.

    What was charged since counts, at the power that the car has. A car that draws less than usual is late by that.
    """
    on_at, view, need = situation.turned_on_at, situation.view, situation.need
    if on_at is None or view is None or view.plugged_in_at is None or need is None or situation.deadline_at is None:
        return False
    charged_for = situation.now - max(on_at, view.plugged_in_at)
    return on_at + charged_for + need.duration > situation.deadline_at and usual_power_kw(situation) is None
