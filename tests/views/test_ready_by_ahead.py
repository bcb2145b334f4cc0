"""What another ready-by time would lead to is said before it is saved."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from charging.core.states import State
from charging.models import Policy, Vehicle
from tests import factories
from tests.views.cars import make_own_car, text_of, url

FALLING = [f"{0.2 - 0.001 * quarter:.3f}" for quarter in range(96)]

pytestmark = pytest.mark.django_db


@pytest.fixture
def vehicle(client: Browser, story_time: None) -> Vehicle:
    found = make_own_car(client, State.CONSIDERING)
    area = factories.make_price_area()
    factories.make_prices(area=area, day_start=factories.at(0), prices=FALLING)
    factories.make_prices(area=area, day_start=factories.at(0, day=9), prices=["0.30"] * 96)
    return found


def preview(client: Browser, vehicle: Vehicle, typed: str) -> str:
    return text_of(client.get(url("car_ready_by_fragment", vehicle), {"ready_by": typed}))


def test_the_page_looks_ahead_to_the_time_that_is_set_and_to_each_that_is_typed(
    client: Browser, vehicle: Vehicle
) -> None:
    page = text_of(client.get(url("car_ready_by", vehicle)))

    assert "now this needs about" in page
    assert f'hx-get="{url("car_ready_by_fragment", vehicle)}"' in page
    assert preview(client, vehicle, "06:00") != preview(client, vehicle, "20:00") != ""
    assert Policy.objects.get().deadline is not None


@pytest.mark.parametrize("typed", ["", "25:00", "soon", "\0"])
def test_what_is_no_time_leads_to_nothing(client: Browser, vehicle: Vehicle, typed: str) -> None:
    assert preview(client, vehicle, typed).strip() == ""


def test_a_time_that_is_refused_is_shown_without_a_plan(client: Browser, vehicle: Vehicle) -> None:
    page = text_of(client.post(url("car_ready_by", vehicle), {"ready_by": "soon", "scope": "tonight"}))

    assert "now this needs about" not in page


def test_nobody_looks_ahead_for_the_car_of_somebody_else(client: Browser, vehicle: Vehicle) -> None:
    other = factories.make_parked_car()

    assert client.get(url("car_ready_by_fragment", other)).status_code == 404
