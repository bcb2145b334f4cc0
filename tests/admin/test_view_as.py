"""Seeing what a driver sees: only looking, with a line on each page, on record, for as long as somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from charging.core.states import State
from charging.models import AuditEvent, Driver, Vehicle
from charging.views import view_as
from charging.views.view_as import FOR_ANYBODY, OWN, VIEWABLE, OnlyLooking, only_reading
from tests import factories
from tests.admin.test_acting import browser_of
from tests.admin.test_screens import INLINE_CODE
from tests.views.cars import begin_story

pytestmark = pytest.mark.django_db

REASON = "They see another price than I"
LINE = "Nothing can be changed."


@pytest.fixture(autouse=True)
def _story_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_story(settings, monkeypatch)


@pytest.fixture
def car() -> Vehicle:
    vehicle = factories.make_parked_car(state=State.STOPPED)
    factories.make_finding(vehicle=vehicle)
    return vehicle


def begin(browser: Browser, driver: Driver, reason: str = REASON) -> Any:
    return browser.post(reverse("admin:charging_driver_view_as", args=[driver.pk]), {"reason": reason})


@pytest.fixture
def looking(browser_of_operator: Browser, car: Vehicle) -> Browser:
    """The browser of an operator who looks at the pages of the car's driver."""
    begin(browser_of_operator, car.driver)
    return browser_of_operator


def every_pattern(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Each address of the resolver as a path with something in its holes, with the URL name behind it."""
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(each, URLResolver):
            yield from every_pattern(each, pattern)
        else:
            assert isinstance(each, URLPattern)
            yield pattern, each.name or ""


HOLES = {
    "<uuid:public_id>": "00000000-0000-4000-8000-000000000000",
    "<int:pk>": "1",
    "<slug:part>": "status",
    "<slug:kind>": "car",
    "<slug:brand>": "tesla",
}
PATTERNS = list(every_pattern(get_resolver()))


def filled(pattern: str, car: Vehicle) -> str:
    known = HOLES | {"<uuid:public_id>": str(car.public_id), "<int:pk>": str(car.findings.get().pk)}
    for hole, value in known.items():
        pattern = pattern.replace(hole, value)
    return "/" + pattern


def test_it_begins_with_a_reason_on_record(browser_of_operator: Browser, operator: User, car: Vehicle) -> None:
    asked = browser_of_operator.get(reverse("admin:charging_driver_view_as", args=[car.driver.pk]))
    empty = begin(browser_of_operator, car.driver, "")
    answer = begin(browser_of_operator, car.driver)

    assert "can change nothing" in asked.text
    assert "Say why" in empty.text
    assert (answer.status_code, answer["Location"]) == (303, "/dashboard/")
    event = AuditEvent.objects.get(kind="VIEW_BEGAN")
    assert (event.account_id, event.about, event.reason) == (operator.pk, car.driver.public_id, REASON)


def page_of(name: str, car: Vehicle) -> str:
    return next(filled(pattern, car) for pattern, each in PATTERNS if each == name)


@pytest.mark.parametrize("name", sorted(VIEWABLE - {"place_tariff"}))
def test_each_page_is_the_drivers_with_the_line_and_nothing_is_written(
    looking: Browser, car: Vehicle, name: str
) -> None:
    answer = looking.get(page_of(name, car), follow=True)

    assert answer.status_code == 200
    assert not INLINE_CODE.search(answer.text)
    if "fragment" not in name:
        assert f"You look at the pages of {car.driver.called} as they do. {LINE}" in answer.text
        assert "no-store" in answer["Cache-Control"]


def test_the_tariff_of_a_place_too(looking: Browser, car: Vehicle) -> None:
    place = car.driver.locations.get()
    assert LINE in looking.get(reverse("place_tariff", args=[place.public_id])).text


def test_the_pages_are_of_that_driver_and_of_nobody_else(looking: Browser, car: Vehicle) -> None:
    stranger = factories.make_parked_car()

    assert looking.get(reverse("car", args=[stranger.public_id])).status_code == 404
    assert looking.get("/")["Location"] == "/dashboard/"


def test_no_address_of_the_whole_site_takes_anything(looking: Browser, car: Vehicle) -> None:
    before = {model: list(model.objects.order_by("pk").values()) for model in (Vehicle, Driver, User)}
    taken = {}
    for pattern, name in PATTERNS:
        if name in OWN or pattern == "admin/logout/":
            continue
        for send in (looking.post, looking.put, looking.patch, looking.delete):
            answer = send(filled(pattern, car))
            if answer.status_code != 403 or "Nothing was changed" not in answer.text:
                taken[pattern] = answer.status_code

    assert len(PATTERNS) > 150
    assert taken == {"livez": 405, "metrics": 405}, "what asks for no session"
    assert {model: list(model.objects.order_by("pk").values()) for model in before} == before


def test_pages_about_passwords_tokens_and_addresses_are_not_shown(looking: Browser, car: Vehicle) -> None:
    shown = set()
    for pattern, name in PATTERNS:
        if name not in VIEWABLE | OWN | FOR_ANYBODY | {"home"} and not pattern.startswith("admin/"):
            answer = looking.get(filled(pattern, car))
            if answer.status_code != 403 or "not shown to anybody but its driver" not in answer.text:
                shown.add(pattern)

    assert shown == {"livez", "metrics"}, "what shows nothing of anybody"
    for name in ("account_change_password", "account_email", "mfa_index", "export", "your_data", "car_connection"):
        assert name not in VIEWABLE


def test_operators_pages_stay_their_own(looking: Browser, operator: User) -> None:
    assert operator.username in looking.get("/admin/").text
    assert looking.get("/service-worker.js").status_code == 200


def test_the_button_ends_it(looking: Browser, car: Vehicle) -> None:
    answer = looking.post("/view-as/end/")

    assert answer["Location"] == reverse("admin:charging_driver_change", args=[car.driver.pk])
    assert AuditEvent.objects.get(kind="VIEW_ENDED").reason == "by the operator"
    assert LINE not in looking.get("/dashboard/", follow=True).text
    assert looking.post("/view-as/end/")["Location"] == "/"
    assert AuditEvent.objects.filter(kind="VIEW_ENDED").count() == 1


@pytest.mark.parametrize("address", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_ends_it(looking: Browser, address: str) -> None:
    looking.post(address)

    assert AuditEvent.objects.get(kind="VIEW_ENDED").reason == "signed out"
    assert looking.get("/dashboard/").status_code == 302


def test_another_driver_ends_the_first(browser_of_operator: Browser, looking: Browser, car: Vehicle) -> None:
    looking.post("/view-as/end/")
    begin(looking, car.driver)
    session = looking.session
    assert session[view_as.KEY]["driver"] == car.driver.pk
    assert begin(looking, factories.make_driver()).status_code == 403


def test_it_ends_after_half_an_hour_in_which_no_page_was_opened(
    looking: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later(minutes: int) -> None:
        monkeypatch.setattr(view_as, "wall_now", lambda: factories.NOW + timedelta(minutes=minutes))

    later(20)
    assert LINE in looking.get("/help/").text
    later(49)
    assert LINE in looking.get("/help/", headers={"HX-Request": "true"}).text
    later(50)
    answer = looking.get("/help/")

    assert answer["Location"] == "/admin/"
    assert AuditEvent.objects.get(kind="VIEW_ENDED").reason == "nothing looked at for half an hour"
    assert "do not look at a driver" in looking.get("/admin/").text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda car, _: User.objects.filter(driver=car.driver).update(is_staff=True), "no such login any more"),
        (lambda car, _: car.driver.account.delete(), "no such login any more"),
        (lambda _, operator: User.objects.filter(pk=operator.pk).update(is_superuser=False), "not allowed any more"),
    ],
    ids=["the driver became staff", "the driver is gone", "the operator lost the permission"],
)
def test_it_ends_where_it_may_be_no_more(looking: Browser, car: Vehicle, operator: User, change: Any, why: str) -> None:
    change(car, operator)

    assert looking.get("/dashboard/")["Location"] == "/admin/"
    assert AuditEvent.objects.get(kind="VIEW_ENDED").reason == why


def test_without_a_second_factor_it_neither_begins_nor_goes_on(looking: Browser, operator: User, car: Vehicle) -> None:
    plain = Browser()
    plain.force_login(operator)
    assert begin(plain, car.driver).status_code == 302
    session = looking.session
    session["account_authentication_methods"] = []
    session.save()

    assert looking.get("/dashboard/")["Location"] == "/admin/"
    assert AuditEvent.objects.filter(kind="VIEW_BEGAN").count() == 1


@pytest.mark.parametrize(("group", "status"), [("Viewer", 403), ("Support", 303), ("Operator", 303)])
def test_each_role_may_what_its_name_says(car: Vehicle, group: str, status: int) -> None:
    browser = browser_of(group)
    address = reverse("admin:charging_driver_view_as", args=[car.driver.pk])

    assert begin(browser, car.driver).status_code == status
    if status == 403:
        assert address not in browser.get(reverse("admin:charging_driver_change", args=[car.driver.pk])).text
        assert not AuditEvent.objects.filter(kind="VIEW_BEGAN").exists()


def test_the_pages_of_driver_and_car_lead_to_it(browser_of_operator: Browser, car: Vehicle) -> None:
    address = reverse("admin:charging_driver_view_as", args=[car.driver.pk])
    for name, pk in (("driver", car.driver.pk), ("vehicle", car.pk)):
        assert address in browser_of_operator.get(reverse(f"admin:charging_{name}_change", args=[pk])).text


@pytest.mark.parametrize("values", [{"is_staff": True}, {"is_active": False}], ids=["staff", "shut"])
def test_some_logins_are_looked_at_by_nobody(
    browser_of_operator: Browser, car: Vehicle, values: dict[str, bool]
) -> None:
    User.objects.filter(driver=car.driver).update(**values)

    answer = begin(browser_of_operator, car.driver)

    assert answer["Location"] == reverse("admin:charging_driver_change", args=[car.driver.pk])
    assert view_as.KEY not in browser_of_operator.session


def test_a_driver_without_a_login_has_no_pages(browser_of_operator: Browser) -> None:
    driver = factories.make_driver(account=None)
    begin(browser_of_operator, driver)
    assert view_as.KEY not in browser_of_operator.session


def test_while_looking_the_database_takes_questions_only(car: Vehicle) -> None:
    with only_reading(), connection.cursor() as cursor:
        assert Vehicle.objects.count() == 1
        for statement in ("UPDATE charging_vehicle SET rule = ''", " delete from charging_vehicle", "WITH a AS (x) y"):
            with pytest.raises(OnlyLooking):
                cursor.execute(statement)


def test_on_sqlite_a_question_within_a_transaction_is_one_too() -> None:
    with only_reading():
        assert connection.execute_wrappers[-1](lambda *asked: asked[0], "BEGIN", None, False, {}) == "BEGIN"


def test_a_place_is_shown_less_exactly_than_to_its_driver(looking: Browser, client: Browser, car: Vehicle) -> None:
    place = car.driver.locations.get()
    place.latitude, place.longitude = 59.91234, 10.75678
    place.save()
    client.force_login(car.driver.account)  # type: ignore[arg-type]

    assert "<dd>59.912, 10.757</dd>" in looking.get("/places/").text
    assert "<dd>59.9123, 10.7568</dd>" in client.get("/places/").text


def test_a_page_that_would_write_is_refused(looking: Browser, car: Vehicle, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE charging_vehicle SET rule = 'written'")

    monkeypatch.setattr("charging.views.settings.render", write)

    assert looking.get("/settings/").status_code == 403
    assert not Vehicle.objects.filter(rule="written").exists()


def test_nobody_else_pays_for_it(client: Browser, car: Vehicle) -> None:
    client.force_login(car.driver.account)  # type: ignore[arg-type]
    assert LINE not in client.get("/dashboard/", follow=True).text
