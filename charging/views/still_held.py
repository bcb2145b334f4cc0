"""Asking once more, where the access to a car that stands still because of us is to end and it cannot be started."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charging.operations.letting_go import StillHeld

ASKED_AGAIN = ("do", "is_sure")
"""What the form that was sent had asked for, and is sent again."""


def insists(request: HttpRequest) -> bool:
    """Whether the driver was told that the car stands still, and wants it all the same."""
    return request.POST.get("insists") == "yes"


def ask_again(request: HttpRequest, still_held: StillHeld, anyway: str, keep_url: str) -> HttpResponse:
    """The page that says which cars stand still, with a button to try again and one, `anyway`, to go on all the same.

    Who does neither is led to `keep_url`. Both buttons send what was sent just now.
    """
    context = {
        "cars": still_held.vehicles,
        "asked": [(name, request.POST[name]) for name in ASKED_AGAIN if name in request.POST],
        "anyway": anyway,
        "keep_url": keep_url,
    }
    return render(request, "charging/still_held.html", context, status=409)
