"""What the database refuses of connections to real cars and of the record of acts, for `test_constraints.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from charging.core.trouble import Trouble
from charging.models import AuditEvent, ConnectedCar, Connection, Driver, Vehicle, VendorBudget, VendorHealth
from tests.connections import make_connection
from tests.factories import NOW

CONNECTION_CHECKS: dict[str, tuple[type[Model], tuple[dict[str, Any], ...]]] = {
    "connection_kind_known": (Connection, ({"kind": "telepathy"},)),
    "connection_has_an_address": (Connection, ({"address": ""},)),
    # Of Enode there is none, of all others there is one.
    "connection_has_a_secret": (Connection, ({"encrypted_secret": ""}, {"kind": "enode"})),
    "breaker_has_one_service": (
        VendorHealth,
        ({"driver": None}, {"connection": None}),
    ),
    "open_breaker_has_a_rest": (VendorHealth, ({"failures": 3},)),
    "budget_is_not_overdrawn": (VendorBudget, ({"left": -0.5},)),
    "obstacle_has_an_instant": (
        ConnectedCar,
        (
            {"obstacle": "BLOCKED"},
            {"obstacle_since": NOW},
            {"obstacle": "DREAMT OF", "obstacle_since": NOW, "control_looked_at": NOW},
            {"obstacle": "BLOCKED", "obstacle_since": NOW},
        ),
    ),
    "connection_trouble_has_an_instant": (Connection, ({"trouble": Trouble.OFFLINE.value}, {"trouble_since": NOW})),
}


def make_service_rows(connection: Connection) -> None:
    """A breaker and a budget of what is behind the connection."""
    VendorHealth.objects.create(
        vendor=connection.kind, operation="read", driver=connection.driver, connection=connection
    )
    VendorBudget.objects.create(vendor=connection.kind, connection=connection, left=5, at=NOW)


def second_breaker(**whose: Any) -> None:
    for _ in range(2):
        VendorHealth.objects.create(vendor="a vendor", operation="start", **whose)


CONNECTION_ROWS: dict[str, Callable[[], object]] = {
    "one_breaker_per_vendor_and_operation": second_breaker,
    "one_breaker_per_connection_and_operation": lambda: second_breaker(
        driver=Driver.objects.get(), connection=Connection.objects.get()
    ),
    "one_breaker_per_vehicle_and_operation": lambda: second_breaker(
        driver=Driver.objects.get(), vehicle=Vehicle.objects.get()
    ),
    "one_budget_per_vendor": lambda: [VendorBudget.objects.create(vendor="a vendor", left=1, at=NOW) for _ in range(2)],
    "one_budget_per_connection": lambda: VendorBudget.objects.create(
        vendor="home_assistant", connection=Connection.objects.get(), left=1, at=NOW
    ),
    "one_connection_per_driver_and_address": lambda: make_connection(driver=Driver.objects.get()),
    # An event cannot be changed, so a wrong one has to be new.
    "audit_kind_is_known": lambda: AuditEvent.objects.create(at=NOW, kind="DREAMT"),
}
