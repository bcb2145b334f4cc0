"""Users as a client knows them: made when they are first named, unlinked, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import Client, ConnectedCar, Driver, Policy, Vehicle
from charging.operations import evaluation, policies, sending
from charging.operations.charge_actions import abandon_actions
from charging.operations.clocks import own_now, wall_now
from charging.operations.drivers import EXTERNAL_ID
from charging.operations.farewells import say_farewell
from charging.operations.issues import Issue, Refused, refuse_if_any
from charging.operations.outbox import tell_credentials_invalidated, tell_deleted
from charging.operations.tombstones import bury
from charging.operations.traces import wizard_events_of


def user_id_issues(external_id: str) -> tuple[Issue, ...]:
    """Returns what is wrong with the id that a client has chosen for a user."""
    if EXTERNAL_ID.fullmatch(external_id):
        return ()
    return (Issue("USER_INVALID", "userId", _("Use 1 to 255 characters of A-Z a-z 0-9 . _ ~ @ : - as a user id.")),)


@transaction.atomic
def ensure_user(*, client: Client, external_id: str, at_wall: datetime) -> Driver:
    """Returns the client's user of that id, made at the first call. Raises Refused for an id that cannot be."""
    refuse_if_any(user_id_issues(external_id))
    driver, _was_created = Driver.objects.get_or_create(
        client=client,
        external_id=external_id,
        defaults={"created_at": at_wall, "clock_wall_anchor": at_wall, "clock_own_anchor": at_wall},
    )
    return driver


@transaction.atomic
def authorize(*, driver: Driver, at_wall: datetime) -> None:
    """Gives the client its access to the user's cars back, if it had given it up."""
    if driver.unauthorized_at is None:
        return
    driver.unauthorized_at = None
    driver.save(update_fields=["unauthorized_at"])
    for vehicle in _cars_of(driver):
        # One that its driver has disconnected stays so until it is connected again.
        if _can_be_reached(vehicle):
            Vehicle.objects.filter(pk=vehicle.pk).update(is_capable=True)
        evaluation.evaluate(vehicle=vehicle, now=own_now(driver=driver, at_wall=at_wall), trigger="authorized")


def end_authorization(*, driver: Driver, at_wall: datetime) -> None:
    """Gives up the access to the user's cars and keeps the data. Smart charging ends first, so that no car is held.

    That the access is gone is the last that receivers are told of this user.
    """
    release_cars(driver=driver, at_wall=at_wall)
    with transaction.atomic():
        Vehicle.objects.of_driver(driver).update(is_capable=False)
        if driver.unauthorized_at is None:
            tell_credentials_invalidated(driver=driver, now=at_wall)
        driver.unauthorized_at = driver.unauthorized_at or at_wall
        driver.save(update_fields=["unauthorized_at"])


def remove_user(*, driver: Driver, last_known: Sequence[Mapping[str, Any]], at_wall: datetime) -> None:
    """Deletes the user with everything of theirs, their login too; a car that is held may charge first.

    Receivers are told what was last known of each car. A restored backup does not bring the user back.
    """
    cars = Vehicle.objects.of_driver(driver).values_list("public_id", flat=True)
    bury(public_ids=[driver.public_id, *cars], at_wall=at_wall)
    release_cars(driver=driver, at_wall=at_wall)
    for vehicle in _cars_of(driver):
        abandon_actions(vehicle=vehicle, now=own_now(driver=driver, at_wall=at_wall))
    with transaction.atomic():
        for car in last_known:
            tell_deleted(driver=driver, last_known=car, now=at_wall)
        delete_with_login(driver=driver)


@transaction.atomic
def delete_with_login(*, driver: Driver) -> None:
    """Deletes the rows of the driver, of their setup and of their login; an operator's login stays."""
    account = driver.account
    say_farewell(connections=driver.connections.all(), at_wall=wall_now())
    wizard_events_of(driver).delete()
    driver.delete()
    if account is not None and not account.is_staff:
        account.delete()


def release_cars(*, driver: Driver, at_wall: datetime) -> None:
    """Turns smart charging off for the user's cars and lets those that are held charge."""
    for vehicle in _cars_of(driver):
        release_car(vehicle=vehicle, at_wall=at_wall)


def release_car(*, vehicle: Vehicle, at_wall: datetime) -> None:
    """Turns smart charging off for a car; one that is held is sent a START at once."""
    now = own_now(driver=vehicle.driver, at_wall=at_wall)
    policy = Policy.objects.filter(vehicle=vehicle).first()
    if policy is not None:
        try:
            minimum = policy.minimum_charge_limit
            policies.set_policy(vehicle=vehicle, is_enabled=False, minimum_charge_limit=minimum, now=now)
        except Refused:
            # The car's own limit has fallen below the minimum since: nobody is asked to mend that first.
            policies.pause(vehicle=vehicle, now=now)
    sending.send_open_command(vehicle=vehicle, now=now)


def _can_be_reached(vehicle: Vehicle) -> bool:
    car = ConnectedCar.objects.filter(vehicle=vehicle).first() if vehicle.needs_connection else None
    return not vehicle.needs_connection or (car is not None and not car.has_lost_control)


def _cars_of(driver: Driver) -> list[Vehicle]:
    return list(Vehicle.objects.of_driver(driver).select_related("driver").order_by("pk"))
