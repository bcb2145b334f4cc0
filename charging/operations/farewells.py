"""Telling Enode to forget whoever took their access away here, until it has heard of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from charging.adapters.vehicles.enode_account import forget_user
from charging.adapters.vehicles.gateway import GatewayError
from charging.models import Connection, Farewell
from charging.models.connections import ConnectionKind
from charging.operations.enode import enode_api, is_offered

log = structlog.get_logger(__name__)

AT_ONCE = 20
LEFT_AFTER = timedelta(days=1)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=6)


def say_farewell(*, connections: Iterable[Connection], at_wall: datetime) -> None:
    """Writes down which of the connections are to be forgotten at the other end; it belongs into the transaction in
    which they are deleted.
    """
    for connection in connections:
        if connection.kind == ConnectionKind.ENODE:
            Farewell.objects.get_or_create(
                user_id=connection.public_id, defaults={"created_at": at_wall, "next_try_at": at_wall}
            )


def leave(*, connection: Connection | None, at_wall: datetime) -> None:
    """Deletes a connection, with its secret, where no car is behind it any more; in the transaction that made it so."""
    if connection is not None and not connection.cars.exists():
        say_farewell(connections=[connection], at_wall=at_wall)
        connection.delete()


@transaction.atomic
def forget_links_left(*, at_wall: datetime) -> int:
    """Forgets links that led to no car within the day in which one can be gone on with. Returns how many."""
    left = Connection.objects.select_for_update(of=("self",)).filter(
        kind=ConnectionKind.ENODE, cars__isnull=True, created_at__lt=at_wall - LEFT_AFTER
    )
    for connection in (found := list(left)):
        leave(connection=connection, at_wall=at_wall)
    return len(found)


def send_farewells(*, at_wall: datetime) -> int:
    """Tells what is due to be told; what was not heard is told again later, more and more seldom. Returns how many
    were heard. Without credentials nobody can be told, and it waits.
    """
    if not is_offered():
        return 0
    heard = 0
    for farewell in Farewell.objects.filter(next_try_at__lte=at_wall).order_by("next_try_at", "pk")[:AT_ONCE]:
        try:
            forget_user(enode_api(), user_id=str(farewell.user_id))
        except GatewayError as error:
            wait = error.retry_after or min(SHORTEST * 2 ** min(farewell.attempts, 10), LONGEST)
            Farewell.objects.filter(pk=farewell.pk).update(
                next_try_at=at_wall + wait, attempts=min(farewell.attempts + 1, 1000)
            )
            log.warning("somebody is not forgotten at Enode yet", kind=error.kind.value)
            break
        farewell.delete()
        heard += 1
    return heard
