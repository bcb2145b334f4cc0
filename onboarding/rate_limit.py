"""How often one address may ask for something that costs rows in the database."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charging.operations.attempts import seconds_to_wait
from charging.views.client_address import client_address

HOUR_SECONDS = 3600
MOST_GUESTS = 20
MOST_CONNECTIONS = 30
MOST_SEARCHES = 60
"""A public geocoder is a gift, and asks not to be used up by one server."""


def refused_for_now(request: HttpRequest, *, what: str, most: int) -> HttpResponse | None:
    """Counts this request. Returns the page that says how long to wait after more than `most` within an hour."""
    seconds = seconds_to_wait(name=f"{what}:{client_address(request)}", limit=most, window_seconds=HOUR_SECONDS)
    if seconds is None:
        return None
    answer = render(request, "429.html", {"wait_minutes": math.ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def may_search(request: HttpRequest) -> bool:
    """Counts a search for an address. Returns whether the geocoder may be asked once more within the hour."""
    name = f"search:{client_address(request)}"
    return seconds_to_wait(name=name, limit=MOST_SEARCHES, window_seconds=HOUR_SECONDS) is None
