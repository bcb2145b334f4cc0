"""Step 1 with a car that is linked by Enode: to its maker's account and back."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charging.models import Connection
from charging.models.connections import ConnectionKind
from charging.operations import clocks, enode_links
from charging.operations.connections import may_connect_issues
from charging.operations.due import look_again
from charging.operations.enode import is_offered
from charging.operations.issues import Refused
from charging.views.answers import SeeOther, back_to_car
from charging.views.link_session import vendor_asked_for
from onboarding.drafts import turn_to
from onboarding.enode_forms import LinkForm
from onboarding.enode_links import LinkState, is_behind, read_state, signed
from onboarding.enode_stops import STOPS
from onboarding.models import OnboardingDraft
from onboarding.rate_limit import MOST_CONNECTIONS, refused_for_now
from onboarding.step_page import Visit, arrive, driver_of, show
from onboarding.steps import CAR, MINIMUM


def enode(request: HttpRequest) -> HttpResponse:
    """What is used and what is not, and the button that leads to the maker's account."""
    # The button leads to another server, which only its own answer names.
    scheme = urlsplit(settings.READYBY_ENODE_URL).scheme or "https"
    return cast(HttpResponse, csp_update({"form-action": [f"{scheme}:"]})(_enode)(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _enode(request: HttpRequest) -> HttpResponse:
    if not is_offered():
        raise Http404
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    if request.method != "POST":
        return _show_start(visit, LinkForm())
    if (refused := refused_for_now(request, what="connect", most=MOST_CONNECTIONS)) is not None:
        return refused
    form = LinkForm(request.POST)
    form.is_valid()
    try:
        return SeeOther(_begun(visit))
    except Refused as refusal:
        form.add_error(None, refusal.issues[0].message)
    return _show_start(visit, form)


def _begun(visit: Visit) -> str:
    """The page at the other end. Raises Refused."""
    now = clocks.wall_now()
    connection = enode_links.connection_for(driver=visit.driver, vehicle=visit.draft.vehicle, at_wall=now)
    state = LinkState(visit.draft.pk, connection.public_id, is_behind(visit.draft, connection), visit.comes_from_check)
    back = visit.request.build_absolute_uri(reverse("setup_enode_back", args=[signed(state)]))
    vendor = vendor_asked_for(visit.request) if visit.draft.vehicle is None else ""
    return enode_links.begin_link(connection=connection, redirect_uri=back, vendor=vendor)


def _show_start(visit: Visit, form: LinkForm) -> HttpResponse:
    own = Connection.objects.filter(driver=visit.driver, kind=ConnectionKind.ENODE, cars__isnull=False)
    return show(
        visit,
        "onboarding/enode.html",
        form,
        back_url=CAR.url,
        why_not=[issue.message for issue in may_connect_issues(visit.driver)],
        is_guest=visit.driver.is_guest,
        connections=own.distinct().order_by("created_at", "pk"),
    )


@never_cache
@require_safe
def back(request: HttpRequest, state: str) -> HttpResponse:
    """Back from the maker's account: with cars, without, or too late. Nothing in the address is believed but who is
    meant: what is linked is asked for.
    """
    visit = arrive(request, CAR)
    if isinstance(visit, HttpResponse):
        return visit
    found = read_state(state)
    draft = _draft_of(visit, found)
    if found is None or draft is None:
        over = stop(visit, "over")
        over.status_code = 410
        return over
    connection = get_object_or_404(Connection, public_id=found.connection_id, driver=visit.driver)
    turn_to(draft=draft, now=visit.now)
    visit = Visit(request, CAR, visit.driver, draft, visit.now)
    if "error" in request.GET:
        return stop(visit, "cancelled")
    is_there = is_behind(draft, connection)
    if is_there and not found.had_car:
        return stop(visit, "other_tab", next_url=MINIMUM.url)
    if is_there and (answer := _linked_again(visit, connection)) is not None:
        return answer
    url = reverse("setup_enode_cars", args=[connection.public_id])
    return SeeOther(f"{url}?return=check" if found.comes_from_check else url)


def _draft_of(visit: Visit, state: LinkState | None) -> OnboardingDraft | None:
    if state is None:
        return None
    own = OnboardingDraft.objects.filter(driver=visit.driver).select_related("driver", "vehicle")
    return own.filter(pk=state.draft_id).first()


def _linked_again(visit: Visit, connection: Connection) -> HttpResponse | None:
    """The way on where the very car is there again as it was; None where something is to be asked or told."""
    vehicle = visit.draft.vehicle
    assert vehicle is not None, "it is behind the connection"
    try:
        account = enode_links.look_behind(connection=connection, at_wall=clocks.wall_now())
    except Refused:
        return None
    known = vehicle.connected.entities.get("vehicle")
    car = next((car for car in account.cars if car.id == known), None)
    if car is None or enode_links.obstacle_of(car=car, account=account, vehicle=vehicle) is not None:
        return None
    look_again(vehicle=vehicle, now=visit.now)
    return back_to_car(visit.request, vehicle, gettext("Connected again. We are asking your car."))


def stop(visit: Visit, kind: str, **context: Any) -> HttpResponse:
    """A page on which it does not go on by itself, by its name."""
    template, url = "onboarding/enode_stop.html", reverse("setup_enode")
    return show(visit, template, None, back_url=url, kind=kind, stop=STOPS[kind], **context)


def connection_asked_for(request: HttpRequest, public_id: UUID) -> Connection:
    """The connection of an address. Raises Http404 for one that is not the visitor's."""
    if not is_offered():
        raise Http404
    return get_object_or_404(Connection, public_id=public_id, driver=driver_of(request), kind=ConnectionKind.ENODE)
