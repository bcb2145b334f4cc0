"""A quote in any parameter of any address breaks no statement of the database."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client as Browser

from charging.api.documentation import openapi_document
from charging.models import Vehicle
from charging.operations.clocks import wall_now
from charging.operations.sweep import beat
from tests.admin.second_factor import sign_in_with_second_factor
from tests.api.callers import make_caller
from tests.api.routes import addresses, cookies_of, parameters_of
from tests.factories import make_parked_car
from tests.house.sources import ROOT

pytestmark = pytest.mark.django_db
QUOTES = ("'", '" OR 1=1 --', "1'; SELECT pg_sleep(9) --")
READ = re.compile(r"""GET(?:\.get|\.getlist)?[(\[]\s*["'](\w+)["']""")
OF_THE_ADMIN = ("q", "o", "p", "e", "all", "_popup", "_to_field", "_changelist_filters", "next")


@pytest.fixture(autouse=True)
def without_logs() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def read_by_pages() -> set[str]:
    """Every parameter that a view of ours reads, and the one that allauth does."""
    sources = [path for package in ("charging", "onboarding") for path in (ROOT / package).rglob("*.py")]
    return {"next"} | {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}


def broken(browser: Browser, address: str, names: set[str]) -> list[tuple[str, str, int]]:
    """The requests with a quote in one parameter, and in all at once, that the server fails at."""
    tried: list[dict[str, Any]] = [{name: QUOTES[0]} for name in names]
    tried += [dict.fromkeys(names, quote) for quote in QUOTES]
    answers = [(address, str(asked), browser.get(address, asked).status_code) for asked in tried]
    return [answer for answer in answers if answer[2] >= 500]


def test_no_page_of_a_driver_fails() -> None:
    car = make_parked_car()
    # A server whose cars are looked at: without that it says of itself that it is not ready.
    beat(name="sweep", at_wall=wall_now())
    browser, names = cookies_of(car.driver.account), read_by_pages()
    pages = [f"/{route}" for route in addresses() if not route.startswith(("admin/", "api/", "static/"))]
    fixed = [page for page in pages if not parameters_of(page) and "(?P" not in page]
    own = [page.replace("<public_id>", str(car.public_id)) for page in pages if parameters_of(page) == {"public_id"}]

    assert len(names) >= 10
    assert len(fixed) + len(own) > 60
    assert [fault for page in (*fixed, *own) for fault in broken(browser, page, names)] == []


def filters_of(screen: Any) -> set[str]:
    names = set()
    for chosen in screen.list_filter:
        name = chosen[0] if isinstance(chosen, tuple) else getattr(chosen, "parameter_name", chosen)
        names |= {name, f"{name}__exact", f"{name}__id__exact", f"{name}__isempty", f"{name}__isnull"}
    date = screen.date_hierarchy
    return names | ({f"{date}__{part}" for part in ("year", "month", "day", "gte")} if date else set())


def test_no_list_of_the_admin_fails(operator: Any) -> None:
    browser = sign_in_with_second_factor(Browser(raise_request_exception=False), operator)
    faults = []

    for model, screen in admin.site._registry.items():
        names = {*OF_THE_ADMIN, *filters_of(screen)}
        faults += broken(browser, f"/admin/{model._meta.app_label}/{model._meta.model_name}/", names)

    assert len(admin.site._registry) > 30
    assert faults == []


def test_no_key_of_a_row_in_the_admin_fails(operator: Any) -> None:
    browser = sign_in_with_second_factor(Browser(raise_request_exception=False), operator)
    screens: list[type[models.Model]] = list(admin.site._registry)
    rows = [f"/admin/{screen._meta.app_label}/{screen._meta.model_name}" for screen in screens]
    keys = ("'", "1'--", "1%27")

    assert [row for row in rows for key in keys if browser.get(f"{row}/{key}/change/").status_code >= 500] == []


def query_parameters(document: dict[str, Any]) -> set[str]:
    """Every name that the document of the API has in a query."""
    shared = document["components"]["parameters"].values()
    own = [one for calls in document["paths"].values() for call in calls.values() for one in call["parameters"]]
    return {one["name"] for one in (*shared, *own) if one.get("in") == "query"}


def test_no_call_of_the_api_fails() -> None:
    car: Vehicle = make_parked_car()
    caller, document = make_caller(car.driver.client), openapi_document()
    names = query_parameters(document)
    ids = {"{vehicleId}": str(car.public_id), "{userId}": car.driver.external_id}
    paths = ["/api" + path for path, calls in document["paths"].items() if "get" in calls]
    for placeholder, value in ids.items():
        paths = [path.replace(placeholder, value) for path in paths]

    assert (len(names) >= 5, len(paths) >= 20) == (True, True)
    assert [fault for path in paths for fault in broken(caller, path, names)] == []
