"""Whatever a link or a form names as the page to come back to, nobody is sent to another site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client as Browser

from tests.factories import make_account, make_parked_car

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence for a test"
FOREIGN = [
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
    ),
    *(
        "https:evil.example",
        "https:/evil.example",
        "https:///evil.example",
        "http:\\\\evil.example",
        "HTTPS://evil.example",
    ),
    *("https://testserver@evil.example", "https://testserver.evil.example", "//testserver:80@evil.example/"),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://testserver/",
        "mailto:a@b.c",
    ),
    *(
        "\x00//evil.example",
        "\t//evil.example",
        " //evil.example",
        "\n//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
    ),
    *(
        "http://[::1",
        "//[evil.example",
        "https://evil.example\x00.testserver",
        "//evil\u3002example",
        "/%0d%0aX-Evil: 1",
    ),
]


def goes_outside(where: str) -> bool:
    """Whether a browser would leave this server: it takes a backslash for a slash and drops control characters."""
    seen = where.translate(dict.fromkeys(range(33))).replace("\\", "/")
    parts = urlsplit(seen) if "[" not in seen else None
    return parts is None or bool(parts.scheme) or seen.startswith("//")


def test_the_judge_knows_a_foreign_address_from_our_own() -> None:
    assert [goes_outside(where) for where in ("/", "/prices/?day=1#top", "//a.b", "/\\a.b", "https:a.b")] == [
        *(False, False, True, True, True)
    ]


def told_to_leave(ask: Callable[[str], Any]) -> dict[str, str]:
    """The addresses with which an answer leads outside, and where to; no answer is a fault."""
    led = {}
    for where in FOREIGN:
        answer = ask(where)
        assert answer.status_code in {200, 302, 303, 403}, where
        if goes_outside(answer.headers.get("Location", "/")):
            led[where] = answer["Location"]
    return led


def test_signing_in_leads_to_our_own_pages_only() -> None:
    account = make_account(password=PASSWORD)
    # Each from a home of its own: so many from one would have to wait.
    homes = (f"198.51.100.{number}" for number in range(1, 200))

    def sign_in(where: str) -> Any:
        form = {"login": account.email, "password": PASSWORD, "next": where}
        answer = Browser(REMOTE_ADDR=next(homes)).post("/accounts/login/", form)
        assert answer.status_code == 302, where
        return answer

    assert told_to_leave(sign_in) == {}


@pytest.mark.parametrize("door", ["/accounts/login/", "/admin/login/", "/accounts/logout/", "/accounts/signup/"])
def test_who_is_signed_in_already_stays_here(client: Browser, door: str) -> None:
    client.force_login(make_account())

    assert told_to_leave(lambda where: client.get(door, {"next": where})) == {}


@pytest.mark.parametrize("door", ["/language/", "/theme/"])
@pytest.mark.parametrize("address", ["//[", "http://[::1", "https://[x]/"])
def test_what_is_no_address_at_all_leads_to_the_start(client: Browser, door: str, address: str) -> None:
    answer = client.post(f"{door}?next={quote(address)}", {"language": "en", "theme": "dark", "name": "typed"})

    assert (answer.status_code, answer.headers["Location"]) in {(302, "/"), (303, "/")}


@pytest.mark.parametrize("door", ["/language/", "/theme/", "check-now/"])
def test_small_forms_come_back_to_our_own_pages_only(client: Browser, door: str) -> None:
    car = make_parked_car()
    assert car.driver.account is not None
    client.force_login(car.driver.account)
    address = f"/car/{car.public_id}/{door}" if door == "check-now/" else door

    assert told_to_leave(lambda where: client.post(address, {"language": "de", "theme": "dark", "next": where})) == {}
