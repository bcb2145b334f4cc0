"""A simulated car is called in the reader's language, whatever language it was made in, until somebody names it."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import translation

from charging.api.vehicle_answers import vehicle_answer
from charging.models import Vehicle
from charging.models.vehicles import SIMULATED_NAMES, GatewayName
from onboarding.car_models import car_models
from tests.factories import make_driver, make_vehicle
from tests.onboarding.walk import answer_until, begin

pytestmark = pytest.mark.django_db


def name_in(language: str, vehicle: Vehicle) -> str:
    with translation.override(language):
        return str(vehicle)


def test_a_car_made_in_german_has_a_name_in_every_language(client: Client) -> None:
    client.cookies["django_language"] = "de"
    begin(client)
    answer_until(client, "minimum")
    vehicle = Vehicle.objects.get()

    assert name_in("en", vehicle) == "Family car"
    assert len({name_in(language, vehicle) for language in ("en", "de", "fi", "sv")}) == 4
    with translation.override("de"):
        answer = vehicle_answer(vehicle, datetime(2026, 1, 13, tzinfo=UTC))
    assert answer.information.display_name == "Family car"


def test_every_model_has_a_name_that_is_translated() -> None:
    named = {car.details(soc_percent=50, charge_limit_percent=80).display_name for car in car_models().values()}

    assert named == set(SIMULATED_NAMES)


def test_a_name_that_somebody_gave_stays() -> None:
    driver = make_driver()
    named = make_vehicle(driver=driver, display_name="Blue one")
    of_an_app = make_vehicle(driver=driver, display_name="Family car", gateway=GatewayName.PUSH)

    assert name_in("de", named) == "Blue one"
    assert name_in("de", of_an_app) == "Family car"
