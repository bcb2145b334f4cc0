"""The fleet at a glance: how many cars have what trouble, and the way to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.facts import FailureCondition
from charging.core.states import State
from charging.models import Due, Plan, Vehicle
from charging.operations.clocks import wall_now
from charging.operations.fleet_troubles import TROUBLES, count_troubles
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/charging/vehicle/"


def make_trouble(code: str) -> Vehicle:
    """A car that has this trouble and no other."""
    now = wall_now()
    states = {"not_started": State.START_FAILED, "not_stopped": State.STOP_FAILED}
    seen_at = now - timedelta(hours=1) if code == "silent" else now
    vehicle = factories.make_parked_car(state=states.get(code, State.STOPPED), view={"observed_at": seen_at})
    if code == "failing":
        factories.make_due(vehicle=vehicle, attempts=5)
    if code == "late":
        ended: dict[str, Any] = {"ended_at": now, "final_state": State.FINISHED}
        ended["failure_condition"] = FailureCondition.FINISHED_LATE
        Plan.objects.filter(vehicle=vehicle).update(**ended)
    if code == "interfered":
        factories.make_finding(vehicle=vehicle)
    return vehicle


@pytest.mark.parametrize("code", sorted(TROUBLES))
def test_each_trouble_is_counted_and_leads_to_its_cars(browser_of_operator: Browser, code: str) -> None:
    troubled = make_trouble(code)
    fine = factories.make_parked_car(state=State.DISABLED, view={"observed_at": wall_now()})
    url = f"{LIST}?trouble={code}"

    assert count_troubles(now=wall_now()) == dict.fromkeys(TROUBLES, 0) | {code: 1}
    assert url in browser_of_operator.get("/admin/").text
    page = browser_of_operator.get(url).text
    assert f"{LIST}{troubled.pk}/change/" in page
    assert f"{LIST}{fine.pk}/change/" not in page


def test_a_fleet_without_troubles_counts_none(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        factories.make_due(vehicle=factories.make_parked_car(view={"observed_at": wall_now()}))
    with django_assert_num_queries(1):
        assert not any(count_troubles(now=wall_now()).values())
    assert Due.objects.count() == 3


def test_an_unknown_trouble_filters_nothing(browser_of_operator: Browser) -> None:
    vehicle = factories.make_parked_car()
    assert f"{LIST}{vehicle.pk}/change/" in browser_of_operator.get(f"{LIST}?trouble=boredom").text
