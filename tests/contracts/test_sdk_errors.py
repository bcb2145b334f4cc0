"""Every method of the SDK is called by a test here, and each of its typed errors is raised where it should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from enode import errors
from pytest_django.live_server_helper import LiveServer

from charging.core.states import State
from charging.models import Client
from tests.contracts.connection import open_sdk
from tests.contracts.sdk_methods import called_in, methods
from tests.factories import NOW, make_command, make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db(transaction=True)
NONE = "00000000-0000-4000-8000-000000000000"

Call = Callable[[Any, dict[str, str]], object]
STATISTICS = {"user_id": "nobody", "start_date": NOW - timedelta(days=1), "end_date": NOW, "type_": "vehicle"}
SPANS = [{"name": "day", "from": "00:00", "to": "24:00"}]
RELINK: dict[str, Any] = {"language": "en-US", "redirect_uri": "javascript:alert(1)"}
LINK = {"user_id": "new", "scopes": ["vehicle:read:data"], "language": "en-US", "redirect_uri": "https://a.example/"}

RAISED: list[tuple[str, int, type[Exception], Call]] = [
    ("statistics.get_charging", 404, errors.ProblemError, lambda sdk, _: sdk.statistics.get_charging(**STATISTICS)),
    (
        "statistics.get_charging_sessions",
        404,
        errors.ProblemError,
        lambda sdk, _: sdk.statistics.get_charging_sessions(**STATISTICS),
    ),
    (
        "tariffs.get_by_location",
        404,
        errors.ProblemError,
        lambda sdk, ids: sdk.tariffs.get_by_location(location_id=ids["place"]),
    ),
    (
        "tariffs.link_to_location",
        404,
        errors.ProblemError,
        lambda sdk, ids: sdk.tariffs.link_to_location(
            location_id=ids["place"], tariff_id="none", tariff_intervals=SPANS
        ),
    ),
    (
        "tariffs.link_to_location",
        400,
        errors.ProblemError,
        lambda sdk, ids: sdk.tariffs.link_to_location(location_id=ids["place"], tariff_id="", tariff_intervals=SPANS),
    ),
    (
        "user_management.relink_asset",
        400,
        errors.ProblemError,
        lambda sdk, ids: sdk.user_management.relink_asset(asset_id=ids["car"], **RELINK),
    ),
    (
        "vehicles.cancel_action",
        409,
        errors.ChargeActionError,
        lambda sdk, ids: sdk.vehicles.cancel_action(action_id=ids["action"]),
    ),
    (
        "vehicles.control_charging",
        422,
        errors.ProblemError,
        lambda sdk, ids: sdk.vehicles.control_charging(vehicle_id=ids["car"], action="START"),
    ),
    (
        "vehicles.control_charging",
        400,
        errors.ProblemError,
        lambda sdk, ids: sdk.vehicles.control_charging(vehicle_id=ids["incapable"], action="START"),
    ),
    (
        "vehicles.end_smart_override",
        404,
        errors.ProblemError,
        lambda sdk, ids: sdk.vehicles.end_smart_override(vehicle_id=ids["car"]),
    ),
    (
        "vehicles.set_max_current",
        400,
        errors.ProblemError,
        lambda sdk, ids: sdk.vehicles.set_max_current(vehicle_id=ids["car"], max_current=16),
    ),
    (
        "vehicles.update_smart_charging_policy",
        400,
        errors.UpdateVehicleSmartChargingPolicyBadRequestError,
        lambda sdk, ids: sdk.vehicles.update_smart_charging_policy(vehicle_id=ids["car"], deadline="24:00"),
    ),
    (
        "user_management.post_users_userid_link",
        403,
        errors.ConnectionsLimitReachedProblemError,
        lambda sdk, _: sdk.user_management.post_users_userid_link(**LINK),
    ),
    (
        "webhooks.create",
        400,
        errors.WebhookNotValidProblemError,
        lambda sdk, _: sdk.webhooks.create(url="x", secret="x"),
    ),
    *(
        (
            f"webhooks.{name}",
            404,
            errors.WebhookNotFoundProblemError,
            lambda sdk, _, name=name: getattr(sdk.webhooks, name)(webhook_id=NONE),
        )
        for name in ("delete", "get", "test", "update")
    ),
]


def test_every_method_of_what_is_served_is_called_by_a_test() -> None:
    known = set(methods())

    assert len(known) >= 40
    assert known - called_in(Path(__file__).parent) == set()


def test_every_typed_error_of_the_sdk_is_raised_below() -> None:
    declared = {(method, name) for method, names in methods().items() for name in names}

    assert {(method, error.__name__) for method, _status, error, _call in RAISED} == declared


@pytest.mark.parametrize(
    ("method", "status", "error", "call"), RAISED, ids=[f"{method} {status}" for method, status, *_rest in RAISED]
)
def test_a_typed_error_is_raised_with_its_status_and_its_body(
    live_server: LiveServer, client: Client, method: str, status: int, error: type[Exception], call: Call
) -> None:
    driver = make_driver(client=client)
    car, incapable = (make_parked_car(driver=driver, state=state) for state in (State.STOPPED, State.DISABLED))
    incapable.is_capable = False
    incapable.save()
    Client.objects.filter(pk=client.pk).update(connection_limit=2)
    action = make_command(vehicle=car, status="CONFIRMED", completed_at=NOW)
    rows: dict[str, Any] = {"car": car, "incapable": incapable, "action": action, "place": make_location(driver=driver)}

    with pytest.raises(error) as caught:
        call(open_sdk(live_server, client), {name: str(row.public_id) for name, row in rows.items()})

    fault: Any = caught.value
    assert fault.status_code == status
    if error is errors.ChargeActionError:
        assert fault.data.id == str(action.public_id)
    else:
        assert fault.data.type.startswith("urn:readyby:problem:")
        assert fault.data.title
        assert fault.data.detail
