"""From a reading of the wire to the value that the rules work on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.api.reading_schemas import ReadingBody
from charging.core.facts import PowerDelivery, Reading
from charging.operations.issues import Issue
from charging.operations.pushed_readings import completed, named


def reading_issues(body: ReadingBody) -> list[Issue]:
    """Returns what contradicts itself in a reading whose values all have the right form."""
    issues = []
    if body.is_plugged_in is False and body.is_charging:
        issues.append(Issue("CHARGING_WITHOUT_CABLE", "isCharging", _("A car that is not plugged in does not charge.")))
    delivery = body.power_delivery_state
    is_cable_told = body.is_plugged_in is not None and delivery != PowerDelivery.UNKNOWN
    if is_cable_told and body.is_plugged_in is (delivery == PowerDelivery.UNPLUGGED):
        message = _("This contradicts isPluggedIn.")
        issues.append(Issue("STATE_CONTRADICTS", "powerDeliveryState", message))
    if (body.latitude is None) != (body.longitude is None):
        issues.append(Issue("POSITION_INCOMPLETE", "latitude", _("Send latitude and longitude together.")))
    return issues


def facts_of(body: ReadingBody) -> Reading:
    """Returns the reading, completed and named."""
    reading = Reading(
        observed_at=body.observed_at,
        event_id="",
        power_delivery=PowerDelivery(body.power_delivery_state),
        soc_percent=body.battery_level,
        is_plugged_in=body.is_plugged_in,
        is_charging=body.is_charging,
        is_fully_charged=body.is_fully_charged,
        charging_power_kw=body.charge_rate,
        charge_limit_percent=body.charge_limit,
        latitude=body.latitude,
        longitude=body.longitude,
        odometer_km=body.odometer,
    )
    return completed(named(reading, body.id or ""))
