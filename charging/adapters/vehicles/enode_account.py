"""What Enode's API is asked for a driver but for one car: the link, what is behind it, what is in the way, the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from charging.adapters.vehicles.enode import lost_vendors
from charging.adapters.vehicles.enode_car import CONTROL_SCOPE, FoundCar, found_car
from charging.adapters.vehicles.enode_http import EnodeApi, Reply, Session
from charging.adapters.vehicles.enode_values import part_of, text_of
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble

SCOPES = ("vehicle:read:data", "vehicle:read:location", CONTROL_SCOPE)
LANGUAGES = {"nb": "nb-NO", "sv": "sv-SE", "da": "da-DK", "fi": "fi-FI", "de": "de-DE"}
ENGLISH = "en-GB"
MOST_PAGES = 10
LONGEST_LINK = 4000
NUMBERED = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


class NoMoreCars(GatewayError):  # noqa: N818 - nothing went wrong, somebody was told no
    """So many cars are connected as the server allows this installation."""

    def __init__(self) -> None:
        super().__init__("The limit of connected cars is reached.", kind=Trouble.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Intervention:
    """What a driver can do so that something becomes available, as steps in their language."""

    title: str
    steps: tuple[str, ...]
    needs_link: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What is behind a link: the cars, and the makers that do not let the server in any more."""

    cars: tuple[FoundCar, ...] = ()
    lost_vendors: frozenset[str] = frozenset()


def begin_link(api: EnodeApi, *, user_id: str, redirect_uri: str, language: str, vendor: str) -> str:
    """Returns the page on which the driver lets the server in at the car's maker.

    Raises GatewayError; NoMoreCars where no car more may be connected.
    """
    body: dict[str, Any] = {
        "vendorType": "vehicle",
        "scopes": list(SCOPES),
        "language": LANGUAGES.get(language, ENGLISH),
        "redirectUri": redirect_uri,
        **({"vendor": vendor} if vendor else {}),
    }
    with api.session() as session:
        reply = session.ask("POST", f"/users/{quote(user_id, safe='')}/link", body)
    if reply.status == 403:
        raise NoMoreCars
    url = text_of(_content_of(reply), "linkUrl", LONGEST_LINK)
    parts = urlsplit(url)
    if parts.scheme not in {"https", urlsplit(api.address).scheme} or not parts.hostname:
        raise GatewayError("There is no link in the answer.")
    return url


def look_behind(api: EnodeApi, *, user_id: str) -> Account:
    """Returns what is linked. Raises GatewayError. Of a user whom nobody knows there nothing is linked yet."""
    with api.session() as session:
        user = session.get(f"/users/{quote(user_id, safe='')}")
        if user.status == 404:
            return Account()
        return Account(tuple(_cars_of(session, user_id)), lost_vendors(_content_of(user)))


def _cars_of(session: Session, user_id: str) -> Iterable[FoundCar]:
    query: dict[str, str] = {}
    for _page in range(MOST_PAGES):
        content = _content_of(session.get(f"/users/{quote(user_id, safe='')}/vehicles", **query))
        rows = content.get("data")
        if not isinstance(rows, list):
            raise GatewayError("The answer is no list of vehicles.")
        yield from (found_car(row) for row in rows)
        query = {"after": text_of(part_of(content, "pagination"), "after", 1000)}
        if not query["after"]:
            return


def interventions(api: EnodeApi, *, ids: Iterable[str], language: str) -> tuple[Intervention, ...]:
    """Returns what can be done, those that the server still knows. Raises GatewayError."""
    told = LANGUAGES.get(language, ENGLISH)
    with api.session() as session:
        replies = [session.get(f"/interventions/{quote(each, safe='')}", language=told) for each in ids]
    return tuple(_intervention(reply.content) for reply in replies if reply.is_success)


def _intervention(content: Any) -> Intervention:
    resolution = part_of(content, "resolution")
    description = resolution.get("description")
    lines = description.splitlines() if isinstance(description, str) else []
    steps = [NUMBERED.sub("", line).replace("**", "").strip()[:500] for line in lines[:20]]
    return Intervention(
        text_of(resolution, "title"), tuple(filter(None, steps)), text_of(resolution, "action") == "Link"
    )


def switch_off_smart_charging(api: EnodeApi, *, car_id: str) -> None:
    """Takes the server's own smart charging off a car, so that only one decides. Raises GatewayError."""
    with api.session() as session:
        path = f"/vehicles/{quote(car_id, safe='')}/smart-charging-policy"
        before = _content_of(session.get(path))
        body = {"isEnabled": False, "minimumChargeLimit": before.get("minimumChargeLimit") or 0}
        _content_of(session.ask("PUT", path, body))


def forget_user(api: EnodeApi, *, user_id: str) -> None:
    """Takes away the access to the accounts at makers, with what is stored there of the user. Raises GatewayError."""
    with api.session() as session:
        reply = session.ask("DELETE", f"/users/{quote(user_id, safe='')}")
    if not reply.is_success and reply.status != 404:
        raise GatewayError(f"HTTP {reply.status}")


def subscribe(api: EnodeApi, *, url: str, secret: str) -> str:
    """Has what happens sent to an address, signed with the secret; one that was told before is told anew.

    Returns the id of the subscription there. Raises GatewayError.
    """
    body = {"url": url, "secret": secret, "events": ["*"], "apiVersion": "2024-10-01"}
    with api.session() as session:
        rows = _content_of(session.get("/webhooks")).get("data")
        known = (
            [row for row in rows if isinstance(row, dict) and row.get("url") == url] if isinstance(rows, list) else []
        )
        if not known:
            return text_of(_content_of(session.ask("POST", "/webhooks", body)), "id")
        path = f"/webhooks/{quote(text_of(known[0], 'id'), safe='')}"
        return text_of(_content_of(session.ask("PATCH", path, body)), "id")


def _content_of(reply: Reply) -> dict[str, Any]:
    """The object in an answer that is a success. Raises GatewayError for all else."""
    if not reply.is_success or not isinstance(reply.content, dict):
        raise GatewayError(f"HTTP {reply.status}")
    return reply.content
