"""How the services behind cars answer, counted by the kind of gateway."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from charging.models import Connection, Vehicle, VendorHealth
from charging.models.vehicles import SHARED, GatewayName


@dataclass(frozen=True, slots=True)
class Services:
    """One kind of gateway: how many services there are behind cars, and how many of them do not answer now."""

    vendor: str
    count: int
    not_answering: int

    @property
    def is_down(self) -> bool:
        """Whether more than half do not answer: then it is hardly the drivers' own servers that are at fault."""
        return 2 * self.not_answering > self.count


def load_services() -> tuple[Services, ...]:
    """Returns every kind that has cars, by name, in three queries."""
    has_cars = Count("pk", filter=Q(cars__isnull=False), distinct=True)
    counts: dict[str, int] = dict(
        Connection.objects.order_by().values("kind").annotate(number=has_cars).values_list("kind", "number")
    )
    counts[GatewayName.SIMULATOR] = Vehicle.objects.filter(gateway=GatewayName.SIMULATOR).count()
    everybodys = Count("pk", filter=Q(driver__isnull=True))
    rows = VendorHealth.objects.not_answering().order_by().values("vendor")
    kinds = rows.annotate(
        own=Count("connection", distinct=True), cars=Count("vehicle", distinct=True), everybodys=everybodys
    )
    silent = {each["vendor"]: each["own"] + each["cars"] + min(each["everybodys"], 1) for each in kinds}
    return tuple(
        Services(vendor, 1 if vendor in SHARED else count, silent.get(vendor, 0))
        for vendor, count in sorted(counts.items())
        if count
    )
