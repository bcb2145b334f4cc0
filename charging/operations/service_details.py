"""Breakers and budgets of the services behind cars, counted by their kind: what staff are told of readiness.

None of it makes an installation unready. No address, no account and no driver is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q

from charging.core.call_budget import HOUR, Bucket, Rate, take
from charging.models import VendorBudget, VendorHealth
from charging.operations.service_figures import Services, load_services


@dataclass(frozen=True, slots=True)
class OpenBreakers:
    """How many services of a kind are left alone at one operation, and until when the last of them is.

    `longest_rest` leaves simulated cars out, whose clocks are their drivers'.
    """

    vendor: str
    operation: str
    count: int
    longest_rest: timedelta


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budget of each account of a kind, or the one of all of them: questions an hour, and how many are used up.

    Used up is what has nothing left but the part that is kept for a START near its deadline.
    """

    vendor: str
    is_of_all: bool
    per_hour: int
    used_up: int


@dataclass(frozen=True, slots=True)
class ServiceDetails:
    services: tuple[Services, ...]
    breakers: tuple[OpenBreakers, ...]
    budgets: tuple[Budgets, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is worth a look; names for machines."""
        is_down = any(kind.is_down for kind in self.services)
        is_used_up = any(budget.used_up for budget in self.budgets)
        return ("services_down",) * is_down + ("budgets_used_up",) * is_used_up


def load_service_details(*, at_wall: datetime) -> ServiceDetails:
    """Returns them at `at_wall`, by name; as many queries for one car as for a hundred thousand."""
    return ServiceDetails(load_services(), _breakers(at_wall), tuple(_budgets(at_wall)))


def _breakers(at_wall: datetime) -> tuple[OpenBreakers, ...]:
    rows = VendorHealth.objects.not_answering().order_by("vendor", "operation").values_list("vendor", "operation")
    counted = rows.annotate(count=Count("pk"), until=Max("rests_until", filter=Q(vehicle__isnull=True)))
    none = timedelta(0)
    return tuple(
        OpenBreakers(vendor, operation, count, none if until is None else max(none, until - at_wall))
        for vendor, operation, count, until in counted
    )


def _budgets(at_wall: datetime) -> list[Budgets]:
    limits = [(vendor, False, number) for vendor, number in settings.READYBY_ACCOUNT_CALLS_PER_HOUR.items()]
    limits += [(vendor, True, number) for vendor, number in settings.READYBY_VENDOR_CALLS_PER_HOUR.items()]
    return [
        Budgets(vendor, is_of_all, number, _used_up(vendor, is_of_all, Rate(number), at_wall))
        for vendor, is_of_all, number in sorted(limits)
        if Rate(number).is_limited
    ]


def _used_up(vendor: str, is_of_all: bool, rate: Rate, at_wall: datetime) -> int:
    """Reads those alone that were low at their last question and have not filled since."""
    fills_in = rate.burst / rate.per_hour * HOUR
    low = VendorBudget.objects.filter(
        vendor=vendor, connection__isnull=is_of_all, left__lt=1 + rate.reserved, at__gt=at_wall - fills_in
    )
    buckets = (Bucket(left, at) for left, at in low.values_list("left", "at").iterator())
    return sum(take(bucket, rate, now=at_wall).until is not None for bucket in buckets)
