"""One row for each plug-in, right whatever the order in which its readings came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from charging.models import ChargingSession, Location, Policy, Reading
from charging.operations import policies
from charging.operations.sessions import keep_sessions
from tests import factories
from tests.operations.plug_in_story import ELSEWHERE, EVENING, HOME, Story, make_story, minute

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story()


def values_of(session: ChargingSession) -> dict[str, Any]:
    return {f.attname: getattr(session, f.attname) for f in session._meta.fields if f.attname != "measured_at"}


def test_a_plug_in_is_written_down_when_it_begins_and_ended_when_it_ends(story: Story) -> None:
    story.tell(0, charging_power_kw=10.0, soc_percent=40.0)
    begun = story.session()
    story.tell(15, charging_power_kw=10.0, soc_percent=42.5)
    story.unplug(15.5, soc_percent=42.5)

    ended = story.session()
    assert (begun.plugged_in_at, begun.unplugged_at, begun.energy_kwh) == (minute(0), None, 0.0)
    assert (ended.pk, ended.unplugged_at) == (begun.pk, minute(15.5))
    assert ended.energy_kwh == pytest.approx(2.5, abs=0.05)
    assert (ended.soc_from_percent, ended.soc_to_percent) == (40.0, 42.5)
    assert (ended.location, ended.place_name, ended.timezone_name) == (story.home, "Home", "Europe/Oslo")
    assert (ended.price_area_code, ended.currency) == ("NO2", "EUR")


def test_every_plug_in_has_a_row_of_its_own(story: Story) -> None:
    for start in (0, 60):
        story.charge((start, start + 15), 10.0)
        story.unplug(start + 20)

    assert [(row.plugged_in_at, row.unplugged_at) for row in story.sessions()] == [
        (minute(0), minute(20)),
        (minute(60), minute(80)),
    ]


def test_keeping_sessions_again_changes_nothing(story: Story) -> None:
    story.charge((0, 15, 30), 10.0)
    story.unplug(40)
    before = values_of(story.session())

    for since in (EVENING - timedelta(days=1), EVENING, minute(20)):
        keep_sessions(vehicle=story.vehicle, at=since, now=minute(50))

    assert values_of(story.session()) == before


def test_a_late_reading_corrects_what_a_plug_in_took(story: Story) -> None:
    story.tell(0, soc_percent=40.0, is_charging=True)
    story.tell(60, soc_percent=50.0, is_charging=False)
    story.unplug(70)
    before = story.session()

    story.tell(30, received=80, soc_percent=50.0, is_charging=False)

    after = story.session()
    assert after.pk == before.pk
    assert after.energy_kwh == pytest.approx(before.energy_kwh)
    assert [row[3] for row in before.quarters] == pytest.approx([2.5] * 4)
    assert [row[3] for row in after.quarters] == pytest.approx([5.0] * 2)


def test_a_late_reading_tells_that_the_car_was_plugged_in_earlier(story: Story) -> None:
    story.tell(20, soc_percent=45.0, is_charging=True)

    story.tell(5, received=25, soc_percent=41.0, is_charging=True)

    session = story.session()
    assert session.plugged_in_at == minute(5)
    assert session.soc_from_percent == 41.0


def test_a_late_reading_divides_one_plug_in_into_two(story: Story) -> None:
    story.tell(0, soc_percent=40.0)
    story.tell(60, soc_percent=42.0)
    [one] = story.sessions()

    story.unplug(30, received=65, soc_percent=41.0)

    first, second = story.sessions()
    assert (first.pk, first.unplugged_at) == (one.pk, minute(30))
    assert (second.plugged_in_at, second.unplugged_at) == (minute(60), None)
    assert second.place_name == "Home"


def test_a_late_reading_joins_two_plug_ins_into_one() -> None:
    story = make_story()
    story.tell(0, is_plugged_in=True)
    story.tell(30, is_plugged_in=False)
    story.tell(40, is_plugged_in=True)
    assert len(story.sessions()) == 2

    # Of two readings of one instant the first by name is believed.
    story.tell(30, received=45, event_id="a reading", is_plugged_in=True)

    assert [(row.plugged_in_at, row.unplugged_at) for row in story.sessions()] == [(minute(0), None)]


def test_a_reading_of_the_future_begins_nothing(story: Story) -> None:
    story.tell(60, received=0)

    assert story.sessions() == []


def test_a_plug_in_whose_first_readings_are_forgotten_keeps_what_was_measured(story: Story) -> None:
    story.charge((0, 15, 30), 10.0)
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(30))
    Reading.objects.filter(observed_at=minute(0)).delete()

    story.unplug(90)

    session = story.session()
    assert (session.plugged_in_at, session.unplugged_at) == (minute(0), minute(90))
    assert session.energy_kwh == pytest.approx(5.0)


def test_a_plug_in_stays_when_its_readings_are_forgotten_and_another_begins(story: Story) -> None:
    story.charge((0, 15), 10.0)
    story.unplug(20)
    before = values_of(story.session())
    Reading.objects.all().delete()

    story.tell(60 * 24 * 100, soc_percent=50.0)

    first, second = story.sessions()
    assert values_of(first) == before
    assert second.plugged_in_at == minute(60 * 24 * 100)


def test_news_of_a_time_whose_readings_are_forgotten_changes_nothing(story: Story, settings: Settings) -> None:
    settings.READYBY_KEEP_READINGS_DAYS = 7
    story.charge((0, 15), 10.0)
    story.unplug(20)
    before = values_of(story.session())
    story.tell(60 * 24 * 8, is_plugged_in=False)
    Reading.objects.filter(observed_at__lt=minute(60)).delete()

    story.tell(10, received=60 * 24 * 8, charging_power_kw=10.0)

    assert values_of(story.session()) == before


def test_a_plug_in_that_only_late_readings_tell_of_was_not_steered(story: Story) -> None:
    story.unplug(60)

    story.tell(10, received=65, soc_percent=40.0, is_charging=True)
    story.tell(40, received=65, soc_percent=50.0, is_charging=True)

    session = story.session()
    assert (session.plugged_in_at, session.unplugged_at) == (minute(10), minute(60))
    assert session.steering == [[minute(10).isoformat(), None]]
    assert (session.place_name, session.cost, session.saving) == ("", None, None)
    assert session.timezone_name == "Europe/Oslo"


def test_a_plug_in_before_another_is_told_late_and_gets_its_own_row(story: Story) -> None:
    story.unplug(20, soc_percent=41.0)
    story.tell(60, soc_percent=50.0)
    [later] = story.sessions()

    story.tell(0, received=65, soc_percent=40.0)

    first, second = story.sessions()
    assert (first.plugged_in_at, first.unplugged_at) == (minute(0), minute(20))
    assert (second.pk, second.unplugged_at, second.place_name) == (later.pk, None, "Home")


def test_a_place_that_is_removed_leaves_its_name_and_its_prices(story: Story) -> None:
    story.charge((0, 15), 10.0)
    Location.objects.all().delete()
    story.vehicle.view.refresh_from_db()
    story.unplug(20)

    session = story.session()
    assert (session.location, session.place_name, session.price_area_code) == (None, "Home", "NO2")
    assert session.cost is not None


def test_a_place_without_a_price_area_has_no_prices(story: Story) -> None:
    Location.objects.update(price_area=None)
    story.charge((0, 15), 10.0)
    story.unplug(20)

    session = story.session()
    assert (session.place_name, session.price_area_code, session.currency) == ("Home", "", "")
    assert (session.cost, session.has_all_prices) == (None, False)


def test_away_from_every_place_the_energy_is_known_and_no_cost(story: Story) -> None:
    story.charge((0, 15), 10.0, **ELSEWHERE)
    story.unplug(16, **ELSEWHERE)

    session = story.session()
    assert session.energy_kwh == pytest.approx(2.5, abs=0.1)
    assert (session.location, session.place_name, session.currency) == (None, "", "")
    assert (session.cost, session.cost_charged_at_once, session.saving) == (None, None, None)
    assert session.steering == [[minute(0).isoformat(), None]]


def test_a_place_that_is_known_only_after_plugging_in_counts(story: Story) -> None:
    nowhere = {"latitude": None, "longitude": None}
    story.tell(0, charging_power_kw=10.0, **nowhere)
    assert story.session().place_name == ""
    story.tell(10, charging_power_kw=10.0, **HOME)

    story.unplug(20, **nowhere)

    assert story.session().place_name == "Home"
    assert story.session().cost is not None


def test_the_minimum_is_remembered_from_each_instant_on(story: Story) -> None:
    story.tell(0, charging_power_kw=10.0, soc_percent=40.0)
    policies.set_policy(vehicle=story.vehicle, is_enabled=True, minimum_charge_limit=50.0, now=minute(10))
    Policy.objects.update(is_enabled=False)
    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(20))

    assert story.session().steering == [
        [minute(0).isoformat(), 0.0],
        [minute(10).isoformat(), 50.0],
        [minute(20).isoformat(), None],
    ]


def test_what_was_known_for_no_time_is_forgotten(story: Story) -> None:
    story.tell(0, soc_percent=40.0)
    Policy.objects.update(minimum_charge_limit=30.0)

    keep_sessions(vehicle=story.vehicle, at=minute(0), now=minute(0))

    assert story.session().steering == [[minute(0).isoformat(), 30.0]]


def test_a_car_without_a_policy_is_not_steered(story: Story) -> None:
    Policy.objects.all().delete()

    story.tell(0, soc_percent=40.0)

    assert story.session().steering == [[minute(0).isoformat(), None]]


def test_currencies_of_two_places_stay_apart(story: Story) -> None:
    area = factories.make_price_area(code="SE9", currency="SEK", name="Somewhere", country="SE")
    factories.make_prices(area=area, day_start=EVENING, prices=["1.20"] * 16, delivery_date=EVENING.date())
    factories.make_location(driver=story.vehicle.driver, name="Cabin", price_area=area, **ELSEWHERE)
    story.charge((0, 15), 10.0)
    story.unplug(16)

    story.charge((60, 75), 10.0, **ELSEWHERE)
    story.unplug(75.5, **ELSEWHERE)

    assert [(row.place_name, row.currency) for row in story.sessions()] == [("Home", "EUR"), ("Cabin", "SEK")]
    assert story.sessions()[1].cost == pytest.approx(Decimal("3.05"), abs=Decimal("0.06"))
