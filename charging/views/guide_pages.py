"""The guides as pages, for everybody: a list of brands, and a page for each."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from charging.operations import guides
from charging.views.guide_words import KINDS


@require_GET
def guide_list(request: HttpRequest) -> HttpResponse:
    """Every brand that there is a guide for, by kind."""
    groups = [(kind, heading, guides.of_kind(kind)) for kind, heading in KINDS.items()]
    return render(request, "charging/guides.html", {"groups": groups})


@require_GET
def guide(request: HttpRequest, kind: str, brand: str) -> HttpResponse:
    """What to switch off in one brand's car, charger or app. Raises Http404 for one without a guide."""
    found = guides.guide_at(kind, brand)
    if found is None:
        raise Http404
    return render(request, "charging/guide.html", {"guide": found})
