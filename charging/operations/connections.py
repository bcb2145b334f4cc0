"""Connections to what knows real cars: tried before they are stored, watched while they are used."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from charging.adapters.sealed import reseal, seal_for, unseal_for
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_discovery import Found, look_around
from charging.adapters.vehicles.home_assistant_http import LONGEST_TOKEN, HomeAssistantApi, checked_address
from charging.adapters.vehicles.retry_after import LONGEST, UNLESS_SAID
from charging.core.trouble import Trouble
from charging.models import Connection, Driver, VendorHealth, Webhook
from charging.models.connections import ConnectionKind
from charging.operations.address_words import address_fault, not_allowed_sentence
from charging.operations.clocks import own_now
from charging.operations.due import look_again
from charging.operations.idempotency import reseal_answers
from charging.operations.issues import Issue, Refused, refuse_if_any

UNLESS_TOLD = {Trouble.RATE_LIMITED: UNLESS_SAID, Trouble.SIGN_IN_NEEDED: LONGEST}


def home_assistant_of(connection: Connection) -> HomeAssistantApi:
    """Returns how the Home Assistant of a connection is asked. Raises ValueError where its secret does not open."""
    token = unseal_for(connection.owner, connection.encrypted_secret)
    return HomeAssistantApi(connection.address, token, allows_local=settings.READYBY_LOCAL_GATEWAYS)


def may_connect_issues(driver: Driver) -> tuple[Issue, ...]:
    """Returns why a driver cannot have a real car: a guest is forgotten, and a clock that was sped up stays ahead."""
    issues = []
    if not driver.clock.shows_wall_time:
        message = _(
            "Time was sped up for your simulated car. Remove that car in Settings first; its time goes with it."
        )
        issues.append(Issue("CLOCK_AHEAD", "", message))
    if driver.is_guest:
        message = _("Keep this account first: a guest is forgotten after 30 days, with the car.")
        issues.append(Issue("GUEST", "", message))
    return tuple(issues)


def connect_home_assistant(*, driver: Driver, address: str, token: str, at_wall: datetime) -> Connection:
    """Tries the address with the token, and stores both where that works; the same address is stored once.

    Raises Refused, with the path `address` or `token`; nothing was stored then.
    """
    refuse_if_any(may_connect_issues(driver))
    refuse_if_any(_form_issues(address, token))
    address = checked_address(address, allows_local=settings.READYBY_LOCAL_GATEWAYS)
    found = _tried(address, token.strip())
    with transaction.atomic():
        known = Connection.objects.select_for_update().filter(driver=driver, address=address).first()
        connection = known or Connection(
            driver=driver, kind=ConnectionKind.HOME_ASSISTANT, address=address, created_at=at_wall
        )
        take_secret(connection, token.strip(), found.name, at_wall)
    return connection


def sign_in_again(*, connection: Connection, token: str, at_wall: datetime) -> None:
    """Tries another token for the same address and stores it where that works; the cars keep everything.

    Raises Refused, with the path `address` or `token`; the old token stays then.
    """
    refuse_if_any(_token_issues(token))
    found = _tried(connection.address, token.strip())
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        take_secret(connection, token.strip(), found.name, at_wall)
    ask_cars_again(connection=connection, at_wall=at_wall)


def ask_cars_again(*, connection: Connection, at_wall: datetime) -> None:
    """Lets every car behind the connection be read at once."""
    for car in connection.cars.select_related("vehicle__driver"):
        look_again(vehicle=car.vehicle, now=own_now(driver=car.vehicle.driver, at_wall=at_wall))


def discover(*, connection: Connection, at_wall: datetime) -> Found:
    """Returns what there is behind a connection. Raises GatewayError, which is noted."""
    try:
        found = look_around(home_assistant_of(connection))
    except GatewayError as error:
        note_trouble(connection=connection, error=error, at_wall=at_wall)
        raise
    note_answer(connection=connection, at_wall=at_wall)
    return found


def note_answer(*, connection: Connection, at_wall: datetime) -> None:
    """Writes down that the other end answers."""
    Connection.objects.filter(pk=connection.pk).update(
        trouble="", trouble_since=None, rests_until=None, last_answer_at=at_wall
    )


def note_trouble(*, connection: Connection, error: GatewayError, at_wall: datetime) -> None:
    """Writes down what is the matter, since when it is, and until when nothing may be asked.

    Whoever wants to be left alone and does not say how long is given a minute, and nobody more than 15. Where only the
    driver can help, that is how long a START that cannot wait is not tried.
    """
    waits = error.retry_after
    if waits is None:
        waits = UNLESS_TOLD.get(error.kind)
    rests_until = None if waits is None else at_wall + min(waits, LONGEST)
    same = Connection.objects.filter(pk=connection.pk, trouble=error.kind)
    if not same.update(rests_until=rests_until):
        Connection.objects.filter(pk=connection.pk).update(
            trouble=error.kind.value, trouble_since=at_wall, rests_until=rests_until
        )


@transaction.atomic
def rotate_secrets() -> int:
    """Seals every stored secret anew under the newest key, so that former keys may go. Returns how many.

    Raises ValueError where one opens with none of the keys; nothing is changed then. Answers that are kept to be
    repeated for a day are sealed anew too.
    """
    count = 0
    for connection in Connection.objects.select_for_update():
        connection.encrypted_secret = reseal(connection.encrypted_secret)
        connection.save(update_fields=["encrypted_secret"])
        count += 1
    for webhook in Webhook.objects.select_for_update():
        webhook.encrypted_secret = reseal(webhook.encrypted_secret)
        webhook.encrypted_header_value = reseal(webhook.encrypted_header_value)
        webhook.save(update_fields=["encrypted_secret", "encrypted_header_value"])
        count += 1
    return count + reseal_answers()


def take_secret(connection: Connection, secret: str, name: str, at_wall: datetime) -> None:
    """Stores a secret that was tried just now, sealed, with what the other end calls itself."""
    connection.public_id = connection.public_id or uuid.uuid4()
    connection.encrypted_secret = seal_for(connection.owner, secret)
    connection.name = name
    connection.trouble, connection.trouble_since, connection.rests_until = "", None, None
    connection.last_answer_at = at_wall
    connection.save()
    # It answered just now, whatever it did before.
    VendorHealth.objects.filter(connection=connection).delete()


def _form_issues(address: str, token: str) -> tuple[Issue, ...]:
    issues = list(_token_issues(token))
    if fault := address_fault(address):
        issues.insert(0, Issue("ADDRESS_INVALID", "address", fault))
    return tuple(issues)


def _token_issues(token: str) -> tuple[Issue, ...]:
    text = token.strip()
    if text and text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST_TOKEN:
        return ()
    return (Issue("TOKEN_INVALID", "token", _("Paste the whole token, as Home Assistant has shown it")),)


def _tried(address: str, token: str) -> Found:
    """What is found there. Raises Refused with what to do beside the field that is wrong."""
    api = HomeAssistantApi(address, token, allows_local=settings.READYBY_LOCAL_GATEWAYS)
    try:
        return look_around(api)
    except GatewayError as error:
        raise Refused([trouble_issue(error.kind, address)]) from error


def trouble_issue(kind: Trouble, address: str = "") -> Issue:
    """Returns what to tell somebody who tries a connection that has this trouble, at this address."""
    sentences = {
        Trouble.SIGN_IN_NEEDED: _("Home Assistant did not accept the token. Make a new one and paste it here"),
        Trouble.OFFLINE: _("Nobody answers at this address. Is Home Assistant running, and is the port right?"),
        Trouble.NOT_ALLOWED: not_allowed_sentence(address),
        Trouble.RATE_LIMITED: _("Home Assistant was asked too often. Try again in some minutes"),
    }
    message = sentences.get(kind, _("What answers at this address does not answer like Home Assistant"))
    return Issue(kind.value, "token" if kind is Trouble.SIGN_IN_NEEDED else "address", message)
