"""The people: found by e-mail address, user id, car or place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from charging.admin.driver_data import erase_page, export_page
from charging.admin.looking import view_page
from charging.admin.moments import moment, utc_and_local
from charging.admin.read_only import Rows, Screen, read_only, shown
from charging.models import Driver, Location, Vehicle
from charging.operations.clocks import own_now
from charging.views.view_as import MAY_SEE


@admin.display(description=_("e-mail"), ordering="account__email")
def email(driver: Driver) -> str:
    return driver.account.email if driver.account is not None else ""


@admin.display(description=_("own clock"))
def own_clock(driver: Driver) -> str:
    """What the driver's clock shows at this moment, which for simulated cars may be far ahead."""
    return utc_and_local(own_now(driver=driver))


@read_only
class VehicleInline(Rows):
    model = Vehicle
    fields = readonly_fields = shown("display_name", "vendor", "model", "state", "rule")
    show_change_link = True
    extra = 0


@read_only
class LocationInline(Rows):
    model = Location
    fields = readonly_fields = shown("name", "timezone_name", "price_area", "example_area")
    show_change_link = True
    extra = 0


MAY_EXPORT, MAY_ERASE = "charging.change_driver", "charging.delete_driver"
CREATED = moment("created_at", _("created"), lambda _driver: "UTC")


@admin.register(Driver)
@read_only
class DriverAdmin(Screen):
    list_display = ("external_id", email, "client", "is_guest", "clock_speed", CREATED)
    list_filter = ("is_guest", "clock_speed", "client")
    list_select_related = ("client", "account")
    date_hierarchy = "created_at"
    search_fields = (
        "account__email",
        "external_id",
        "vehicles__display_name",
        "vehicles__vin__iendswith",
        "locations__name",
    )
    search_help_text = _("E-mail, user id, car name, end of the VIN or place")
    ordering = ("-pk",)
    fields = readonly_fields = shown(
        *("external_id", "public_id", "client", "account", email, "is_guest", CREATED, "clock_speed", own_clock),
        moment("fast_until", _("fast until"), lambda _driver: "UTC"),
    )
    inlines = (VehicleInline, LocationInline)
    change_form_template = "admin/charging/driver/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        pages = {"export": self.export, "erase": self.erase, "view-as": self.view_as}
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"charging_driver_{name.replace('-', '_')}",
            )
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def export(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page behind the button on the page of a driver."""
        return self._page(request, object_id, MAY_EXPORT, export_page)

    def erase(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page behind the button on the page of a driver."""
        return self._page(request, object_id, MAY_ERASE, erase_page)

    def view_as(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page behind the button on the page of a driver."""
        return self._page(request, object_id, MAY_SEE, view_page)

    def _page(
        self, request: HttpRequest, object_id: str, permission: str, page: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        driver = self.get_object(request, object_id)
        if driver is None:
            raise Http404
        return page(screen=self, request=request, driver=driver)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        permissions = {"may_export": MAY_EXPORT, "may_erase": MAY_ERASE, "may_see": MAY_SEE}
        context: dict[str, Any] = {name: request.user.has_perm(permission) for name, permission in permissions.items()}
        driver = self.get_object(request, object_id)
        if driver is not None:
            context["subtitle"] = driver.called
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
