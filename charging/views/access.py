"""Whose car is it? A driver sees their own cars and places; everything else does not exist for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from structlog.contextvars import bind_contextvars

from charging.models import Driver, Location, SmartOverride, Vehicle
from charging.models.vehicles import VehicleQuerySet
from charging.operations.clocks import own_now
from charging.operations.nothing_else import started_elsewhere


def driver_of(request: HttpRequest) -> Driver | None:
    """The driver who is signed in; None for visitors and for operators without a car of their own. Asked once."""
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "readyby_driver"):
        has_car = Exists(Vehicle.objects.filter(driver=OuterRef("pk")))
        found = Driver.objects.filter(account_id=request.user.pk).annotate(has_car=has_car).first()
        request.readyby_driver = found  # type: ignore[attr-defined]
        request.readyby_has_car = found is not None and found.has_car  # type: ignore[attr-defined]
    driver: Driver | None = request.readyby_driver  # type: ignore[attr-defined]
    return driver


def cars_of(driver: Driver) -> VehicleQuerySet:
    """The driver's cars with everything that pages show of them, the oldest first."""
    return _shown().of_driver(driver).order_by("linked_at", "pk")


def _shown() -> VehicleQuerySet:
    cars: VehicleQuerySet = Vehicle.objects.with_everything_shown().select_related(
        "view__location__example_area", "view__location__terms"
    )
    return cars.annotate(
        is_tested=Exists(SmartOverride.objects.filter(vehicle=OuterRef("pk"), is_test=True)),
        started_elsewhere_at=Subquery(started_elsewhere(vehicle=OuterRef("pk"))[:1]),
    )


def own_vehicle(request: HttpRequest, public_id: UUID) -> Vehicle:
    """The driver's car with everything that pages show of it. Raises Http404 for anybody else's."""
    vehicle: Vehicle = get_object_or_404(_shown(), public_id=public_id, driver__account_id=request.user.pk)
    request.readyby_driver, request.readyby_has_car = vehicle.driver, True  # type: ignore[attr-defined]
    # Every further line of this request's log names it.
    bind_contextvars(vehicle=str(vehicle.public_id))
    return vehicle


def own_location(request: HttpRequest, public_id: UUID) -> Location:
    """The driver's place. Raises Http404 for anybody else's."""
    places = Location.objects.with_prices().select_related("driver")
    location: Location = get_object_or_404(places, public_id=public_id, driver__account_id=request.user.pk)
    return location


def now_of(vehicle: Vehicle) -> datetime:
    """The present on the clock of the car's driver."""
    return own_now(driver=vehicle.driver)
