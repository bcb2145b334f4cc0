"""A driver calls a car what they like."""

from __future__ import annotations

import html

import pytest
from django.test import Client as Browser

from charging.models import OutboxMessage, Vehicle, Webhook
from tests import factories
from tests.views.cars import make_own_car, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def vehicle(client: Browser, story_time: None) -> Vehicle:
    return make_own_car(client)


def test_settings_lead_to_the_name_and_show_the_new_one(client: Browser, vehicle: Vehicle) -> None:
    assert f'href="{url("car_name", vehicle)}"' in text_of(client.get("/settings/"))
    assert f'value="{vehicle}"' in text_of(client.get(url("car_name", vehicle)))

    page = text_of(client.post(url("car_name", vehicle), {"name": "  Zoé & I "}, follow=True))

    assert Vehicle.objects.get().display_name == "Zoé & I"
    assert "It is called Zoé & I." in html.unescape(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" ", "Enter a name for this car"),
        ("x" * 101, "Name must be 100 characters or fewer"),
        ("Zo\u202eé", "Name must be letters, numbers and spaces that can be seen"),
    ],
)
def test_a_name_that_cannot_be_is_refused(client: Browser, vehicle: Vehicle, typed: str, words: str) -> None:
    before = Vehicle.objects.get().display_name

    page = text_of(client.post(url("car_name", vehicle), {"name": typed}))

    assert page.count(words) == 2
    assert Vehicle.objects.get().display_name == before


def test_the_app_is_told_of_another_name_and_not_of_the_same(client: Browser, vehicle: Vehicle) -> None:
    Webhook.objects.create(client=vehicle.driver.client, url="https://app.example/hook", created_at=factories.NOW)

    client.post(url("car_name", vehicle), {"name": str(vehicle)})
    client.post(url("car_name", vehicle), {"name": "Zoé"})

    [told] = OutboxMessage.objects.filter(event="user:vehicle:updated")
    assert told.payload == {"updatedFields": ["information.displayName"]}


def test_the_car_of_somebody_else_keeps_its_name(client: Browser, vehicle: Vehicle) -> None:
    other = factories.make_parked_car()

    assert client.post(url("car_name", other), {"name": "Mine"}).status_code == 404
    assert Vehicle.objects.get(pk=other.pk).display_name == other.display_name
