"""Every address that Readyby answers, as the URL resolver has it, and the requests that are tried on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.test import Client as HttpClient
from django.urls import URLResolver, get_resolver

READING = ("GET", "HEAD", "OPTIONS", "DELETE")
WRITING = ("POST", "PUT", "PATCH")
METHODS = READING + WRITING
BODIES: tuple[Any, ...] = ({}, {"name": "x"}, {"action": "START"}, [])
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route from the root on, with its parameters as `<name>`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + PARAMETER.sub(r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        else:
            yield route


def parameters_of(route: str) -> set[str]:
    return set(PARAMETER.findall(route))


def filled(route: str, ids: dict[str, str]) -> str:
    """The address with these ids in place of its parameters."""
    return "/" + PARAMETER.sub(lambda found: ids[found[1]], route)


def tries(route: str, bodies: tuple[Any, ...] = BODIES) -> Iterator[tuple[str, str, Any]]:
    """Every method, those that write with every body."""
    for method in METHODS:
        for body in bodies if method in WRITING else ({},):
            yield method, route, body


def cookies_of(account: Any) -> HttpClient:
    """A browser in which the account is logged in."""
    browser = HttpClient(raise_request_exception=False)
    browser.force_login(account)
    return browser
