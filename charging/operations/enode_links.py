"""A driver's link to their cars by Enode: begun, looked behind, and one of the cars taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charging.adapters.vehicles import enode_account
from charging.adapters.vehicles.enode_account import Account, Intervention, NoMoreCars
from charging.adapters.vehicles.enode_car import FoundCar, car_to_json
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from charging.core.vendors import VENDORS
from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName
from charging.operations.connections import may_connect_issues, note_answer, note_trouble
from charging.operations.enode import enode_api
from charging.operations.facts import is_enabled_elsewhere
from charging.operations.issues import Issue, Refused, refuse_if_any
from charging.operations.linking import LinkedCar


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a car cannot be taken, by its name; what the driver can do about it, where there is anything."""

    name: str
    interventions: tuple[Intervention, ...] = ()


def begin_link(*, connection: Connection, redirect_uri: str, vendor: str) -> str:
    """Returns the page on which the driver lets Enode in at the car's maker, and comes back from to `redirect_uri`.

    Raises Refused.
    """
    try:
        return enode_account.begin_link(
            enode_api(),
            user_id=str(connection.public_id),
            redirect_uri=redirect_uri,
            language=get_language() or "",
            vendor=vendor,
        )
    except NoMoreCars as fault:
        message = _("No more cars can be connected at the moment. Ask whoever runs this server")
        raise Refused([Issue("CONNECTION_LIMIT", "", message)]) from fault
    except GatewayError as fault:
        raise Refused([trouble_issue(fault.kind)]) from fault


@transaction.atomic
def connection_for(*, driver: Driver, vehicle: Vehicle | None, at_wall: datetime) -> Connection:
    """Returns the connection by which a car is linked, again or for the first time. Raises Refused.

    Each link is a user of its own there, so that one that is lost takes no other car with it; one that was begun and
    led to no car is gone on with.
    """
    refuse_if_any(may_connect_issues(driver))
    own = Connection.objects.filter(driver=driver, kind=ConnectionKind.ENODE).order_by("pk")
    known = own.filter(cars__vehicle=vehicle).first() if vehicle is not None else None
    if known is not None:
        return known
    begun = own.filter(cars__isnull=True).first()
    if begun is not None:
        # It is gone on with for a day from now on.
        begun.created_at = at_wall
        begun.save(update_fields=["created_at"])
        return begun
    public_id = uuid4()
    return Connection.objects.create(
        driver=driver,
        kind=ConnectionKind.ENODE,
        public_id=public_id,
        address=f"{enode_api().address}/users/{public_id}",
        name="Enode",
        created_at=at_wall,
    )


def look_behind(*, connection: Connection, at_wall: datetime) -> Account:
    """Returns what is behind the driver's link. What is the matter is noted. Raises Refused with what to do.

    That Enode answers is no news of a car that it does not reach: its driver still has to sign in again.
    """
    try:
        account = enode_account.look_behind(enode_api(), user_id=str(connection.public_id))
    except GatewayError as error:
        note_trouble(connection=connection, error=error, at_wall=at_wall)
        raise Refused([trouble_issue(error.kind)]) from error
    if _reaches(account, connection):
        note_answer(connection=connection, at_wall=at_wall)
    return account


def _reaches(account: Account, connection: Connection) -> bool:
    """Whether every car behind the connection is there, and its maker lets Enode in."""
    reached = {car.id for car in account.cars if car.vendor not in account.lost_vendors}
    return all(car.entities.get("vehicle") in reached for car in connection.cars.all())


def not_taken(*, cars: Iterable[FoundCar], driver: Driver, vehicle: Vehicle | None) -> tuple[FoundCar, ...]:
    """Returns the cars that are none of the driver's others here; `vehicle` is the one that is being set up."""
    others = ConnectedCar.objects.filter(connection__driver=driver, connection__kind=ConnectionKind.ENODE)
    rows = others if vehicle is None else others.exclude(vehicle=vehicle)
    taken = {str(entities.get("vehicle", "")) for entities in rows.values_list("entities", flat=True)}
    return tuple(car for car in cars if car.id not in taken)


def obstacle_of(*, car: FoundCar, account: Account, vehicle: Vehicle | None) -> Obstacle | None:
    """Returns what keeps a car from being taken; None where nothing does. Raises Refused.

    Smart charging of the server's own comes last: the driver can have it switched off here.
    """
    here = Vehicle(vin=car.vin, vendor=car.vendor, vendor_asset_id=car.id, pk=vehicle.pk if vehicle else None)
    if car.vendor in account.lost_vendors:
        return Obstacle("signed_out")
    if car.lacks_scope:
        return Obstacle("scope")
    if is_enabled_elsewhere(here):
        return Obstacle("another_account")
    if not car.is_controllable and car.blocked_by:
        return Obstacle("blocked", interventions_of(ids=car.blocked_by))
    if not car.is_controllable or car.vendor not in VENDORS or "chargeState" not in car.tells:
        return Obstacle("missing")
    return Obstacle("smart_charging") if car.is_smart_charging else None


def interventions_of(*, ids: Iterable[str]) -> tuple[Intervention, ...]:
    """Returns what can be done about what blocks a car, in the reader's language. Raises Refused."""
    try:
        return enode_account.interventions(enode_api(), ids=ids, language=get_language() or "")
    except GatewayError as error:
        raise Refused([trouble_issue(error.kind)]) from error


def switch_off_smart_charging(*, car: FoundCar) -> None:
    """Takes the server's own smart charging off the car, as its driver has agreed to. Raises Refused."""
    try:
        enode_account.switch_off_smart_charging(enode_api(), car_id=car.id)
    except GatewayError as error:
        raise Refused([trouble_issue(error.kind)]) from error


def linked_car(*, car: FoundCar, name: str, battery_capacity_kwh: float, max_power_kw: float) -> LinkedCar:
    """Returns the car as it is stored here: what the server knows of it, and what only its driver could say."""
    return LinkedCar(
        gateway=GatewayName.ENODE,
        vendor=car.vendor,
        battery_capacity_kwh=battery_capacity_kwh,
        max_power_kw=max_power_kw,
        display_name=name,
        vin=car.vin,
        model=car.model,
        year=car.year,
        vendor_asset_id=car.id,
    )


def kept_of(car: FoundCar) -> dict[str, Any]:
    """Returns what is kept of a car beside its connection."""
    return car_to_json(car)


def trouble_issue(kind: Trouble) -> Issue:
    """Returns what to tell somebody who tries to connect while there is this trouble."""
    sentences = {
        Trouble.OFFLINE: _("Enode cannot be reached at the moment. Try again in some minutes"),
        Trouble.RATE_LIMITED: _("Enode was asked too often. Try again in some minutes"),
        Trouble.NOT_ALLOWED: _("Enode does not let this server in. Ask whoever runs it"),
    }
    message = sentences.get(kind, _("Enode gives no answer that we understand. Try again in some minutes"))
    return Issue(kind.value, "", message)


__all__ = ["Account", "FoundCar", "Intervention"]
