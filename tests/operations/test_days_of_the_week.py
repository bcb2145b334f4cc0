"""Other times on some days of the week: which one counts, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from charging.models import Activity, Policy
from charging.operations import policies
from charging.operations.facts import policy_at
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

SUNDAY, SATURDAY = 6, 5
SEVEN, TEN = time(7, 0), time(10, 0)
CHRISTMAS_EVE = datetime(2025, 12, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def night() -> Night:
    return make_night()


def set_days(night: Night, **changes: Any) -> Policy:
    values: dict[str, Any] = {"is_enabled": False, "deadline": SEVEN, **changes}
    return policies.set_policy(vehicle=night.vehicle, now=night.now, **values)


@pytest.mark.parametrize(
    ("observes", "other", "hour"),
    [
        pytest.param(True, {SUNDAY: TEN}, 9, id="counts as a Sunday"),
        pytest.param(False, {SUNDAY: TEN}, 6, id="holidays do not count"),
        pytest.param(True, {}, 6, id="all days alike"),
    ],
)
def test_a_public_holiday_in_the_country_of_the_place(
    night: Night, observes: bool, other: dict[int, time], hour: int
) -> None:
    policy = set_days(night, weekday_deadlines=other, observes_holidays=observes)

    facts = policy_at(policy=policy, timezone_name="Europe/Oslo", after=CHRISTMAS_EVE)

    assert facts.deadline_at == datetime(2025, 12, 25, hour, 0, tzinfo=UTC)


def test_without_a_deadline_no_day_has_one(night: Night) -> None:
    set_days(night, weekday_deadlines={SATURDAY: TEN})

    policy = set_days(night, deadline=None)

    assert policy.weekday_deadlines == {}


def test_changed_days_stand_in_the_timeline_and_holidays_only_where_they_change_anything(night: Night) -> None:
    set_days(night)
    set_days(night, observes_holidays=True)
    assert not Activity.objects.filter(code="days_changed").exists()

    set_days(night, weekday_deadlines={SATURDAY: TEN})
    set_days(night, observes_holidays=False)

    assert Activity.objects.filter(code="days_changed").count() == 2
