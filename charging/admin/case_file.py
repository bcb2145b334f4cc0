"""Why is it (not) charging? Everything of a car that answers this, as tables for one page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.admin import case_history
from charging.admin.case_table import Table, degrees, word
from charging.models import Due, Location, Policy, Vehicle, VehicleView
from charging.operations.clocks import own_now


def case_file(vehicle: Vehicle) -> tuple[Table, ...]:
    """Returns the parts of the page, most telling first. A fixed number of queries, however long the car's history."""
    view = VehicleView.objects.select_related("location").filter(vehicle=vehicle).first()
    places = list(Location.objects.of_driver(vehicle.driver).select_related("price_area").order_by("created_at", "pk"))
    zone = "UTC"
    if view is not None and view.location is not None:
        zone = view.location.timezone_name
    elif places:
        zone = places[0].timezone_name
    holds = [(name, word(is_so)) for name, is_so in vehicle.considerations.items()]
    return (
        _present(vehicle, zone),
        Table(_("What must hold before a plan"), holds),
        *_what_the_car_says(view, zone),
        *_what_is_wanted(vehicle, zone),
        _places(places),
        *case_history.tables(vehicle, zone),
    )


def _present(vehicle: Vehicle, zone: str) -> Table:
    due = Due.objects.filter(vehicle=vehicle).first()
    values = (
        (_("since"), vehicle.state_changed_at),
        (_("rule"), vehicle.rule),
        (_("evaluated"), vehicle.evaluated_at),
        (_("evaluations"), vehicle.evaluation_count),
        (_("own clock"), own_now(driver=vehicle.driver)),
        (_("speed of the own clock"), vehicle.driver.clock_speed),
        (_("next due, own clock"), due.own_at if due is not None else None),
        (_("next due, wall"), due.due_at if due is not None else None),
        (_("next poll, own clock"), due.next_poll_at if due is not None else None),
        (_("held until"), vehicle.hold_until),
        (_("hold to be renewed by"), vehicle.hold_renew_by),
    )
    return Table(_("Now"), [(name, word(value, zone)) for name, value in values])


def _what_the_car_says(view: VehicleView | None, zone: str) -> tuple[Table, ...]:
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
    return (Table(_("What the car says"), [*((name, word(value, zone)) for name, value in values), *position]),)


def _what_is_wanted(vehicle: Vehicle, zone: str) -> tuple[Table, ...]:
    policy = Policy.objects.filter(vehicle=vehicle).first()
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
    return (Table(_("What the driver wants"), [(name, word(value, zone)) for name, value in values]),)


def _places(places: list[Location]) -> Table:
    rows = [
        (place.name, degrees(place.latitude), degrees(place.longitude), place.timezone_name, word(place.price_area))
        for place in places
    ]
    return Table(_("Places"), rows, (_("name"), _("latitude"), _("longitude"), _("time zone"), _("price area")))
