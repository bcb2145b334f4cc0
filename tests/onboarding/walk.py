"""Walking through the wizard as a person without JavaScript does: read a page, fill in its form, press a button."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

ANSWERS: dict[str, dict[str, str]] = {
    "car": {"car": "simulated", "model": "family", "soc": "38", "limit": "80"},
    "minimum": {"minimum": "20"},
    "other_control": {"other_control": "nothing"},
    "ready_by": {"ready_by": "07:00"},
    "places": {"name": "Home", "latitude": "58.1467", "longitude": "7.9956", "radius": "150"},
}
URLS = {
    "car": "/setup/car/",
    "minimum": "/setup/minimum/",
    "other_control": "/setup/other-control/",
    "ready_by": "/setup/ready-by/",
    "places": "/setup/places/",
    "check": "/setup/check/",
}


class HiddenFields(HTMLParser):
    """Collects the hidden inputs of the forms that carry a request token."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name")
        if tag == "input" and values.get("type") == "hidden" and name and name not in self.fields:
            self.fields[name] = values.get("value") or ""


def hidden_fields(html: str) -> dict[str, str]:
    """Returns the first hidden input of each name."""
    parser = HiddenFields()
    parser.feed(html)
    return {name: value for name, value in parser.fields.items() if name not in {"csrfmiddlewaretoken", "next"}}


def page(client: Client, url: str) -> str:
    """Returns the text of a page that is there."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code, response.headers.get("Location"))
    return response.content.decode()


def send(client: Client, url: str, **values: str) -> Any:
    """Opens a page, fills in its form and sends it; returns the answer without following it."""
    return client.post(url, hidden_fields(page(client, url)) | values)


def begin(client: Client) -> None:
    """Becomes a guest."""
    client.post("/setup/try/")


def answer_until(client: Client, key: str) -> None:
    """Answers all questions before this one."""
    for step, values in ANSWERS.items():
        if step == key:
            return
        response = send(client, URLS[step], **values)
        assert response.status_code == 303, (step, response.content.decode()[:3000])


def h1(html: str) -> str:
    """Returns the words of the only h1."""
    titles = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert len(titles) == 1, titles
    return " ".join(re.sub(r"<[^>]+>", "", titles[0]).split())
