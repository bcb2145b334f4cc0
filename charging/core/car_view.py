"""The view of a car: what its readings, taken together, say about it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from charging.core.energy import KNEE_PERCENT
from charging.core.facts import Car, PowerDelivery, Reading

# Below this a car keeps itself warm or balances its cells; it does not charge.
MIN_CHARGING_POWER_KW = 0.5
# A higher power is believed by a quarter of the difference a reading, a lower one at once.
POWER_RISE = 0.25
# After so many readings of a charging car its power is known, or will not be.
MEASURED_BY = 3
POSITION_BEFORE_PLUG_IN = timedelta(minutes=30)
LEAVING_FACTOR = 1.5
# Telemetry older than 1.5 x the longest polling interval is no ground for a STOP.
FRESH_FOR = timedelta(minutes=22, seconds=30)


def fold(car: Car, reading: Reading) -> Car:
    """The view after one more reading.

    A reading that is not newer than the view changes nothing, so duplicates and late ones are harmless; what a reading
    does not report stays as it was known. Instants that lie in the future must have been sorted out before.
    """
    if car.observed_at is not None and reading.observed_at <= car.observed_at:
        return car
    is_plugged_in = _is_plugged_in(car, reading)
    is_charging = _is_charging(car, reading, is_plugged_in)
    soc_percent = _known(reading.soc_percent, car.soc_percent)
    reported_limit = reading.charge_limit_percent
    charge_limit_percent = car.charge_limit_percent if reported_limit is None else reported_limit
    return replace(
        car,
        observed_at=reading.observed_at,
        battery_capacity_kwh=_known(reading.battery_capacity_kwh, car.battery_capacity_kwh),
        soc_percent=soc_percent,
        soc_observed_at=_soc_observed_at(car, reading),
        charging_observed_at=_charging_observed_at(car, reading, is_charging),
        charge_limit_percent=charge_limit_percent,
        is_plugged_in=is_plugged_in,
        is_charging=is_charging,
        is_fully_charged=_is_fully_charged(car, reading, soc_percent, charge_limit_percent),
        power_delivery=_power_delivery(car, reading, is_plugged_in, is_charging),
        plugged_in_at=_plugged_in_at(car, reading, is_plugged_in),
        observed_power_kw=_observed_power_kw(car, reading, is_plugged_in, is_charging, soc_percent),
        charging_readings_in_a_row=_charging_readings_in_a_row(car, reading, is_charging),
    )


def fold_all(car: Car, readings: Iterable[Reading]) -> Car:
    """The view after these readings, in whatever order and however often each of them arrived."""
    for reading in sorted(readings, key=lambda reading: (reading.observed_at, reading.event_id)):
        car = fold(car, reading)
    return car


def is_measuring(car: Car) -> bool:
    """Whether the next readings will tell the power of this plug-in; a car that is nearly full tells it never."""
    return car.is_charging is True and car.observed_power_kw is None and car.charging_readings_in_a_row <= MEASURED_BY


def is_level_of_plug_in(soc_observed_at: datetime | None, plugged_in_at: datetime | None) -> bool:
    """Whether a level that was seen then is one of the plug-in that began at the other instant, or may be."""
    if soc_observed_at is None or plugged_in_at is None:
        return True
    return soc_observed_at >= plugged_in_at - FRESH_FOR


def position_counts(observed_at: datetime, plugged_in_at: datetime | None, is_plugged_in: bool | None) -> bool:
    """Whether a position observed then says where this plug-in is: from 30 minutes before it, until unplugging."""
    if not is_plugged_in or plugged_in_at is None:
        return False
    return observed_at >= plugged_in_at - POSITION_BEFORE_PLUG_IN


def is_at_place(distance_m: float | None, radius_m: float, was_there: bool) -> bool:
    """Whether a car so far from a place is at it: it enters within the radius and leaves beyond 1.5 times the radius.

    An unknown distance is not at the place.
    """
    if distance_m is None:
        return False
    return distance_m <= radius_m * (LEAVING_FACTOR if was_there else 1.0)


def _known(reported: float | None, known: float | None) -> float | None:
    return known if reported is None else reported


def _soc_observed_at(car: Car, reading: Reading) -> datetime | None:
    """When the level was seen: it may be older than the rest of the reading."""
    if reading.soc_percent is None:
        return car.soc_observed_at
    seen_at = reading.observed_each.get("soc_percent", reading.observed_at)
    return _newer(seen_at, car.soc_observed_at) if reading.soc_percent == car.soc_percent else seen_at


def _charging_observed_at(car: Car, reading: Reading, is_charging: bool | None) -> datetime | None:
    seen_at = charging_observed_at(reading)
    if seen_at is None or is_charging != car.is_charging:
        return seen_at or car.charging_observed_at
    return _newer(seen_at, car.charging_observed_at)


def _newer(seen_at: datetime, known_at: datetime | None) -> datetime:
    """What is as it was known was seen at the newer instant: somebody who only tells of changes makes it no older."""
    return seen_at if known_at is None else max(seen_at, known_at)


def charging_observed_at(reading: Reading) -> datetime | None:
    """When it was seen whether the car charges, by what the reading says of it or by a power that agrees with that.

    None where the reading does not tell. It may be older than the rest of the reading.
    """
    each, power_kw = reading.observed_each, reading.charging_power_kw
    if reading.is_charging is not None:
        seen_at = each.get("is_charging", reading.observed_at)
        if power_kw is None or (power_kw > MIN_CHARGING_POWER_KW) is not reading.is_charging:
            return seen_at
        return max(seen_at, each.get("charging_power_kw", reading.observed_at))
    if reading.is_plugged_in is False:
        return each.get("is_plugged_in", reading.observed_at)
    return None if reading.power_delivery is PowerDelivery.UNKNOWN else reading.observed_at


def charging_seen_at(car: Car) -> datetime | None:
    """When it was last seen whether the car charges: a position that is newer says nothing of that."""
    return car.charging_observed_at or car.observed_at


def _is_plugged_in(car: Car, reading: Reading) -> bool | None:
    if reading.is_plugged_in is not None:
        return reading.is_plugged_in
    if reading.is_charging:
        return True
    if reading.power_delivery is PowerDelivery.UNKNOWN:
        return car.is_plugged_in
    return reading.power_delivery is not PowerDelivery.UNPLUGGED


def _is_charging(car: Car, reading: Reading, is_plugged_in: bool | None) -> bool | None:
    if is_plugged_in is False:
        return False
    if reading.is_charging is not None:
        return reading.is_charging
    if reading.power_delivery is PowerDelivery.UNKNOWN:
        return car.is_charging
    return reading.power_delivery is PowerDelivery.CHARGING


def _is_fully_charged(
    car: Car, reading: Reading, soc_percent: float | None, charge_limit_percent: float
) -> bool | None:
    if reading.is_fully_charged is not None:
        return reading.is_fully_charged
    if reading.power_delivery is PowerDelivery.COMPLETE:
        return True
    return car.is_fully_charged if soc_percent is None else soc_percent >= charge_limit_percent


def _power_delivery(car: Car, reading: Reading, is_plugged_in: bool | None, is_charging: bool | None) -> PowerDelivery:
    if reading.power_delivery is not PowerDelivery.UNKNOWN:
        return reading.power_delivery
    if is_plugged_in is False:
        return PowerDelivery.UNPLUGGED
    if is_charging:
        return PowerDelivery.CHARGING
    # Plugged in and idle: what was said of an idle car still holds, what was said of another situation does not.
    is_outdated = car.power_delivery in (PowerDelivery.UNPLUGGED, PowerDelivery.CHARGING)
    return PowerDelivery.UNKNOWN if is_outdated else car.power_delivery


def _plugged_in_at(car: Car, reading: Reading, is_plugged_in: bool | None) -> datetime | None:
    if not is_plugged_in:
        return None
    return car.plugged_in_at or reading.observed_at


def _observed_power_kw(
    car: Car, reading: Reading, is_plugged_in: bool | None, is_charging: bool | None, soc_percent: float | None
) -> float | None:
    """The power of this plug-in, on the low side: it falls at once and rises slowly, and it ends with the plug-in."""
    if not is_plugged_in:
        return None
    known, power_kw = car.observed_power_kw, reading.charging_power_kw
    # The first reading after a start may catch the ramp; above the knee the battery limits, not the plug.
    is_ramp = car.charging_readings_in_a_row == 0
    is_taper = soc_percent is not None and soc_percent > KNEE_PERCENT
    if power_kw is None or power_kw <= MIN_CHARGING_POWER_KW or not is_charging or is_ramp or is_taper:
        return known
    return power_kw if known is None or power_kw < known else known + POWER_RISE * (power_kw - known)


def _charging_readings_in_a_row(car: Car, reading: Reading, is_charging: bool | None) -> int:
    if not is_charging:
        return 0
    is_reported = reading.is_charging is not None or reading.power_delivery is not PowerDelivery.UNKNOWN
    return car.charging_readings_in_a_row + is_reported
