"""Erasing a driver: cars are released, everything is deleted, and nothing brings it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from charging.adapters.erased_file import require_writable
from charging.models import Driver, Vehicle, WebhookDelivery
from charging.models.audit import AuditKind
from charging.operations import audit, traces
from charging.operations.charge_actions import abandon_actions
from charging.operations.clocks import own_now
from charging.operations.letting_go import let_go
from charging.operations.linking import delete_with_access
from charging.operations.storage import wipe_storage
from charging.operations.tombstones import bury, everybody_erased, is_named
from charging.operations.users import delete_with_login, release_car


def erase_driver(
    *, driver: Driver, at_wall: datetime, insists: bool = True, by_account_id: int | None = None, reason: str = ""
) -> None:
    """Deletes the driver with everything of theirs, their login too, for good; a car that is held may charge first.

    An operator's login stays. Receivers of the driver's client are told nothing: what they were to be told goes too.
    Raises ErasedFileError, and nothing was done, where the data folder cannot be written to; and StillHeld where a car
    that is held did not take its START and nobody insists; then nothing is deleted.
    """
    require_writable()
    cars = list(Vehicle.objects.of_driver(driver).select_related("driver").order_by("pk"))
    let_go(vehicles=cars, at_wall=at_wall, insists=insists)
    bury(public_ids=[driver.public_id, *(car.public_id for car in cars)], at_wall=at_wall)
    for vehicle in cars:
        abandon_actions(vehicle=vehicle, now=own_now(driver=driver, at_wall=at_wall))
    with transaction.atomic():
        audit.record(
            kind=AuditKind.DRIVER_ERASED,
            now=at_wall,
            account_id=by_account_id,
            reason=reason,
        )
        _forget_traces(driver)
        delete_with_login(driver=driver)
    wipe_storage()


def _forget_traces(driver: Driver) -> None:
    """Deletes what names the driver without pointing to them. Of operators' changes who and when stays."""
    # Messages first: whoever puts them into queues at this moment is waited for.
    traces.messages_of(driver).delete()
    events = traces.events_of(driver)
    deliveries = set(events.exclude(delivery=None).values_list("delivery_id", flat=True))
    events.delete()
    empty = WebhookDelivery.objects.filter(pk__in=deliveries, events__isnull=True)
    WebhookDelivery.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).update(next_attempt_at=None)
    traces.calls_of(driver).delete()
    traces.log_entries_of(driver).update(object_repr="", change_message="")
    traces.actions_of(driver).delete()
    for label in ("sessions.Session", "axes.AccessAttempt", "axes.AccessFailureLog", "axes.AccessLog"):
        traces.TRACES[label](driver).delete()


def reapply_erasures(*, now: datetime) -> int:
    """Erases again whoever a tombstone names, after a backup brought them back. Returns how many drivers and cars."""
    erased = everybody_erased()
    if not erased:
        return 0
    people = Driver.objects.values_list("pk", "public_id").iterator()
    drivers = [pk for pk, public_id in people if is_named(public_id, erased)]
    for driver in Driver.objects.filter(pk__in=drivers).select_related("client", "account"):
        erase_driver(driver=driver, at_wall=now)
    known = Vehicle.objects.values_list("pk", "public_id").iterator()
    cars = [pk for pk, public_id in known if is_named(public_id, erased)]
    for vehicle in Vehicle.objects.filter(pk__in=cars).select_related("driver"):
        release_car(vehicle=vehicle, at_wall=now)
        abandon_actions(vehicle=vehicle, now=own_now(driver=vehicle.driver, at_wall=now))
        delete_with_access(vehicle=vehicle, at_wall=now)
    return len(drivers) + len(cars)
