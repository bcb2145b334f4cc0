"""What comes next for a car: what would be decided now, what is on its way, and when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.utils.translation import gettext as _

from charging.admin.case_table import Table, pairs
from charging.core.decision import Decision
from charging.models import Command, Due, Vehicle
from charging.models.commands import OPEN
from charging.operations.what_if import outlook
from charging.views.situation import Situation

log = structlog.get_logger(__name__)


def next_table(situation: Situation) -> Table:
    """Returns the table. A car whose facts cannot be decided on has its page all the same."""
    vehicle = situation.vehicle
    due = Due.objects.filter(vehicle=vehicle).first()
    open_command = Command.objects.filter(vehicle=vehicle, status__in=OPEN).first()
    values = (
        *_wanted(situation),
        (_("command on its way"), open_command),
        (_("it is sent again"), open_command.next_sending_at if open_command is not None else None),
        (_("next start of the plan"), situation.next_window.start if situation.next_window is not None else None),
        (_("held until"), vehicle.hold_until),
        (_("hold to be renewed by"), vehicle.hold_renew_by),
        (_("next look, own clock"), due.own_at if due is not None else None),
        (_("next look, wall"), due.due_at if due is not None else None),
        (_("next poll, own clock"), due.next_poll_at if due is not None else None),
    )
    return Table(_("What comes next"), pairs(values, situation.timezone_name))


def _wanted(situation: Situation) -> Iterable[tuple[str, object]]:
    decision = _decided_now(situation)
    if decision is None:
        return ((_("next wanted action"), _("cannot be decided; the log of the server says why")),)
    return ((_("next wanted action"), action_words(decision)), (_("decided now"), _decided_words(decision, situation)))


def _decided_now(situation: Situation) -> Decision | None:
    vehicle: Vehicle = situation.vehicle
    try:
        return outlook(vehicle=vehicle, now=situation.now).decision
    except Exception:
        log.exception("decision failed", vehicle=vehicle.pk)
        return None


def action_words(decision: Decision) -> str:
    """Returns `START plan`, with the instant of the next look where no command is wanted."""
    if decision.command is not None:
        return f"{decision.command.kind.value} {decision.command.purpose.value}"
    return _("none: the car does what it should, or a command is on its way")


def _decided_words(decision: Decision, situation: Situation) -> str:
    return _("%(state)s, rule: %(rule)s") % {
        "state": decision.state.value,
        "rule": situation.vehicle.rule if decision.rule == "as before" else decision.rule,
    }
