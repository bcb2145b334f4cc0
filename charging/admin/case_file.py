"""Why is it (not) charging? Everything of a car that answers this, for one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from charging.admin import case_history
from charging.admin.case_next import next_table
from charging.admin.case_readiness import readiness_table
from charging.admin.case_table import Table, degrees, pairs, word
from charging.admin.considerations import considerations_table
from charging.models import Location, Vehicle
from charging.operations.clocks import own_now
from charging.views.plan_view import PlanView, plan_view
from charging.views.situation import Situation, load_situation
from charging.views.status_card import StatusCard, make_card


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The driver's own words, the plan's picture, and tables: what answers the question first, the rest below."""

    vehicle: Vehicle
    now: datetime
    zone: str
    card: StatusCard
    plan: PlanView | None
    present: Table
    next: Table
    answers: tuple[Table, ...]
    rest: tuple[Table, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return (self.present, self.next, *self.answers, *self.rest)


def case_file(vehicle: Vehicle) -> CaseFile:
    """Returns the case of a car. A fixed number of queries, however long its history."""
    cars = Vehicle.objects.with_everything_shown().select_related(
        "view__location__example_area", "view__location__terms", "driver__account"
    )
    whole = cars.get(pk=vehicle.pk)
    situation = load_situation(whole, own_now(driver=whole.driver))
    zone = situation.timezone_name
    answers = (readiness_table(situation), *case_history.what_happened(situation))
    rest = (
        considerations_table(whole.considerations),
        *_what_the_car_says(situation),
        *_what_is_wanted(situation),
        *_places(situation),
        *case_history.what_else(whole, zone),
    )
    return CaseFile(
        vehicle=whole,
        now=situation.now,
        zone=zone,
        card=make_card(situation),
        plan=plan_view(situation),
        present=_present(situation),
        next=next_table(situation),
        answers=tuple(part for part in answers if part is not None and part.rows),
        rest=tuple(part for part in rest if part.rows),
    )


def _present(situation: Situation) -> Table:
    vehicle = situation.vehicle
    values = (
        (_("state"), vehicle.state),
        (_("since"), vehicle.state_changed_at),
        (_("rule"), vehicle.rule),
        (_("evaluated"), vehicle.evaluated_at),
        (_("evaluations"), vehicle.evaluation_count),
        (_("own clock"), situation.now),
        (_("speed of the own clock"), vehicle.driver.clock_speed),
    )
    return Table(_("Now"), pairs(values, situation.timezone_name))


def _what_the_car_says(situation: Situation) -> tuple[Table, ...]:
    view = situation.view
    if view is None:
        return ()
    values = (
        (_("last seen"), view.observed_at),
        (_("battery in %"), view.soc_percent),
        (_("charge limit in %"), view.charge_limit_percent),
        (_("plugged in"), view.is_plugged_in),
        (_("plugged in at"), view.plugged_in_at),
        (_("charging"), view.is_charging),
        (_("fully charged"), view.is_fully_charged),
        (_("power delivery"), view.power_delivery),
        (_("power in kW"), view.charging_power_kw),
        (_("power observed at this plug-in in kW"), view.observed_power_kw),
        (_("place"), view.location),
        (_("meters to the nearest place"), view.distance_m),
        (_("position seen"), view.position_observed_at),
    )
    position = ((_("latitude"), degrees(view.latitude)), (_("longitude"), degrees(view.longitude)))
    return (
        Table(_("What the car says"), pairs(values, situation.timezone_name)),
        Table(_("Where the car is"), position, is_private=True),
    )


def _what_is_wanted(situation: Situation) -> tuple[Table, ...]:
    policy = situation.policy
    if policy is None:
        return ()
    values = (
        (_("smart charging is on"), policy.is_enabled),
        (_("ready by"), policy.deadline),
        (_("ready by, this time only"), policy.one_off_deadline_at),
        (_("minimum charge in %"), policy.minimum_charge_limit),
        (_("paused until"), policy.paused_until),
        (_("paused until the next plug-in"), policy.is_paused_until_next_plug_in),
        (_("version"), policy.version),
    )
    return (Table(_("What the driver wants"), pairs(values, situation.timezone_name)),)


def _places(situation: Situation) -> tuple[Table, Table]:
    """The places, and apart from them where they are."""
    of_driver = Location.objects.of_driver(situation.vehicle.driver).select_related("price_area", "example_area")
    places = list(of_driver.order_by("created_at", "pk"))
    rows = [
        (place.name, place.timezone_name, word(place.price_area), word(place.example_area), str(place.radius_meters))
        for place in places
    ]
    columns = (_("name"), _("time zone"), _("price area"), _("example prices of"), _("radius in meters"))
    positions = [(place.name, degrees(place.latitude), degrees(place.longitude)) for place in places]
    return (
        Table(_("Places"), rows, columns),
        Table(_("Where the places are"), positions, (_("name"), _("latitude"), _("longitude")), is_private=True),
    )
