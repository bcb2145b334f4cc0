"""The ten readiness rows as an operator reads them: the driver's sentence, the stored values, and how old they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from charging.admin.case_table import Table, as_stored, took
from charging.operations.readiness import readiness
from charging.operations.readiness_check import Check
from charging.views.readiness_rows import SPOKEN_STATUSES, make_rows
from charging.views.situation import Situation

Values = Iterable[tuple[str, object]]


def readiness_table(situation: Situation) -> Table | None:
    """Returns a row for each check; None where nothing is known of the car."""
    if situation.view is None:
        return None
    checks = readiness(vehicle=situation.vehicle, now=situation.now)
    rows = make_rows(checks, situation.vehicle)
    zone = situation.timezone_name
    told = [
        (
            row.name,
            str(SPOKEN_STATUSES[check.status]),
            row.sentence,
            as_stored(_raw_values(check, situation), zone),
            took(AGES[check.code](situation, check), situation.now),
        )
        for check, row in zip(checks, rows, strict=True)
    ]
    columns = (_("check"), _("status"), _("what the driver reads"), _("stored values"), _("age"))
    return Table(_("Readiness"), told, columns)


def _raw_values(check: Check, situation: Situation) -> Values:
    reason = (("reason", check.reason),) if check.reason else ()
    return (*reason, *FIELDS[check.code](situation, check))


def _of(row: object, *names: str) -> Values:
    return [(name, getattr(row, name)) for name in names] if row is not None else ()


def _params(check: Check, *names: str) -> Values:
    return [(name, check.params[name]) for name in names if name in check.params]


def _of_policy(situation: Situation) -> Values:
    limit = _of(situation.view, "charge_limit_percent")
    return (*_of(situation.policy, "is_enabled", "deadline", "minimum_charge_limit", "version"), *limit)


def _of_finding(situation: Situation, check: Check) -> Values:
    control = _of(situation.vehicle, "other_control", "safety_net_time")
    return (*control, *_of(check.params.get("finding"), "cause", "status", "nights", "answer"))


FIELDS: dict[str, Callable[[Situation, Check], Values]] = {
    "settings": lambda situation, check: _of_policy(situation),
    "place": lambda situation, check: _of(situation.place, "name", "timezone_name", "price_area", "example_area"),
    "answers": lambda situation, check: _of(situation.view, "observed_at"),
    "control": lambda situation, check: _of(situation.vehicle, "is_capable", "gateway"),
    "plugged_in": lambda situation, check: _of(situation.view, "is_plugged_in", "power_delivery", "plugged_in_at"),
    "at_place": lambda situation, check: _of(situation.view, "location", "distance_m", "position_observed_at"),
    "prices": lambda situation, check: _params(check, "area", "until"),
    "benefit": lambda situation, check: (
        *_of(situation.vehicle, "state", "rule"),
        *_of(situation.plan, "smart_cost", "non_smart_cost", "currency"),
    ),
    "nothing_else": _of_finding,
    "test": lambda situation, check: _params(check, "why_not"),
}
"""What a check rests on, by the names of the fields."""


def _seen(situation: Situation, check: Check) -> datetime | None:
    return situation.view.observed_at if situation.view is not None else None


AGES: dict[str, Callable[[Situation, Check], datetime | None]] = {
    "settings": lambda situation, check: situation.policy.updated_at if situation.policy is not None else None,
    "place": lambda situation, check: situation.place.created_at if situation.place is not None else None,
    "answers": _seen,
    "control": _seen,
    "plugged_in": _seen,
    "at_place": lambda situation, check: situation.view.position_observed_at if situation.view is not None else None,
    "prices": lambda situation, check: None,
    "benefit": lambda situation, check: situation.vehicle.evaluated_at,
    "nothing_else": lambda situation, check: getattr(
        check.params.get("finding"), "last_seen_at", check.params.get("at")
    ),
    "test": lambda situation, check: situation.now - check.params["ago"] if "ago" in check.params else None,
}
"""Since when it is so, or when it was seen last."""
