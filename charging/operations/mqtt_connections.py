"""Connections to MQTT brokers: tried before they are stored. The secret is a user's name with the password."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters.outside_address import AddressRefused
from charging.adapters.sealed import unseal_for
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.mqtt_broker import Broker, checked_broker
from charging.adapters.vehicles.mqtt_discovery import Found, look_around
from charging.core.trouble import Trouble
from charging.models import Connection, Driver
from charging.models.connections import ConnectionKind
from charging.operations.connections import (
    ask_cars_again,
    may_connect_issues,
    note_answer,
    note_trouble,
    take_secret,
)
from charging.operations.issues import Issue, Refused, refuse_if_any

LONGEST_SECRET = 500


def broker_of(connection: Connection) -> Broker:
    """Returns how the broker of a connection is asked. Raises ValueError where its secret does not open."""
    user, password = json.loads(unseal_for(connection.owner, connection.encrypted_secret))
    return Broker(connection.address, user, password, allows_local=settings.READYBY_LOCAL_GATEWAYS)


def connect_broker(*, driver: Driver, address: str, user: str, password: str, at_wall: datetime) -> Connection:
    """Tries the address as that user, and stores all of it where that works; the same address is stored once.

    Raises Refused, with the path `address`, `user` or `password`; nothing was stored then.
    """
    refuse_if_any(may_connect_issues(driver))
    refuse_if_any((*_address_issues(address), *_secret_issues(user, password)))
    address = checked_broker(address, allows_local=settings.READYBY_LOCAL_GATEWAYS)
    _try(address, user.strip(), password)
    with transaction.atomic():
        known = Connection.objects.select_for_update().filter(driver=driver, address=address).first()
        connection = known or Connection(driver=driver, kind=ConnectionKind.MQTT, address=address, created_at=at_wall)
        take_secret(connection, _secret(user, password), "", at_wall)
    return connection


def sign_in_to_broker_again(*, connection: Connection, user: str, password: str, at_wall: datetime) -> None:
    """Tries another user or password for the same address and stores them where they work; the cars keep everything.

    Raises Refused, with the path `address`, `user` or `password`; the old ones stay then.
    """
    refuse_if_any(_secret_issues(user, password))
    _try(connection.address, user.strip(), password)
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        take_secret(connection, _secret(user, password), "", at_wall)
    ask_cars_again(connection=connection, at_wall=at_wall)


def topics_behind(*, connection: Connection, at_wall: datetime) -> Found:
    """Returns what the broker keeps. Raises Refused with the trouble in words, which is noted."""
    try:
        found = look_around(broker_of(connection))
    except ValueError as fault:
        raise Refused([_trouble_issue(Trouble.SIGN_IN_NEEDED)]) from fault
    except GatewayError as error:
        note_trouble(connection=connection, error=error, at_wall=at_wall)
        raise Refused([_trouble_issue(error.kind)]) from error
    note_answer(connection=connection, at_wall=at_wall)
    return found


def _secret(user: str, password: str) -> str:
    return json.dumps([user.strip(), password])


def _try(address: str, user: str, password: str) -> None:
    """Raises Refused with what to do beside the field that is wrong."""
    try:
        with Broker(address, user, password, allows_local=settings.READYBY_LOCAL_GATEWAYS).session():
            pass
    except GatewayError as error:
        raise Refused([_trouble_issue(error.kind)]) from error


def _address_issues(address: str) -> tuple[Issue, ...]:
    try:
        checked_broker(address, allows_local=settings.READYBY_LOCAL_GATEWAYS)
    except AddressRefused:
        return (Issue("ADDRESS_INVALID", "address", _address_sentence()),)
    return ()


def _address_sentence() -> str:
    if settings.READYBY_LOCAL_GATEWAYS:
        return _("Enter the address of the broker, like mqtt://192.168.1.10 or mqtts://mqtt.home.example:8883")
    return _("Enter the address of the broker on the internet, like mqtts://mqtt.home.example:8883")


def _secret_issues(user: str, password: str) -> tuple[Issue, ...]:
    message = _("Use %(longest)d characters or fewer.") % {"longest": LONGEST_SECRET}
    issues = [
        Issue("TEXT_TOO_LONG", path, message)
        for path, text in (("user", user), ("password", password))
        if len(text) > LONGEST_SECRET or "\0" in text
    ]
    if password and not user.strip():
        issues.append(Issue("USER_MISSING", "user", _("Enter the user that the password belongs to")))
    return tuple(issues)


def _trouble_issue(kind: Trouble) -> Issue:
    sentences = {
        Trouble.SIGN_IN_NEEDED: _("The broker did not accept this user with this password"),
        Trouble.OFFLINE: _("Nobody answers at this address. Is the broker running, and is the port right?"),
        Trouble.NOT_ALLOWED: _address_sentence(),
    }
    message = sentences.get(kind, _("What answers at this address does not answer like an MQTT broker"))
    return Issue(kind.value, "user" if kind is Trouble.SIGN_IN_NEEDED else "address", message)
