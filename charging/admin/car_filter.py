"""Lists of what belongs to cars, narrowed down to one car."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from charging.admin.find import found_cars
from charging.models import Vehicle


class CarFilter(admin.SimpleListFilter):
    """A box for whatever finds a car, or the key of one in the address. Without scripts, too."""

    title = _("car")
    parameter_name = "car"
    template = "admin/car_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The box stands where choices would; the other filters come along in hidden fields."""
        self.others = [(name, value) for name, value in request.GET.items() if name not in {self.parameter_name, "p"}]
        return [("", "")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        typed = (self.value() or "").strip()
        if not typed:
            return queryset
        if typed.isdecimal() and len(typed) < 19 and Vehicle.objects.filter(pk=int(typed)).exists():
            return queryset.filter(vehicle=int(typed))
        return queryset.filter(vehicle__in=found_cars(Vehicle.objects.all(), typed).order_by().values("pk"))
