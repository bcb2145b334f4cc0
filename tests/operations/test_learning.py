"""What plug-ins taught is stored with the car and the place, and counts in the next plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from charging.core.facts import PowerDelivery
from charging.core.facts import Reading as ReadingFacts
from charging.core.states import HOLDING, State
from charging.models import Command, LearnedPower, Location, Vehicle, VehicleView
from charging.operations import evaluation, simulation, telemetry
from charging.operations.facts import load_facts
from charging.operations.learning import known_car, learned_at
from charging.operations.previews import preview
from tests.operations.night import EVENING, KRISTIANSAND, Night, make_night

pytestmark = pytest.mark.django_db

POLL, DAY = timedelta(minutes=5), timedelta(days=1)
LITTLE_NEEDED = 66.0
"""So little that half of the usual power, seen when the cheap hours begin, would still do."""
AWAY = {"latitude": 59.9, "longitude": 10.7}


@pytest.fixture
def night() -> Night:
    """A car that stands unplugged at home, some days before the evening of all stories."""
    night = make_night(now=EVENING - 4 * DAY)
    night.add_place()
    simulation.unplug(vehicle=night.vehicle, now=night.now)
    night.now += POLL
    return night


def make_reading(at: datetime, power_kw: float | None, **values: object) -> ReadingFacts:
    """Plugged in at home and charging with this power; without one it is unplugged."""
    is_charging = power_kw is not None
    reading = ReadingFacts(
        observed_at=at,
        event_id=f"test:{at.isoformat()}",
        power_delivery=PowerDelivery.CHARGING if is_charging else PowerDelivery.UNPLUGGED,
        soc_percent=50.0,
        is_plugged_in=is_charging,
        is_charging=is_charging,
        charging_power_kw=power_kw or 0.0,
        **KRISTIANSAND,
    )
    return replace(reading, **values)  # type: ignore[arg-type]


def record(night: Night, *readings: ReadingFacts) -> None:
    for reading in readings:
        telemetry.record_reading(vehicle=night.vehicle, reading=reading, now=reading.observed_at)


def plug_in(night: Night, *powers_kw: float, start: datetime) -> datetime:
    """Records a plug-in whose readings tell these powers. Returns the instant after its last one."""
    for number, power_kw in enumerate(powers_kw):
        record(night, make_reading(start + number * POLL, power_kw))
    return start + len(powers_kw) * POLL


def live_through_nights(night: Night, *powers_kw: float) -> None:
    """One night after the other at home, each with its power, then it is the evening; in between the car is away."""
    for number, power_kw in enumerate(powers_kw):
        end = plug_in(night, power_kw, power_kw, power_kw, start=night.now + number * DAY)
        record(night, make_reading(end, None, **AWAY))
    night.now = EVENING


def test_a_plug_in_teaches_its_power_when_it_ends(night: Night) -> None:
    end = plug_in(night, 3.0, 7.2, 7.2, 6.0, 7.2, start=night.now)

    record(night, make_reading(end, None, **AWAY))

    row = LearnedPower.objects.get()
    assert (row.vehicle, row.location.name) == (night.vehicle, "Home")
    assert (row.power_kw, row.session_count, row.updated_at) == (6.0, 1, end)


def test_it_counts_as_soon_as_it_has_shown_its_power_and_only_once(night: Night) -> None:
    end = plug_in(night, 3.0, 7.2, start=night.now)

    seen = LearnedPower.objects.get()
    plug_in(night, 5.0, 5.0, start=end)
    record(night, make_reading(end + 2 * POLL, None))
    ended = LearnedPower.objects.get()

    assert (seen.power_kw, seen.session_count) == (7.2, 1)
    assert (ended.power_kw, ended.session_count) == (5.0, 1)


def test_nights_add_up_and_places_are_told_apart(night: Night) -> None:
    cabin = Location.objects.create(
        driver=night.driver, name="Cabin", timezone_name="Europe/Oslo", created_at=night.now, **AWAY
    )
    live_through_nights(night, 7.2, 7.2, 7.2)

    for number, power_kw in enumerate((2.3, 2.3)):
        record(night, make_reading(night.now + number * POLL, power_kw, **AWAY))

    home, away = LearnedPower.objects.order_by("pk")
    assert (home.session_count, round(home.power_kw, 6)) == (3, 7.2)
    assert (away.location, away.session_count, away.power_kw) == (cabin, 1, 2.3)


@pytest.mark.parametrize(
    ("powers_kw", "values"),
    [
        pytest.param((7.2, 7.2, 7.2), AWAY, id="away from every place"),
        pytest.param((3.0,), {}, id="nothing but a ramp"),
        pytest.param((0.2, 0.2, 0.2), {}, id="no charging"),
        pytest.param((9000.0, 9000.0, 9000.0), {}, id="a power that cannot be"),
    ],
)
def test_some_plug_ins_teach_nothing(night: Night, powers_kw: tuple[float, ...], values: dict[str, float]) -> None:
    for number, power_kw in enumerate(powers_kw):
        record(night, make_reading(night.now + number * POLL, power_kw, **values))

    record(night, make_reading(night.now + len(powers_kw) * POLL, None))

    assert not LearnedPower.objects.exists()


def test_a_late_reading_of_the_same_plug_in_makes_no_second_one_of_it(night: Night) -> None:
    start = night.now + 2 * POLL
    end = plug_in(night, 7.2, 7.2, 7.2, start=start)
    record(night, make_reading(start - POLL, 7.2))

    record(night, make_reading(end, None))

    assert LearnedPower.objects.get().session_count == 1


def test_what_was_learned_goes_with_the_place(night: Night) -> None:
    live_through_nights(night, 7.2)

    Location.objects.get().delete()

    assert not LearnedPower.objects.exists()
    assert learned_at(vehicle=night.vehicle, location=None) is None


def test_the_facts_know_what_was_learned_where_the_car_is(night: Night) -> None:
    live_through_nights(night, 7.2, 7.2, 7.2)
    night.turn_on()

    before, _ = load_facts(vehicle=night.vehicle, now=night.now)
    record(night, make_reading(night.now, 7.2))
    after, _ = load_facts(vehicle=night.vehicle, now=night.now)

    assert before.car.learned is None
    assert after.car.learned is not None
    assert (after.car.learned.sessions, after.car.learned.is_trusted) == (3, True)


@pytest.mark.parametrize(
    ("nights", "is_held"), [(3, True), (2, False)], ids=["three nights before", "two nights before"]
)
def test_a_car_that_is_known_at_home_waits_from_its_first_reading_on(night: Night, nights: int, is_held: bool) -> None:
    live_through_nights(night, *[10.9] * nights)
    night.turn_on()
    record(night, make_reading(night.now, 10.9, soc_percent=LITTLE_NEEDED))

    decision = evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="telemetry")

    assert (decision.state in HOLDING) is is_held
    assert Command.objects.filter(kind="STOP").exists() is is_held
    assert is_held or decision.rule == "measuring_power"


def test_a_night_that_turns_out_slow_changes_the_plan_and_the_driver_is_told_why(night: Night) -> None:
    live_through_nights(night, 10.9, 10.9, 10.9)
    night.turn_on()
    record(night, make_reading(night.now, 10.9, soc_percent=LITTLE_NEEDED))
    evaluation.evaluate(vehicle=night.vehicle, now=night.now, trigger="telemetry")
    plan = night.vehicle.plans.get()
    begins = plan.windows.order_by("start")[0].start
    Vehicle.objects.update(state=State.STARTED, hold_until=None, hold_renew_by=None)

    for minutes in (1, 3):
        record(night, make_reading(begins + timedelta(minutes=minutes), 6.0, soc_percent=LITTLE_NEEDED))
    decision = evaluation.evaluate(vehicle=night.vehicle, now=begins + timedelta(minutes=3), trigger="telemetry")

    assert decision.rule == "plan changed: slower_than_usual"
    plan.refresh_from_db()
    assert (plan.reason, plan.change_count) == ("slower_than_usual", 1)
    assert max(window.end for window in plan.windows.all()) < plan.deadline_at


def test_the_plug_in_that_goes_on_is_no_past_one(night: Night) -> None:
    live_through_nights(night, 7.2, 7.2)
    night.turn_on()

    end = plug_in(night, 5.0, 5.0, 5.0, start=night.now)
    meanwhile, _ = load_facts(vehicle=night.vehicle, now=end)
    record(night, make_reading(end, None))
    afterwards = learned_at(vehicle=night.vehicle, location=Location.objects.get())

    assert meanwhile.car.observed_power_kw == 5.0
    assert meanwhile.car.learned is not None
    assert (meanwhile.car.learned.sessions, round(meanwhile.car.learned.power_kw, 6)) == (2, 7.2)
    assert afterwards is not None
    assert (afterwards.sessions, round(afterwards.power_kw, 6)) == (3, 6.1)


def test_a_preview_counts_on_it_too(night: Night) -> None:
    night.turn_on()
    at_first = preview(vehicle=night.vehicle, now=night.now)

    live_through_nights(night, 5.0, 5.0, 5.0)
    later = preview(vehicle=night.vehicle, now=night.now)

    assert at_first is not None
    assert later is not None
    assert at_first.need.power_kw == pytest.approx(11.0)
    assert later.need.power_kw == pytest.approx(5.0)


def test_a_car_without_a_place_is_known_by_its_readings_alone(night: Night) -> None:
    live_through_nights(night, 7.2)
    view = VehicleView.objects.get()

    assert known_car(vehicle=night.vehicle, view=view, location=None).learned is None
    assert known_car(vehicle=night.vehicle, view=view, location=Location.objects.get()).learned is not None
