"""What was found out, commanded, decided, read, planned and told lately, newest first."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from charging.admin.case_findings import evidence_table, findings_table
from charging.admin.case_table import Table, pairs, took, word, worded
from charging.core.facts import CommandStatus
from charging.models import Activity, Command, DecisionLog, Plan, Reading, SmartOverride, StateEvent, Vehicle
from charging.views.situation import Situation

COMMANDS_SHOWN = 10
DECISIONS_SHOWN = 10
READINGS_SHOWN = 20
EVENTS_SHOWN = 20
ACTIVITIES_SHOWN = 20

ANSWERED = frozenset({CommandStatus.ACCEPTED, CommandStatus.CONFIRMED})


def what_happened(situation: Situation) -> tuple[Table, ...]:
    """Returns what most often answers the question: findings with their evidence, commands, decisions, readings."""
    vehicle, zone = situation.vehicle, situation.timezone_name
    findings = findings_table(situation)
    return (
        findings,
        evidence_table(situation),
        _commands(vehicle, zone),
        _decisions(vehicle, zone),
        _readings(vehicle, zone),
    )


def what_else(vehicle: Vehicle, zone: str) -> tuple[Table, ...]:
    """Returns the rest: the plan in figures, charge now, changes of state, and the driver's timeline."""
    return (
        *_plan(vehicle, zone),
        _override(vehicle, zone),
        _state_events(vehicle, zone),
        _timeline(vehicle, zone),
    )


def _plan(vehicle: Vehicle, zone: str) -> tuple[Table, ...]:
    plan = Plan.objects.filter(vehicle=vehicle, ended_at__isnull=True).prefetch_related("windows").first()
    if plan is None:
        return ()
    values = (
        (_("made"), plan.created_at),
        (_("ready by"), plan.deadline_at),
        (_("estimated finish"), plan.estimated_finish_at),
        (_("energy in kWh"), plan.energy_kwh),
        (_("cost"), f"{word(plan.smart_cost)} {plan.currency}"),
        (_("cost when charged at once"), f"{word(plan.non_smart_cost)} {plan.currency}"),
        (_("reason"), plan.reason),
        (_("price area"), plan.price_area_code),
        (_("prices recorded on"), ", ".join(plan.prices_recorded_on)),
        (_("changes"), plan.change_count),
    )
    windows = sorted(plan.windows.all(), key=lambda window: window.start)
    rows = [(w.start, w.end, w.energy_kwh, w.cost, w.is_forced, w.is_estimate) for w in windows]
    columns = (_("start"), _("end"), _("kWh"), _("cost"), _("forced"), _("estimate"))
    return (
        Table(_("The plan at work"), pairs(values, zone)),
        Table(_("Its windows"), worded(rows, zone), columns),
    )


def _override(vehicle: Vehicle, zone: str) -> Table:
    active = SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True)
    rows = active.values_list("created_at", "until_percent", "until_at", "is_from_elsewhere")
    columns = (_("since"), _("until %"), _("until"), _("from elsewhere"))
    return Table(_("Charge now"), worded(rows, zone), columns)


def _commands(vehicle: Vehicle, zone: str) -> Table:
    """From intended to sent, and from the last sending to the effect that the car showed."""
    newest = Command.objects.filter(vehicle=vehicle).order_by("-generation")[:COMMANDS_SHOWN]
    rows = [
        (
            *(each.created_at, f"{each.kind} {each.purpose}", each.status, each.attempts),
            took(each.created_at, each.last_sent_at),
            _accepted(each),
            took(each.last_sent_at, each.completed_at) if each.status == CommandStatus.CONFIRMED else "-",
            *(each.next_sending_at, each.failure_detail, str(each.public_id)),
        )
        for each in newest
    ]
    columns = (_("created"), _("command"), _("status"), _("sendings"), _("last sent after"), _("accepted"))
    more = (_("effect seen after"), _("sent again"), _("what the vendor said"), _("id"))
    return Table(_("Commands"), worded(rows, zone), (*columns, *more))


def _accepted(command: Command) -> str:
    """Whether the vendor took the command; what the vendor says of a sending, it says at once."""
    if command.status in ANSWERED:
        return _("yes")
    if command.status == CommandStatus.UNKNOWN:
        return _("no answer")
    return _("no") if command.status == CommandStatus.FAILED else "-"


def _decisions(vehicle: Vehicle, zone: str) -> Table:
    """The last decisions, each with the way to its page, where it is decided again from the same facts."""
    newest = DecisionLog.objects.filter(vehicle=vehicle).order_by("-at", "-pk").defer("facts", "decision")
    rows = [
        (each.at, each.trigger, each.rule, each.state_before, each.state_after, each.command, _replay(each))
        for each in newest[:DECISIONS_SHOWN]
    ]
    columns = (_("at"), _("trigger"), _("rule"), _("before"), _("after"), _("command"), _("replay"))
    return Table(_("Decisions"), worded(rows, zone), columns)


def _replay(row: DecisionLog) -> str:
    address = reverse("admin:charging_decisionlog_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, _("Replay decision %(number)d") % {"number": row.pk})


def _readings(vehicle: Vehicle, zone: str) -> Table:
    newest = Reading.objects.filter(vehicle=vehicle).order_by("-observed_at", "-pk")[:READINGS_SHOWN]
    fields = ("observed_at", "received_at", "soc_percent", "is_plugged_in", "is_charging", "power_delivery")
    columns = (_("observed"), _("received"), _("battery in %"), _("plugged in"), _("charging"), _("power delivery"))
    rows = newest.values_list(*fields, "charging_power_kw", "charge_limit_percent", "reported_schedule")
    more = (_("power in kW"), _("limit in %"), _("schedule that it named"))
    return Table(_("Readings"), worded(rows, zone), (*columns, *more))


def _state_events(vehicle: Vehicle, zone: str) -> Table:
    newest = StateEvent.objects.filter(vehicle=vehicle).order_by("-seq")[:EVENTS_SHOWN]
    rows = newest.values_list("seq", "at", "event", "from_state", "to_state", "rule", "trigger")
    columns = (_("number"), _("at"), _("event"), _("from"), _("to"), _("rule"), _("trigger"))
    return Table(_("Changes of state"), worded(rows, zone), columns)


def _timeline(vehicle: Vehicle, zone: str) -> Table:
    newest = Activity.objects.filter(vehicle=vehicle).order_by("-at", "-pk")[:ACTIVITIES_SHOWN]
    told = [(line.at, line.code, line.get_actor_display(), _details(line.params)) for line in newest]
    return Table(_("Timeline"), worded(told, zone), (_("at"), _("what"), _("who"), _("details")))


def _details(params: dict[str, object]) -> str:
    return ", ".join(f"{name}: {word(value)}" for name, value in params.items())
