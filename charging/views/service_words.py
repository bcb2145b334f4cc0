"""What the driver is told while what stands between us and the car is left alone: by name, until when, what then."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from charging.models import Connection, VendorHealth
from charging.operations.vendor_health import service_of
from charging.views import formatting
from charging.views.connection_words import connection_of
from charging.views.situation import Situation


def service_notice(situation: Situation) -> str:
    """Returns the sentences; empty while it answers. Asks the database only where something is the matter."""
    connection = connection_of(situation.vehicle)
    name = situation.vehicle.brand_name if connection is None else connection.get_kind_display()
    at_wall = situation.vehicle.driver.clock.wall(situation.now)
    until = None if connection is None else connection.rests_until
    if until is not None and until > at_wall:
        told = _("%(service)s asks us to wait until %(time)s. Then we go on by ourselves.")
        return " ".join((told % {"service": name, "time": _clock(until, situation)}, _what_then(situation)))
    if not _may_be_silent(situation, connection):
        return ""
    rows = VendorHealth.objects.not_answering().filter(**service_of(situation.vehicle, connection).key)
    rests = rows.aggregate(until=Max("rests_until"))["until"]
    if rests is None:
        return ""
    told = _("%(service)s is not answering.") % {"service": name}
    now = situation.now if connection is None else at_wall
    again = _("We try again at %(time)s.") % {"time": _clock(rests, situation)} if rests > now else _("We keep trying.")
    return " ".join((told, again, _what_then(situation)))


def _may_be_silent(situation: Situation, connection: Connection | None) -> bool:
    """A connection says what is the matter with it; of a simulated car nobody does, before it is silent."""
    if connection is not None:
        return bool(connection.trouble)
    return situation.vehicle.is_simulated and situation.silent_for is not None


def _what_then(situation: Situation) -> str:
    """What becomes of the car meanwhile."""
    vehicle = situation.vehicle
    if vehicle.hold_until is None or vehicle.hold_renew_by is None:
        return _("Until it answers we do not keep your car from charging.")
    if vehicle.has_lease:
        at = min(vehicle.hold_until, vehicle.hold_renew_by)
        return _("If your car hears nothing from us, it starts by itself at %(time)s.") % {
            "time": formatting.clock(at, situation.timezone)
        }
    return _("Your car waits. When it has to start to be ready in time, we keep asking until it does.")


def _clock(at: datetime, situation: Situation) -> str:
    return formatting.clock(at, situation.timezone)
