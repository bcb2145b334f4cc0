from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.car_view import fold, fold_all, is_at_place, is_measuring, position_counts
from charging.core.facts import Car, PowerDelivery, Reading

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW_CAR = Car(battery_capacity_kwh=None, max_power_kw=11)


def make_reading(minute: float = 0, **reported: object) -> Reading:
    """A reading that reports nothing but what is given."""
    reading = Reading(
        observed_at=NOW + minute * MINUTE, event_id=f"event-{minute}", power_delivery=PowerDelivery.UNKNOWN
    )
    return replace(reading, **reported)  # type: ignore[arg-type]


def make_charging(minute: float, power_kw: float | None = 10.0, soc_percent: float | None = 50.0) -> Reading:
    return make_reading(
        minute,
        power_delivery=PowerDelivery.CHARGING,
        is_plugged_in=True,
        is_charging=True,
        charging_power_kw=power_kw,
        soc_percent=soc_percent,
    )


def make_history(*readings: Reading) -> Car:
    return fold_all(NEW_CAR, readings)


READINGS = st.builds(
    make_reading,
    st.integers(min_value=0, max_value=30),
    power_delivery=st.sampled_from(PowerDelivery),
    soc_percent=st.none() | st.integers(min_value=0, max_value=100).map(float),
    is_plugged_in=st.none() | st.booleans(),
    is_charging=st.none() | st.booleans(),
    is_fully_charged=st.none() | st.booleans(),
    charging_power_kw=st.none() | st.floats(min_value=0, max_value=22),
    charge_limit_percent=st.none() | st.just(80.0),
    battery_capacity_kwh=st.none() | st.just(60.0),
    event_id=st.uuids().map(str),
)


@given(st.lists(READINGS, max_size=12), st.data())
def test_order_and_repetition_of_arrival_do_not_matter(readings: list[Reading], data: st.DataObject) -> None:
    repeated = data.draw(st.lists(st.sampled_from(readings), max_size=5)) if readings else []
    arrived = data.draw(st.permutations(readings + repeated))

    assert fold_all(NEW_CAR, arrived) == fold_all(NEW_CAR, readings)


@given(st.lists(READINGS, min_size=1, max_size=12), READINGS)
def test_a_late_or_repeated_reading_never_changes_a_newer_view(readings: list[Reading], late: Reading) -> None:
    car = make_history(*readings, make_reading(30))

    assert fold(car, late) == car


@given(st.lists(READINGS, max_size=12))
def test_an_unplugged_car_never_charges_and_has_no_plug_in(readings: list[Reading]) -> None:
    car = make_history(*readings)

    if car.is_plugged_in is False:
        assert car.is_charging is False
    if not car.is_plugged_in:
        assert (car.plugged_in_at, car.observed_power_kw) == (None, None)
    else:
        assert car.plugged_in_at is not None


def test_a_reading_sets_everything_that_it_reports() -> None:
    car = make_history(
        make_reading(
            soc_percent=48.0,
            is_plugged_in=True,
            is_charging=False,
            is_fully_charged=False,
            charge_limit_percent=80.0,
            battery_capacity_kwh=57.5,
            power_delivery=PowerDelivery.STOPPED,
        )
    )

    assert car == Car(
        battery_capacity_kwh=57.5,
        max_power_kw=11,
        observed_at=NOW,
        soc_percent=48.0,
        soc_observed_at=NOW,
        charging_observed_at=NOW,
        charge_limit_percent=80.0,
        is_plugged_in=True,
        is_charging=False,
        is_fully_charged=False,
        power_delivery=PowerDelivery.STOPPED,
        plugged_in_at=NOW,
    )


def test_what_is_not_reported_stays_known() -> None:
    known = make_history(
        make_charging(0), make_charging(5), make_reading(6, charge_limit_percent=70.0, battery_capacity_kwh=60.0)
    )

    assert fold(known, make_reading(10)) == replace(known, observed_at=NOW + 10 * MINUTE)


def test_the_plug_in_begins_with_the_first_reading_that_says_so() -> None:
    car = make_history(make_reading(0, is_plugged_in=False), make_charging(5), make_charging(10))

    assert car.plugged_in_at == NOW + 5 * MINUTE


def test_plugging_in_again_is_a_new_plug_in_with_unknown_power() -> None:
    car = make_history(
        make_charging(0), make_charging(5), make_reading(10, is_plugged_in=False), make_charging(15, power_kw=3.7)
    )

    assert car.plugged_in_at == NOW + 15 * MINUTE
    assert car.observed_power_kw is None


@pytest.mark.parametrize(
    ("reported", "is_plugged_in", "is_charging", "power_delivery"),
    [
        pytest.param({"is_plugged_in": False}, False, False, PowerDelivery.UNPLUGGED, id="only: unplugged"),
        pytest.param({"is_plugged_in": True}, True, None, PowerDelivery.UNKNOWN, id="only: plugged in"),
        pytest.param({"is_charging": True}, True, True, PowerDelivery.CHARGING, id="only: charging"),
        pytest.param({"is_charging": False}, None, False, PowerDelivery.UNKNOWN, id="only: not charging"),
        pytest.param(
            {"power_delivery": PowerDelivery.UNPLUGGED}, False, False, PowerDelivery.UNPLUGGED, id="state: unplugged"
        ),
        pytest.param(
            {"power_delivery": PowerDelivery.CHARGING}, True, True, PowerDelivery.CHARGING, id="state: charging"
        ),
        pytest.param({"power_delivery": PowerDelivery.FAULT}, True, False, PowerDelivery.FAULT, id="state: fault"),
        pytest.param(
            {"is_plugged_in": False, "is_charging": True},
            False,
            False,
            PowerDelivery.UNPLUGGED,
            id="charging without a cable",
        ),
    ],
)
def test_what_a_reading_leaves_out_follows_from_what_it_says(
    reported: dict[str, object],
    is_plugged_in: bool | None,
    is_charging: bool | None,
    power_delivery: PowerDelivery,
) -> None:
    car = make_history(make_reading(0, **reported))

    assert (car.is_plugged_in, car.is_charging, car.power_delivery) == (is_plugged_in, is_charging, power_delivery)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(PowerDelivery.NO_POWER, PowerDelivery.NO_POWER, id="an idle car is still without power"),
        pytest.param(PowerDelivery.CHARGING, PowerDelivery.UNKNOWN, id="it does not charge any more"),
        pytest.param(PowerDelivery.UNPLUGGED, PowerDelivery.UNKNOWN, id="it is not unplugged any more"),
    ],
)
def test_an_idle_car_keeps_only_what_was_said_of_an_idle_car(before: PowerDelivery, after: PowerDelivery) -> None:
    car = make_history(make_reading(0, power_delivery=before), make_reading(5, is_plugged_in=True, is_charging=False))

    assert car.power_delivery is after


@pytest.mark.parametrize(
    ("reported", "is_fully_charged"),
    [
        pytest.param({"soc_percent": 80.0, "charge_limit_percent": 80.0}, True, id="at the limit"),
        pytest.param({"soc_percent": 79.9, "charge_limit_percent": 80.0}, False, id="below the limit"),
        pytest.param({"soc_percent": 99.0}, False, id="no limit reported counts as 100"),
        pytest.param({"soc_percent": 80.0, "charge_limit_percent": 80.0, "is_fully_charged": False}, False, id="said"),
        pytest.param({"power_delivery": PowerDelivery.COMPLETE, "soc_percent": 79.5}, True, id="complete"),
        pytest.param({}, None, id="nothing known"),
    ],
)
def test_a_car_is_full_when_it_says_so_or_has_reached_its_limit(
    reported: dict[str, object], is_fully_charged: bool | None
) -> None:
    assert make_history(make_reading(0, **reported)).is_fully_charged is is_fully_charged


@pytest.mark.parametrize(
    ("readings", "power_kw"),
    [
        pytest.param([make_charging(0, 4.0)], None, id="one reading may be the ramp"),
        pytest.param([make_charging(0, 4.0), make_charging(5, 10.0)], 10.0, id="the second counts"),
        pytest.param(
            [make_charging(0), make_charging(5, 10.0), make_charging(10, 8.0)], 8.0, id="a lower one counts at once"
        ),
        pytest.param(
            [make_charging(0), make_charging(5, 8.0), make_charging(10, 10.0)], 8.5, id="a higher one counts slowly"
        ),
        pytest.param([make_charging(0), make_charging(5), make_charging(10, 0.5)], 10.0, id="balancing is no charging"),
        pytest.param([make_charging(0), make_charging(5), make_charging(10, None)], 10.0, id="no power reported"),
        pytest.param(
            [make_charging(0), make_charging(5), make_charging(10, 6.0, soc_percent=94.0)], 10.0, id="above the knee"
        ),
        pytest.param(
            [make_charging(0, soc_percent=None), make_charging(5, soc_percent=None)], 10.0, id="level never reported"
        ),
        pytest.param(
            [make_charging(0), make_charging(5), make_reading(10, is_charging=False), make_charging(15, 3.0)],
            10.0,
            id="the ramp after a pause",
        ),
        pytest.param(
            [make_charging(0), make_charging(5), make_reading(10, is_charging=False, charging_power_kw=2.0)],
            10.0,
            id="heating while it waits",
        ),
    ],
)
def test_the_power_of_a_plug_in_is_learned_from_steady_charging(
    readings: list[Reading], power_kw: float | None
) -> None:
    assert make_history(*readings).observed_power_kw == power_kw


@pytest.mark.parametrize(
    ("readings", "count"),
    [
        pytest.param([make_charging(0), make_charging(5)], 2, id="two in a row"),
        pytest.param([make_charging(0), make_reading(5)], 1, id="silence does not count"),
        pytest.param([make_charging(0), make_reading(5, power_delivery=PowerDelivery.CHARGING)], 2, id="by state"),
        pytest.param([make_charging(0), make_reading(5, is_charging=False)], 0, id="an idle one starts again"),
    ],
)
def test_charging_readings_are_counted_in_a_row(readings: list[Reading], count: int) -> None:
    assert make_history(*readings).charging_readings_in_a_row == count


@pytest.mark.parametrize(
    ("observed_minute", "is_plugged_in", "counts"),
    [
        pytest.param(-30, True, True, id="half an hour before plugging in"),
        pytest.param(-31, True, False, id="earlier than that"),
        pytest.param(600, True, True, id="hours later"),
        pytest.param(5, False, False, id="unplugged"),
        pytest.param(5, None, False, id="not known to be plugged in"),
    ],
)
def test_a_position_counts_from_half_an_hour_before_plugging_in_until_unplugging(
    observed_minute: int, is_plugged_in: bool | None, counts: bool
) -> None:
    assert position_counts(NOW + observed_minute * MINUTE, NOW, is_plugged_in) is counts


def test_a_position_does_not_count_while_the_plug_in_is_unknown() -> None:
    assert position_counts(NOW, None, True) is False


@pytest.mark.parametrize(
    ("readings", "is_awaited"),
    [
        pytest.param([make_charging(0)], True, id="the ramp"),
        pytest.param([make_charging(0), make_charging(5)], False, id="seen"),
        pytest.param([make_charging(number, power_kw=None) for number in range(3)], True, id="not told three times"),
        pytest.param([make_charging(number, power_kw=None) for number in range(4)], False, id="never told"),
        pytest.param([make_reading(0, is_plugged_in=True, is_charging=False)], False, id="not charging"),
    ],
)
def test_the_power_of_a_plug_in_is_awaited_for_a_few_readings(readings: list[Reading], is_awaited: bool) -> None:
    assert is_measuring(make_history(*readings)) is is_awaited


@pytest.mark.parametrize(
    ("distance_m", "was_there", "is_there"),
    [
        pytest.param(100, False, True, id="enters on the radius"),
        pytest.param(101, False, False, id="does not enter beyond it"),
        pytest.param(150, True, True, id="stays up to one and a half times the radius"),
        pytest.param(151, True, False, id="leaves beyond"),
        pytest.param(None, True, False, id="unknown position"),
    ],
)
def test_a_car_enters_a_place_within_the_radius_and_leaves_beyond_one_and_a_half(
    distance_m: float | None, was_there: bool, is_there: bool
) -> None:
    assert is_at_place(distance_m, 100, was_there) is is_there
