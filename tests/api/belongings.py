"""One of everything that a client can own."""

from __future__ import annotations

import uuid
from decimal import Decimal

from charging.models import ChargeAction, Client
from charging.operations.tariffs import set_rates
from charging.operations.webhooks import create_webhook
from tests.factories import NOW, make_driver, make_location, make_parked_car, make_plan, make_session

CHOSEN_BY_CLIENTS = frozenset({"userId", "tariffId"})
"""Parameters whose values a client has thought up itself; all others are ids that Readyby gave."""


def make_ids(client: Client) -> dict[str, str]:
    """One of everything that belongs to the client: parameter of an address -> the id."""
    driver = make_driver(client=client, external_id="anna")
    car = make_parked_car(driver=driver)
    plan = make_plan(vehicle=car, final_state="PLAN:ENDED:FINISHED")
    values = {"client": client, "user_id": "anna", "target_id": car.public_id, "kind": "STOP"}
    action = ChargeAction.objects.create(vehicle=car, created_at=NOW, updated_at=NOW, **values)
    webhook = create_webhook(client=client, at_wall=NOW, url="https://a.example/", secret="x" * 16)
    location = make_location(driver=driver)
    make_session(vehicle=car, location=location)
    set_rates(client=client, external_id="theirs", rates={"day": Decimal("0.2")}, at_wall=NOW)
    return {
        "interventionId": "link-again",
        "userId": "anna",
        "vehicleId": str(car.public_id),
        "assetId": str(car.public_id),
        "locationId": str(location.public_id),
        "chargingLocationId": str(location.public_id),
        "planId": str(plan.public_id),
        "actionId": str(action.public_id),
        "webhookId": str(webhook.public_id),
        "tariffId": "theirs",
    }


def missing_ids(ids: dict[str, str]) -> dict[str, str]:
    """The same parameters with ids that nothing has."""
    return {name: "nobody" if name in CHOSEN_BY_CLIENTS else str(uuid.uuid4()) for name in ids}
