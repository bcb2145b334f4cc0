"""Breakers and budgets as rows that all processes share: who may be asked now, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.breaker import Breaker, Operation, ask, failed, may_stop
from charging.core.call_budget import CLOCKS_DIFFER_BY, Bucket, Rate, take
from charging.core.trouble import Trouble
from charging.models import Connection, Vehicle, VendorBudget, VendorHealth
from charging.models.vehicles import SHARED, GatewayName

log = structlog.get_logger(__name__)

ANSWERED = frozenset({Trouble.ASLEEP, Trouble.SIGN_IN_NEEDED, Trouble.SCHEDULE_CONFLICT, Trouble.RATE_LIMITED})
"""Troubles that a service which works tells of. An address of a driver that may not be connected to is no service's
fault; one service of everybody that refuses this server is asked more and more seldom, as one that is down.
"""


@dataclass(frozen=True, slots=True)
class Service:
    """What stands between us and a car. `key` are the columns by which its rows are found, `driver_id` whose they are,
    None where it is everybody's; `account` is whose access it is asked with.
    """

    vendor: str
    key: dict[str, Any] = field(hash=False)
    driver_id: int | None
    account: Connection | None = None

    @property
    def breakers(self) -> dict[Operation, VendorHealth]:
        """Its rows, one query. An operation that never failed has none."""
        return {Operation(row.operation): row for row in VendorHealth.objects.filter(**self.key)}


def service_of(vehicle: Vehicle, connection: Connection | None) -> Service:
    """Returns the service behind a car: of everybody, of one connection, or the simulated car itself."""
    key: dict[str, Any] = {"vendor": vehicle.gateway, "connection": None, "vehicle": None}
    if vehicle.gateway not in SHARED:
        key |= {"connection": connection} if connection is not None else {"vehicle": vehicle}
    driver_id = None if vehicle.gateway in SHARED else vehicle.driver_id
    return Service(vehicle.gateway, key, driver_id, connection)


def is_breaker_closed(*, vehicle: Vehicle, now: datetime) -> bool:
    """Returns whether a car may be stopped through what stands between us and it, in one or two queries."""
    if vehicle.gateway == GatewayName.PUSH:
        return True
    car = getattr(vehicle, "connected", None) if vehicle.gateway != GatewayName.SIMULATOR else None
    rows = service_of(vehicle, None if car is None else car.connection).breakers
    return may_stop({operation: row.as_breaker() for operation, row in rows.items()}, now=now)


def take_leave(*, service: Service, operation: Operation, now: datetime, is_urgent: Callable[[], bool]) -> bool:
    """Raises GatewayError, not asked, where the service is left alone now. Returns whether it had failed before.

    `is_urgent` is asked only where it matters. What is refused costs nothing of the budget.
    """
    rows = service.breakers
    breakers = {name: row.as_breaker() for name, row in rows.items()}
    if operation is Operation.STOP and not may_stop(breakers, now=now):
        raise _left_alone("A car is not stopped while nobody may answer.", max(_ends(breakers), default=now), now)
    breaker = breakers.get(operation, Breaker())
    leave = ask(breaker, now=now, is_urgent=not breaker.is_closed and is_urgent())
    if leave.until is not None:
        raise _left_alone("It did not answer again and again.", leave.until, now)
    take_from_budgets(service=service, now=now, is_urgent=is_urgent)
    # Of those who come at once to one that may be probed, one goes.
    if leave.breaker != breaker and not _write(rows[operation], breaker, leave.breaker):
        raise _left_alone("Somebody else tries whether it answers.", leave.breaker.rests_until or now, now)
    return breaker.failures > 0


def take_from_budgets(*, service: Service, now: datetime, is_urgent: Callable[[], bool]) -> None:
    """Takes one question from the account's budget and from that of all together. Raises GatewayError, not asked."""
    accounts: dict[str, int] = settings.READYBY_ACCOUNT_CALLS_PER_HOUR
    vendors: dict[str, int] = settings.READYBY_VENDOR_CALLS_PER_HOUR
    of_account = accounts.get(service.vendor, 0) if service.account is not None else 0
    limits = [(service.account, Rate(of_account)), (None, Rate(vendors.get(service.vendor, 0)))]
    limits = [(account, rate) for account, rate in limits if rate.is_limited]
    if not limits:
        return
    try:
        with transaction.atomic():
            for account, rate in limits:
                _take(service.vendor, account, rate, now, is_urgent)
    except GatewayError:
        # What was refused is not written: a bucket from ahead would never begin to fill.
        VendorBudget.objects.filter(vendor=service.vendor, at__gt=now + CLOCKS_DIFFER_BY).update(at=now)
        raise


def _take(vendor: str, account: Connection | None, rate: Rate, now: datetime, is_urgent: Callable[[], bool]) -> None:
    full = {"left": rate.burst, "at": now}
    rows = VendorBudget.objects.select_for_update()
    row, _ = rows.get_or_create(vendor=vendor, connection=account, defaults=full)
    bucket = Bucket(row.left, row.at)
    taken = take(bucket, rate, now=now)
    if taken.until is not None and is_urgent():
        taken = take(bucket, rate, now=now, is_urgent=True)
    if taken.until is not None:
        raise GatewayError(
            "Its budget of questions is used up.",
            kind=Trouble.RATE_LIMITED,
            retry_after=taken.until - now,
            was_asked=False,
        )
    VendorBudget.objects.filter(pk=row.pk).update(left=taken.bucket.left, at=taken.bucket.at)


def note_answered(*, service: Service, operation: Operation) -> None:
    """Closes the breaker."""
    row = VendorHealth.objects.filter(**service.key, operation=operation.value)
    if row.filter(opened_at__isnull=False).exists():
        log.info("service answers again", vendor=service.vendor, operation=operation.value, **_who(service))
    row.update(failures=0, opened_at=None, rests_until=None, urgent_at=None)


@transaction.atomic
def note_failed(*, service: Service, operation: Operation, now: datetime) -> None:
    """Counts one more failure in a row; from the third on the service is left alone for a while."""
    rows = VendorHealth.objects.select_for_update()
    row, _ = rows.get_or_create(**service.key, operation=operation.value, defaults={"driver_id": service.driver_id})
    before = row.as_breaker()
    after = failed(before, now=now, chance=_chance(service, operation, before.failures))
    _write(row, before, after)
    if before.is_closed and not after.is_closed:
        log.warning("service does not answer", vendor=service.vendor, operation=operation.value, **_who(service))


def is_failure(error: GatewayError, service: Service) -> bool:
    """Whether the error says that the service itself does not work: not for us, where it is the operator's."""
    if error.kind is Trouble.NOT_ALLOWED:
        return service.vendor in SHARED
    return error.kind not in ANSWERED and not error.is_of_car


def _write(row: VendorHealth, before: Breaker, after: Breaker) -> bool:
    """Writes where nobody else has since. Returns whether it did."""
    seen = {"failures": before.failures, "rests_until": before.rests_until, "urgent_at": before.urgent_at}
    return bool(
        VendorHealth.objects.filter(pk=row.pk, **seen).update(
            failures=after.failures,
            opened_at=after.opened_at,
            rests_until=after.rests_until,
            urgent_at=after.urgent_at,
        )
    )


def _left_alone(detail: str, until: datetime, now: datetime) -> GatewayError:
    return GatewayError(detail, retry_after=until - now, was_asked=False)


def _ends(breakers: dict[Operation, Breaker]) -> list[datetime]:
    return [breaker.rests_until for breaker in breakers.values() if breaker.rests_until is not None]


def _chance(service: Service, operation: Operation, failures: int) -> float:
    """A number from 0 to 1 that is drawn by this service, operation and failure: the same in every process."""
    seed = f"{service.vendor}:{operation}:{failures}:{_who(service)}"
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64


def _who(service: Service) -> dict[str, str]:
    """Which one of its kind, for the log and for chance; nothing for one that is everybody's."""
    found = {name: row for name, row in service.key.items() if name != "vendor" and row is not None}
    return {name: str(row.public_id) for name, row in found.items()}
