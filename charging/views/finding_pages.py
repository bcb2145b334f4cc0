"""A finding as a page, the driver's answer to it, and all repair cards of a car where the dashboard has too many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from charging.models import Finding, Vehicle
from charging.models.findings import Answer
from charging.operations import guides
from charging.operations.findings import answer_finding
from charging.views.access import now_of, own_vehicle
from charging.views.answers import SeeOther, back_to_car
from charging.views.card_actions import Action
from charging.views.finding_cards import answers, finding_url, guides_for, needs_the_driver
from charging.views.finding_evidence import evidence_of
from charging.views.finding_standing import standing
from charging.views.finding_values import say, title_of, words_of
from charging.views.repairs import all_repairs
from charging.views.situation import Situation, load_situation


@never_cache
@require_GET
@login_required
def finding(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """What we saw, what it probably is, what to do, and what we do meanwhile."""
    vehicle = own_vehicle(request, public_id)
    found = own_finding(vehicle, pk)
    if found.merged_into is not None:
        return redirect(finding_url(found.merged_into, vehicle))
    return render(request, "charging/finding.html", _context(found, load_situation(vehicle, now_of(vehicle))))


def own_finding(vehicle: Vehicle, pk: int) -> Finding:
    """The car's finding. Raises Http404 for any other."""
    return get_object_or_404(Finding, pk=pk, vehicle=vehicle)


def _context(found: Finding, situation: Situation) -> dict[str, Any]:
    vehicle, words = situation.vehicle, words_of(found)
    return {
        "vehicle": vehicle,
        "finding": found,
        "title": title_of(found),
        "standing": standing(found, situation),
        "saw": say(words.saw, found, situation),
        "means": say(words.means, found, situation),
        "to_do": words.to_do,
        "meanwhile": say(words.meanwhile, found, situation) if needs_the_driver(found) else "",
        "guides": guides_for(vehicle, words),
        "apps": guides.of_kind(guides.Kind.APP) if guides.Kind.APP in words.places else (),
        "evidence": evidence_of(found, situation.now, situation.timezone),
        "actions": _actions(found, vehicle),
    }


def _actions(found: Finding, vehicle: Vehicle) -> tuple[Action, ...]:
    """The two answers, the first one filled; none where it is over."""
    if found.gone_at is not None:
        return ()
    done, on_purpose = answers(found, vehicle)
    return replace(done, is_primary=True), on_purpose


@require_POST
@login_required
def finding_answer(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Takes the driver's answer; anything else than one of the two leads back to the finding."""
    vehicle = own_vehicle(request, public_id)
    found, answer = own_finding(vehicle, pk), request.POST.get("answer", "")
    if answer not in {Answer.SWITCHED_OFF, Answer.ON_PURPOSE}:
        return SeeOther(finding_url(found, vehicle))
    stored = answer_finding(finding=found, answer=answer, now=now_of(vehicle))
    if stored.gone_at is not None:
        return back_to_car(request, vehicle, _("This is over already: there is nothing to switch off any more."))
    if answer == Answer.SWITCHED_OFF:
        return back_to_car(request, vehicle, _("Watching: we will tell you after the next two nights."))
    return back_to_car(request, vehicle, _("Good to know. We ask no more about it."))


@never_cache
@require_GET
@login_required
def repair_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything that the driver can put right, also what found no room on the dashboard."""
    vehicle = own_vehicle(request, public_id)
    cards = all_repairs(load_situation(vehicle, now_of(vehicle)))
    return render(request, "charging/repairs.html", {"vehicle": vehicle, "repairs": cards})
