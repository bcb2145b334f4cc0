"""Nights of the default story, and what the history tells of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client as Browser

from charging.models import ChargingSession, Vehicle
from tests import factories
from tests.factories import NOW
from tests.views.cars import text_of

A_DAY = timedelta(days=1)


def make_night(vehicle: Vehicle, *, days_ago: int = 0, **values: Any) -> ChargingSession:
    """A session that began so many days before the default story's."""
    back = days_ago * A_DAY
    times = {"plugged_in_at": NOW - timedelta(hours=3) - back, "unplugged_at": factories.DEADLINE_AT - back}
    return factories.make_session(vehicle=vehicle, **times | values)


def page_of(client: Browser, period: str = "") -> str:
    answer = client.get("/history/" + (f"?period={period}" if period else ""))
    assert answer.status_code == 200
    return text_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def cells(page: str, row: int = 0) -> list[str]:
    """The texts of one row of the first table's body."""
    body = page[page.index("<tbody") : page.index("</tbody>")]
    found = body.split("<tr role")[1:][row]
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found)]


def totals(page: str) -> list[list[str]]:
    foot = page[page.index("<tfoot") : page.index("</tfoot>")]
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in foot.split("<tr role")[1:]
    ]
