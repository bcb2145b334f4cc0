"""What was planned, commanded, read and told lately, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from charging.admin.case_table import Table, word
from charging.models import Activity, Command, Finding, Plan, Reading, SmartOverride, StateEvent, Vehicle

COMMANDS_SHOWN = 10
FINDINGS_SHOWN = 10
READINGS_SHOWN = 20
EVENTS_SHOWN = 20
ACTIVITIES_SHOWN = 20


def tables(vehicle: Vehicle, zone: str) -> tuple[Table, ...]:
    """Returns the parts that are there: plan, charge now, findings, commands, readings, changes of state, timeline."""
    parts = (
        *_plan(vehicle, zone),
        _override(vehicle, zone),
        _findings(vehicle, zone),
        _commands(vehicle, zone),
        _readings(vehicle, zone),
        _state_events(vehicle, zone),
        _timeline(vehicle, zone),
    )
    return tuple(part for part in parts if part.rows)


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
        Table(_("The plan at work"), [(name, word(value, zone)) for name, value in values]),
        Table(_("Its windows"), _worded(rows, zone), columns),
    )


def _override(vehicle: Vehicle, zone: str) -> Table:
    active = SmartOverride.objects.filter(vehicle=vehicle, ended_at__isnull=True)
    rows = active.values_list("created_at", "until_percent", "until_at", "is_from_elsewhere")
    columns = (_("since"), _("until %"), _("until"), _("from elsewhere"))
    return Table(_("Charge now"), _worded(rows, zone), columns)


def _findings(vehicle: Vehicle, zone: str) -> Table:
    newest = Finding.objects.filter(vehicle=vehicle).order_by("-last_seen_at", "-pk")[:FINDINGS_SHOWN]
    told = [
        (f.cause, f.status, ", ".join(f.codes), f.nights, f.clock_time, f.percent, f.last_seen_at, f.answer, f.gone_at)
        for f in newest
    ]
    columns = (_("cause"), _("status"), _("signatures"), _("nights"), _("time"), _("percent"), _("last seen"))
    return Table(_("Who else controls it"), _worded(told, zone), (*columns, _("answer"), _("gone")))


def _commands(vehicle: Vehicle, zone: str) -> Table:
    newest = Command.objects.filter(vehicle=vehicle).order_by("-generation")[:COMMANDS_SHOWN]
    fields = ("created_at", "kind", "purpose", "status", "attempts", "last_sent_at", "completed_at")
    columns = (_("created"), _("kind"), _("purpose"), _("status"), _("attempts"), _("last sent"), _("completed"))
    rows = newest.values_list(*fields, "next_sending_at", "failure_detail", "public_id")
    return Table(_("Commands"), _worded(rows, zone), (*columns, _("next sending"), _("detail"), _("id")))


def _readings(vehicle: Vehicle, zone: str) -> Table:
    newest = Reading.objects.filter(vehicle=vehicle).order_by("-observed_at", "-pk")[:READINGS_SHOWN]
    fields = ("observed_at", "received_at", "soc_percent", "is_plugged_in", "is_charging", "power_delivery")
    columns = (_("observed"), _("received"), _("battery in %"), _("plugged in"), _("charging"), _("power delivery"))
    rows = newest.values_list(*fields, "charging_power_kw", "charge_limit_percent")
    return Table(_("Readings"), _worded(rows, zone), (*columns, _("power in kW"), _("limit in %")))


def _state_events(vehicle: Vehicle, zone: str) -> Table:
    newest = StateEvent.objects.filter(vehicle=vehicle).order_by("-seq")[:EVENTS_SHOWN]
    rows = newest.values_list("seq", "at", "event", "from_state", "to_state", "rule", "trigger")
    columns = (_("number"), _("at"), _("event"), _("from"), _("to"), _("rule"), _("trigger"))
    return Table(_("Changes of state"), _worded(rows, zone), columns)


def _timeline(vehicle: Vehicle, zone: str) -> Table:
    newest = Activity.objects.filter(vehicle=vehicle).order_by("-at", "-pk")[:ACTIVITIES_SHOWN]
    told = [(line.at, line.code, line.get_actor_display(), _details(line.params)) for line in newest]
    return Table(_("Timeline"), _worded(told, zone), (_("at"), _("what"), _("who"), _("details")))


def _details(params: dict[str, object]) -> str:
    return ", ".join(f"{name}: {word(value)}" for name, value in params.items())


def _worded(rows: Iterable[Sequence[object]], zone: str) -> list[list[str]]:
    return [[word(value, zone) for value in row] for row in rows]
