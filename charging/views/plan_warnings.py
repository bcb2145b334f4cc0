"""What may still change or surprise about a running plan."""

from __future__ import annotations

from django.utils.translation import gettext

from charging.core.reserve import Knowledge, knowledge_of
from charging.views import formatting
from charging.views.clock_change import clock_change_of
from charging.views.situation import Situation


def plan_warnings(situation: Situation) -> list[str]:
    """Returns what may still change or surprise, most important first."""
    plan, zone, warnings = situation.plan, situation.timezone, []
    if plan is not None and plan.estimated_finish_at > plan.deadline_at:
        late = formatting.duration(plan.estimated_finish_at - plan.deadline_at)
        at = formatting.clock(plan.estimated_finish_at, zone)
        warnings.append(gettext("It will be ready %(late)s late, at %(time)s.") % {"late": late, "time": at})
    if clock_change := clock_change_of(situation):
        warnings.append(clock_change)
    first_estimate = next((interval.start for interval in situation.prices if interval.is_estimate), None)
    if first_estimate is not None:
        sentence = gettext(
            "Prices after %(time)s are not published yet. Until then we use a forecast, and the plan may still move."
        )
        warnings.append(sentence % {"time": formatting.clock(first_estimate, zone)})
    if situation.limit_percent < 100:
        limit = formatting.percent(situation.limit_percent)
        warnings.append(gettext("The car stops at %(limit)s, which is its own limit.") % {"limit": limit})
    if situation.car is not None and knowledge_of(situation.car) == Knowledge.NOTHING:
        warnings.append(gettext("We have not seen yet how fast your car charges, so the first night is an estimate."))
    return warnings
