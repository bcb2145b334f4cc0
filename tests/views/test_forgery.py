"""A form that another site makes a signed-in visitor send does nothing, whatever its address; and no site frames us."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from charging.models import Driver
from tests.api.callers import every_table, everything_stored
from tests.api.routes import addresses, filled, parameters_of
from tests.factories import make_account, make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db
# They take no cookie of a browser but a token or credentials of their own.
WITHOUT_COOKIES = ("api/", "oauth2/")
WITHOUT_LIVING_THINGS = ("static/",)
PARAMETERS = {name for route in addresses() for name in parameters_of(route)}
UNTOUCHED = {302, 303, 404, 405, 410}
"""What an address that does nothing with a POST answers: sign in first, no such thing, or no such method."""


def forms() -> list[str]:
    return sorted({route for route in addresses() if not route.startswith(WITHOUT_COOKIES + WITHOUT_LIVING_THINGS)})


def ids_of(driver: Driver, route: str) -> dict[str, str]:
    thing = make_location(driver=driver) if "places/" in route else make_parked_car(driver=driver)
    words = dict.fromkeys(PARAMETERS, "x") | dict.fromkeys(("pk", "object_id", "content_type_id"), str(thing.pk))
    return words | {"public_id": str(thing.public_id)}


def forged(route: str, *, browser: Browser, driver: Driver) -> tuple[int, str, bool]:
    """Status and place of a POST without a token, and whether the page of a wrong token answered it."""
    ids = ids_of(driver, route)
    address = filled(route, ids) if "(?P" not in route else "/" + route.partition("(?P")[0] + "x"
    stored = everything_stored(), every_table()
    answer = browser.post(address, {"deadline": "07:00", "minimum": "30", "name": "x"})
    assert (everything_stored(), every_table()) == stored, route
    is_refused = answer.status_code == 403 and b"csrfmiddlewaretoken" in answer.content
    return answer.status_code, answer.headers.get("Location", ""), is_refused


@pytest.mark.parametrize("who", ["driver", "operator"])
def test_a_form_without_the_token_of_the_page_is_refused_everywhere(who: str) -> None:
    driver = make_driver()
    account = driver.account if who == "driver" else make_account(is_staff=True, is_superuser=True)
    assert account is not None
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(account)

    answers = {route: forged(route, browser=browser, driver=driver) for route in forms()}

    open_to_others = {
        route: (status, where)
        for route, (status, where, is_refused) in answers.items()
        if not is_refused and status not in UNTOUCHED
    }
    assert open_to_others == {}
    assert sum(is_refused for _, _, is_refused in answers.values()) >= 60


FORM = {"email": "mallory@example.com", "oldpassword": "their secret", "code": "123456"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example", None])
@pytest.mark.parametrize("route", ["/account/keep/", "/setup/keep/", "/settings/your-data/erase/"])
def test_a_form_of_another_site_is_not_offered_to_be_sent_again(route: str, origin: str | None) -> None:
    browser = Browser(enforce_csrf_checks=True)

    answer = browser.post(route, FORM, headers={} if origin is None else {"origin": origin})

    assert answer.status_code == 403
    assert "mallory" not in answer.text
    assert 'name="email"' not in answer.text


def test_one_of_our_own_is_without_its_secrets() -> None:
    browser = Browser(enforce_csrf_checks=True)

    answer = browser.post("/accounts/password/change/", FORM, headers={"origin": "http://testserver"})

    assert 'value="mallory@example.com"' in answer.text
    assert "their secret" not in answer.text
    assert "123456" not in answer.text


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/setup/start/", "/admin/login/", "/nothing-here/"])
def test_no_other_site_shows_a_page_of_ours_in_a_frame(client: Browser, address: str) -> None:
    answer = client.get(address, follow=True)

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
