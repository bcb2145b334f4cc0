"""What the database refuses of connections to real cars and of the record of acts, for `test_constraints.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from charging.core.trouble import Trouble
from charging.models import AuditEvent, Connection, Driver
from tests.connections import make_connection
from tests.factories import NOW

CONNECTION_CHECKS: dict[str, tuple[type[Model], tuple[dict[str, Any], ...]]] = {
    "connection_kind_known": (Connection, ({"kind": "telepathy"},)),
    "connection_has_an_address": (Connection, ({"address": ""},)),
    # Of Enode there is none, of all others there is one.
    "connection_has_a_secret": (Connection, ({"encrypted_secret": ""}, {"kind": "enode"})),
    "connection_trouble_has_an_instant": (Connection, ({"trouble": Trouble.OFFLINE.value}, {"trouble_since": NOW})),
}

CONNECTION_ROWS: dict[str, Callable[[], object]] = {
    "one_connection_per_driver_and_address": lambda: make_connection(driver=Driver.objects.get()),
    # An event cannot be changed, so a wrong one has to be new.
    "audit_kind_is_known": lambda: AuditEvent.objects.create(at=NOW, kind="DREAMT"),
}
