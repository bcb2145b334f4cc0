"""Charging sessions: one row for each plug-in, written anew whenever its readings tell more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from charging.core.plug_ins import PlugIn, plug_ins
from charging.models import ChargingSession, Location, Policy, Reading, Vehicle, VehicleView
from charging.operations.facts import place_of_this_plug_in, timezone_name_of
from charging.operations.session_bill import measure


@transaction.atomic
def keep_sessions(*, vehicle: Vehicle, at: datetime, now: datetime, place: Location | None = None) -> None:
    """Writes the plug-ins of the car that news of the instant `at` touches, as all readings tell them at `now`.

    One row for each, whatever the order in which the readings came and however often this runs: rows that a late
    reading has joined or divided are put right. `place` is where the last of them is, when the car's view cannot tell
    any more; once known it stays. News of a time whose readings are forgotten already changes nothing.
    """
    if at < now - timedelta(days=settings.READYBY_KEEP_READINGS_DAYS):
        return
    stored = ChargingSession.objects.filter(vehicle=vehicle)
    begin = _begin(stored, at)
    rows = Reading.objects.filter(vehicle=vehicle, is_set_aside=False, observed_at__gte=begin).order_by("observed_at")
    readings = [row.as_facts() for row in rows]
    found = plug_ins(readings)
    left = list(stored.filter(plugged_in_at__gte=begin).order_by("plugged_in_at"))
    pairs = [(_taken_from(left, plug_in) or _new_session(vehicle), plug_in) for plug_in in found]
    ChargingSession.objects.filter(pk__in=[session.pk for session in left]).delete()
    for session, plug_in in pairs:
        if plug_in is found[-1]:
            _set_place(session, place or _present_place(vehicle, plug_in))
        if session.pk is not None and session.plugged_in_at < readings[0].observed_at:
            # Its first readings are forgotten: what was measured of it stays.
            session.unplugged_at = plug_in.unplugged_at
            session.save()
        elif _is_told_anew(session, plug_in, at):
            session.vehicle, session.plugged_in_at = vehicle, plug_in.plugged_in_at
            _set_steering(session, plug_in, now)
            measure(session=session, plug_in=plug_in, now=now)
            session.save()


def _begin(stored: QuerySet[ChargingSession], at: datetime) -> datetime:
    """From where on plug-ins may be others than they are stored: what was over before is as it was."""
    before = stored.filter(plugged_in_at__lte=at).order_by("-plugged_in_at").first()
    is_touched = before is not None and (before.unplugged_at is None or at <= before.unplugged_at)
    return before.plugged_in_at if before is not None and is_touched else at


def _is_told_anew(session: ChargingSession, plug_in: PlugIn, at: datetime) -> bool:
    """Whether the row may differ: it is new, begins or ends at another time, or the instant lies within it."""
    start, end = plug_in.plugged_in_at, plug_in.unplugged_at
    if session.pk is None or (session.plugged_in_at, session.unplugged_at) != (start, end):
        return True
    return start <= at and (end is None or at <= end)


def _new_session(vehicle: Vehicle) -> ChargingSession:
    """A row for a plug-in whose place is not known yet, in the time zone of the driver's first place."""
    places = list(Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk")[:1])
    return ChargingSession(vehicle=vehicle, timezone_name=timezone_name_of(None, places))


def _taken_from(left: list[ChargingSession], plug_in: PlugIn) -> ChargingSession | None:
    """Takes out of the list the row that tells of the same plug-in: the first that shares time with it."""
    for session in left:
        is_over_before = session.unplugged_at is not None and session.unplugged_at <= plug_in.plugged_in_at
        begins_after = plug_in.unplugged_at is not None and session.plugged_in_at >= plug_in.unplugged_at
        if not is_over_before and not begins_after:
            left.remove(session)
            return session
    return None


def _present_place(vehicle: Vehicle, plug_in: PlugIn) -> Location | None:
    if plug_in.unplugged_at is not None:
        return None
    views = VehicleView.objects.select_related("location__price_area", "location__example_area")
    return place_of_this_plug_in(views.get(vehicle=vehicle))


def _set_place(session: ChargingSession, place: Location | None) -> None:
    if place is None:
        return
    area = place.pricing_area
    session.location, session.place_name, session.timezone_name = place, place.name, place.timezone_name
    session.price_area_code = area.code if area is not None else ""


def _set_steering(session: ChargingSession, plug_in: PlugIn, now: datetime) -> None:
    """Adds the minimum from now on where it is another than before; what is over was steered as it was seen then."""
    is_over = plug_in.unplugged_at is not None
    known, minimum = session.as_steering(), None if is_over else _minimum(session)
    if not known:
        session.steering = [[session.plugged_in_at.isoformat(), minimum]]
    elif not is_over and known[-1].minimum_percent != minimum:
        # What was known for no time at all, as before the place was, is not worth keeping.
        lasting = [entry for entry, value in zip(session.steering, known, strict=True) if value.at < now]
        session.steering = [*lasting, [max(now, session.plugged_in_at).isoformat(), minimum]]


def _minimum(session: ChargingSession) -> float | None:
    """The minimum in percent; None while smart charging is off, and away from every place."""
    policy = Policy.objects.filter(vehicle=session.vehicle).first()
    is_ours = policy is not None and policy.is_enabled and session.location is not None
    return policy.minimum_charge_limit if policy is not None and is_ours else None
