"""The pages around a case: found from one box, read whole, copied as text, asked what if."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from charging.admin.case_file import case_file
from charging.admin.case_text import case_text
from charging.admin.find import found_cars
from charging.admin.judging import MAY_JUDGE, case_judge_links
from charging.admin.read_only import Screen
from charging.admin.what_if import what_if_page
from charging.models import Vehicle

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

LISTS: tuple[tuple[str, Promise], ...] = (
    ("decisionlog", _("Decision log")),
    ("command", _("All commands")),
    ("reading", _("All readings")),
    ("plan", _("All plans")),
    ("finding", _("All findings")),
    ("stateevent", _("All changes of state")),
    ("activity", _("Whole timeline")),
)
"""Screens that list what belongs to a car, by the name of the model."""


def case_context(vehicle: Vehicle, user: User | AnonymousUser) -> dict[str, Any]:
    """Returns what the page of a car shows of its case, with the links that this operator may follow."""
    case = case_file(vehicle)
    pages = [(name, words, f"changelist?car={vehicle.pk}") for name, words in LISTS]
    pages.append(("driver", _("Driver"), str(case.vehicle.driver_id)))
    if hasattr(case.vehicle, "policy"):
        pages.append(("policy", _("Policy"), str(vehicle.pk)))
    links = [(_address(name, where), words) for name, words, where in pages if user.has_perm(f"charging.view_{name}")]
    judged = case_judge_links(vehicle) if user.has_perm(MAY_JUDGE) else []
    return {"case": case, "case_links": links, "judge_links": judged, "case_text": case_text(case)}


def _address(name: str, where: str) -> str:
    """The list of a model with what follows it, or the page of the row with that key."""
    page, _mark, query = where.partition("?")
    if page == "changelist":
        return f"{reverse(f'admin:charging_{name}_changelist')}?{query}"
    return reverse(f"admin:charging_{name}_change", args=[page])


def case_urls(screen: Screen) -> list[URLPattern]:
    """Returns the addresses of these pages, for the screen of cars."""

    @require_safe
    def find(request: HttpRequest) -> HttpResponse:
        return find_page(screen, request)

    @require_safe
    def text(request: HttpRequest, object_id: str) -> HttpResponse:
        plain = case_text(case_file(_car(screen, request, object_id)))
        return HttpResponse(plain, content_type="text/plain; charset=utf-8")

    @require_safe
    def what_if(request: HttpRequest, object_id: str) -> HttpResponse:
        return what_if_page(screen=screen, request=request, vehicle=_car(screen, request, object_id))

    guard = screen.admin_site.admin_view
    return [
        path("find/", guard(find), name="charging_vehicle_find"),
        path("<path:object_id>/text/", guard(text), name="charging_vehicle_text"),
        path("<path:object_id>/what-if/", guard(what_if), name="charging_vehicle_what_if"),
    ]


def find_page(screen: Screen, request: HttpRequest) -> HttpResponse:
    """Leads to the car where there is exactly one that fits, else to the list of those that do."""
    if not screen.has_view_permission(request):
        raise PermissionDenied
    words = request.GET.get("q", "").strip()
    found: list[int] = []
    if words and "\x00" not in words:
        found = list(found_cars(Vehicle.objects.all(), words).order_by().values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return HttpResponseRedirect(reverse("admin:charging_vehicle_change", args=found))
    return HttpResponseRedirect(f"{reverse('admin:charging_vehicle_changelist')}?{urlencode({'q': words})}")


def _car(screen: Screen, request: HttpRequest, object_id: str) -> Vehicle:
    vehicle: Vehicle | None = screen.get_object(request, object_id)
    if not screen.has_view_permission(request, vehicle):
        raise PermissionDenied
    if vehicle is None:
        raise Http404
    return vehicle
