"""The cars: found in one box, explained on one page, evaluated again on demand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from charging.admin.acting import act_page
from charging.admin.badges import state_badge
from charging.admin.case_pages import case_context, case_urls
from charging.admin.find import found_cars
from charging.admin.moments import moment, utc_and_local, zone_where_it_stands
from charging.admin.re_evaluation import re_evaluation_page
from charging.admin.read_only import Screen, read_only, shown
from charging.admin.troubles import TroubleFilter
from charging.models import Finding, Vehicle


@admin.display(description=_("driver"), ordering="driver__account__email")
def driver(vehicle: Vehicle) -> str:
    return vehicle.driver.called


@admin.display(description=_("last seen"), ordering="view__observed_at")
def last_seen(vehicle: Vehicle) -> str:
    try:
        return utc_and_local(vehicle.view.observed_at, zone_where_it_stands(vehicle))
    except ObjectDoesNotExist:
        return "-"


@admin.display(description=_("open findings"))
def open_findings(vehicle: Any) -> str:
    """How many: `vehicle` is a row of the list, which counts them."""
    return str(vehicle.open_findings or "")


class IdsFirst(Paginator[Any]):
    """Takes the ids of a page before its rows: what is shown of a car is not read of all those on earlier pages."""

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        rows: Any = self.object_list
        start = (number - 1) * self.per_page
        ids = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=ids), number, self)


class CarList(ChangeList):
    """Counts the findings of the cars of one page, not of those before it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        cars: list[Any] = list(self.result_list)
        found = Finding.objects.open().filter(vehicle__in=cars).order_by()
        counts = dict(found.values_list("vehicle").annotate(count=Count("pk")))
        for car in cars:
            car.open_findings = counts.get(car.pk, 0)
        self.result_list = cars


SINCE = moment("state_changed_at", _("since"), zone_where_it_stands)
LINKED = moment("linked_at", _("linked"), lambda _vehicle: "UTC")


@admin.register(Vehicle)
@read_only
class VehicleAdmin(Screen):
    list_display = ("__str__", driver, state_badge, open_findings, last_seen, SINCE, "rule", "vendor")
    list_filter = (TroubleFilter, "state", "vendor", "driver__client", "driver__locations__price_area", "linked_at")
    list_select_related = ("driver__account", "view__location")
    search_fields = ("public_id",)
    search_help_text = _("Public id, VIN or its end, name, e-mail, user id, vendor’s id, client or place")
    ordering = ("-pk",)
    paginator = IdsFirst
    actions = ("re_evaluate_selected",)
    change_form_template = "admin/charging/vehicle/change_form.html"
    fields = readonly_fields = shown(
        *("public_id", driver, "vendor", "brand", "model", "year", "display_name", "vin", "vendor_asset_id"),
        *("battery_capacity_kwh", "max_power_kw", "gateway", "is_capable", "other_control", "safety_net_time"),
        *("charger_brand", LINKED),
    )

    def has_re_evaluate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change cars may have them evaluated; nobody changes a car's facts by hand."""
        return request.user.has_perm("charging.change_vehicle")

    @admin.action(description=_("Re-evaluate now"), permissions=["re_evaluate"])
    def re_evaluate_selected(self, request: HttpRequest, queryset: QuerySet[Vehicle]) -> HttpResponse:
        back = request.get_full_path()
        return re_evaluation_page(
            screen=self, request=request, vehicles=queryset, back=back, action="re_evaluate_selected"
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CarList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Vehicle], search_term: str
    ) -> tuple[QuerySet[Vehicle], bool]:
        return found_cars(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.re_evaluate_one)
        own = path("<path:object_id>/re-evaluate/", view, name="charging_vehicle_re_evaluate")
        act = path("<path:object_id>/act/", self.admin_site.admin_view(self.act), name="charging_vehicle_act")
        return [own, act, *case_urls(self), *super().get_urls()]

    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page on which an operator does for the driver what they could do themselves."""
        if not request.user.has_perm("charging.act_for_driver"):
            raise PermissionDenied
        vehicle = self.get_object(request, object_id)
        if vehicle is None:
            raise Http404
        back = reverse("admin:charging_vehicle_change", args=[vehicle.pk])
        return act_page(screen=self, request=request, vehicle=vehicle, back=back)

    def re_evaluate_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page behind the button on the page of a car."""
        if not self.has_re_evaluate_permission(request):
            raise PermissionDenied
        vehicle = self.get_object(request, object_id)
        if vehicle is None:
            raise Http404
        back = reverse("admin:charging_vehicle_change", args=[vehicle.pk])
        return re_evaluation_page(
            screen=self, request=request, vehicles=Vehicle.objects.filter(pk=vehicle.pk), back=back
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_act = request.user.has_perm("charging.act_for_driver")
        may = {"may_re_evaluate": self.has_re_evaluate_permission(request), "may_act": may_act}
        context = {**may, **(extra_context or {})}
        vehicle = self.get_object(request, object_id)
        if vehicle is not None and self.has_view_permission(request, vehicle):
            context |= {"state_badge": state_badge(vehicle)} | case_context(vehicle, request.user)
        return super().change_view(request, object_id, form_url, context)
