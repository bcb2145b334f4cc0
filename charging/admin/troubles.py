"""Cars by what is wrong with them: a filter of the list of cars, and the tiles of the first page that lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charging.models import Vehicle
from charging.operations.clocks import wall_now
from charging.operations.fleet_troubles import TROUBLES, count_troubles


class TroubleFilter(admin.SimpleListFilter):
    """One choice for each trouble."""

    title = _("what is wrong")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(trouble.label)) for code, trouble in TROUBLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Vehicle]) -> QuerySet[Vehicle]:
        trouble = TROUBLES.get(self.value() or "")
        return queryset if trouble is None else queryset.filter(trouble.cars(wall_now()))


@dataclass(frozen=True, slots=True)
class Tile:
    """How many cars have a trouble, and the address of the list of them."""

    label: str
    count: int
    url: str


def tiles() -> list[Tile]:
    """The fleet at a glance: a number for each trouble."""
    counts, cars = count_troubles(now=wall_now()), reverse("admin:charging_vehicle_changelist")
    return [
        Tile(str(trouble.label), counts[code], f"{cars}?{TroubleFilter.parameter_name}={code}")
        for code, trouble in TROUBLES.items()
    ]
