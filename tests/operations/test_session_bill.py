"""What a plug-in cost, whose wish it was, and what smart charging saved: never more than is known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from charging.models import ChargingSession
from charging.operations.sessions import keep_sessions
from tests import factories
from tests.operations.plug_in_story import charge_at_night, make_planned_story, make_story, minute

pytestmark = pytest.mark.django_db

CENT = Decimal("0.0051")


def test_a_night_reckoned_by_hand_is_right_to_the_cent() -> None:
    story = make_planned_story()
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.energy_source == "metered"
    assert session.energy_kwh == pytest.approx(11 / 6 + 5.5, abs=0.001)
    assert session.cost == pytest.approx(Decimal("1.2833"), abs=CENT)
    assert session.cost_charged_at_once == pytest.approx(Decimal("2.9333"), abs=CENT)
    assert session.saving == pytest.approx(Decimal("1.65"), abs=CENT)
    assert session.planned_cost == Decimal("1.05")
    assert (session.has_plan, session.has_all_prices, session.is_spot_only) == (True, True, True)
    assert session.prices_recorded_on == []


def test_the_quarters_that_are_kept_add_up_to_the_costs() -> None:
    story = make_planned_story()
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    quarters = session.as_quarters()
    assert sum(use.price_per_kwh * Decimal(use.energy_kwh) for use in quarters) == pytest.approx(
        session.cost, abs=Decimal("0.0001")
    )
    assert sum(use.price_per_kwh * Decimal(use.energy_at_once_kwh) for use in quarters) == pytest.approx(
        session.cost_charged_at_once, abs=Decimal("0.0001")
    )


def test_a_night_that_turned_out_dearer_is_kept_as_a_loss() -> None:
    story = make_planned_story(prices=[0.10] * 4 + [0.50] * 4)
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.cost == pytest.approx(Decimal("0.10") * 11 / 6 + Decimal("0.50") * Decimal("5.5"), abs=CENT)
    assert session.saving == pytest.approx(Decimal("-2.2"), abs=CENT)


def test_without_a_plan_no_saving_is_claimed() -> None:
    story = make_story()
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert (session.has_plan, session.saving, session.planned_cost) == (False, None, None)
    assert session.cost is not None
    assert session.cost_charged_at_once is not None


def test_with_smart_charging_off_the_cost_is_known_and_nothing_is_ours() -> None:
    story = make_story(is_enabled=False)
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.cost == pytest.approx(Decimal("1.2833"), abs=CENT)
    assert (session.has_plan, session.saving) == (False, None)
    assert session.steering == [[minute(0).isoformat(), None]]


def test_up_to_the_minimum_is_apart_and_no_saving() -> None:
    story = make_planned_story(minimum_charge_limit=44.0)
    story.tell(0, charging_power_kw=16.0, soc_percent=40.0)
    story.tell(15, charging_power_kw=16.0, soc_percent=44.0)
    story.tell(15.001, charging_power_kw=0.0, soc_percent=44.0)
    story.tell(35, charging_power_kw=0.0, soc_percent=44.0)
    story.tell(60, charging_power_kw=0.0, soc_percent=44.0)
    story.tell(60.001, charging_power_kw=16.0, soc_percent=44.0)
    story.tell(75, charging_power_kw=16.0, soc_percent=48.0)
    story.unplug(75.001, soc_percent=48.0)

    session = story.session()
    assert session.protective_energy_kwh == pytest.approx(4.0, abs=0.01)
    assert session.protective_cost == pytest.approx(Decimal("1.60"), abs=CENT)
    assert session.energy_kwh == pytest.approx(8.0, abs=0.01)
    assert session.cost == pytest.approx(Decimal("2.00"), abs=CENT)
    assert session.saving == pytest.approx(Decimal("1.20"), abs=CENT)


@pytest.mark.parametrize(
    ("overrides", "energy_kwh", "source"),
    [
        ([{"created_at": minute(60)}], 5.5, "here"),
        ([{"created_at": minute(60), "ended_at": minute(75)}], 2.75, "here"),
        ([{"created_at": minute(75), "is_from_elsewhere": True}], 5.5, "elsewhere"),
        ([{"created_at": minute(75), "is_claimed": True}], 5.5, "here"),
        (
            [
                {"created_at": minute(60), "ended_at": minute(70)},
                {"created_at": minute(75), "is_from_elsewhere": True},
            ],
            5.5,
            "both",
        ),
        ([{"created_at": minute(30), "ended_at": minute(40)}], 0.0, ""),
        ([{"created_at": minute(-30), "ended_at": minute(-20)}], 0.0, ""),
    ],
    ids=[
        "charge now",
        "charge now for a while",
        "somebody else, noticed later",
        "somebody else, claimed",
        "both",
        "nothing flowed meanwhile",
        "before this plug-in",
    ],
)
def test_what_was_charged_against_the_plan_is_apart(
    overrides: list[dict[str, object]], energy_kwh: float, source: str
) -> None:
    story = make_planned_story()
    for values in overrides:
        factories.make_override(vehicle=story.vehicle, **values)
    charge_at_night(story)
    story.unplug(100)

    session = story.session()
    assert session.override_energy_kwh == pytest.approx(energy_kwh, abs=0.01)
    assert session.override_cost == pytest.approx(Decimal("0.10") * Decimal(energy_kwh), abs=CENT)
    assert session.override_source == source
    # Of the difference of 1.65 only what the plan has moved is ours.
    assert session.saving == pytest.approx(Decimal("0.30") * Decimal(5.5 - energy_kwh), abs=CENT)


def test_energy_that_only_the_battery_tells_of_is_an_estimate() -> None:
    story = make_planned_story()
    story.tell(0, soc_percent=40.0, is_charging=True)
    story.tell(30, soc_percent=45.0, is_charging=True)
    story.unplug(40, soc_percent=46.0)

    session = story.session()
    assert session.energy_source == "estimated"
    assert session.energy_kwh == pytest.approx(6.0)
    assert session.soc_to_percent == 46.0


def test_a_car_that_has_driven_since_does_not_tell_the_last_level() -> None:
    story = make_story()
    story.tell(0, soc_percent=40.0, is_charging=True)
    story.tell(30, soc_percent=45.0, is_charging=True)
    story.unplug(60, soc_percent=38.0)

    assert story.session().soc_to_percent == 45.0


@pytest.mark.parametrize("soc_percent", [None, 51.0], ids=["not told", "told when it was unplugged"])
def test_where_nothing_tells_of_energy_none_is_claimed(soc_percent: float | None) -> None:
    story = make_planned_story()
    story.tell(0, is_charging=True)
    story.unplug(60, soc_percent=soc_percent)

    session = story.session()
    assert (session.energy_source, session.energy_kwh) == ("", 0.0)
    assert (session.soc_from_percent, session.soc_to_percent) == (None, None)
    assert (session.cost, session.saving) == (None, None)


def test_what_no_car_can_take_is_not_believed() -> None:
    story = make_planned_story()
    story.charge((0, 15), 9000.0)
    story.unplug(16)

    session = story.session()
    assert (session.energy_source, session.energy_kwh, session.cost) == ("", 0.0, None)


def test_a_cost_beyond_all_bounds_is_not_stored() -> None:
    story = make_planned_story(prices=[1000] * 8)
    story.charge((0, 15, 30), 3000.0)
    story.unplug(30.001)

    session = story.session()
    assert session.energy_kwh == pytest.approx(1500, rel=0.01)
    assert session.cost is None


def test_the_first_promise_whose_prices_were_known_is_kept() -> None:
    story = make_planned_story()
    story.vehicle.plans.update(smart_cost=None)
    story.charge((0, 10), 11.0)
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(10))
    before = story.session().planned_cost
    story.vehicle.plans.update(smart_cost=Decimal("0.80"))
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(11))
    story.vehicle.plans.update(smart_cost=Decimal("0.90"))
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(12))

    assert (before, story.session().planned_cost) == (None, Decimal("0.80"))


def test_rows_of_all_plug_ins_that_are_worth_telling() -> None:
    story = make_story()
    story.charge((0, 15), 10.0)
    story.unplug(16)
    story.tell(30, charging_power_kw=0.0)
    story.unplug(40)
    story.tell(50)
    story.unplug(60)

    told = ChargingSession.objects.of_driver(story.vehicle.driver).worth_telling().newest_first()

    assert [row.plugged_in_at for row in told] == [minute(50), minute(0)]
    ChargingSession.objects.filter(plugged_in_at=minute(0)).update(has_plan=False, saving=None, energy_kwh=0.04)
    assert [row.plugged_in_at for row in told.all()] == [minute(50)], "the car came and went"
    ChargingSession.objects.filter(plugged_in_at=minute(0)).update(override_source="here")
    assert [row.plugged_in_at for row in told.all()] == [minute(50), minute(0)]
    assert list(told.since(minute(20))) == [told[0]]
    assert list(told.since(None)) == list(told)
