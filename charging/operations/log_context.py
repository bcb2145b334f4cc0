"""Which car a line of the log is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from structlog.contextvars import bound_contextvars

from charging.models import Vehicle

P = ParamSpec("P")
R = TypeVar("R")


def about_its_vehicle(operation: Callable[P, R]) -> Callable[P, R]:
    """The operation, during which every line of the log names its `vehicle` by the public id."""

    @wraps(operation)
    def told(*args: P.args, **values: P.kwargs) -> R:
        vehicle = values["vehicle"]
        assert isinstance(vehicle, Vehicle), "operations take their car by name"
        with bound_contextvars(vehicle=str(vehicle.public_id)):
            return operation(*args, **values)

    return told
