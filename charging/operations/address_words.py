"""What is wrong with an address of Home Assistant, said beside the field that it was typed into."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from charging.adapters.outside_address import AddressRefused
from charging.adapters.vehicles.home_assistant_http import checked_address

HOST_ALONE = re.compile(r"[\w.-]+(:\d+)?(/\S*)?", re.ASCII)


def address_fault(text: str) -> str:
    """What to do about an address that cannot be; empty for one that can."""
    return "" if _is_allowed(text) else _sentence(text.strip())


def place_sentence() -> str:
    """What an address is like where this server reaches to."""
    if settings.READYBY_LOCAL_GATEWAYS:
        return _("Enter the address of Home Assistant, like http://homeassistant.local:8123 or https://home.example")
    return _(
        "Enter the address of Home Assistant on the internet, like https://home.example. "
        "This server does not reach into a network at home"
    )


def not_allowed_sentence(address: str) -> str:
    """What to do about an address that has turned out, when it was looked up, to lead where nobody may go."""
    return _unencrypted() if address.startswith("http://") else place_sentence()


def _sentence(text: str) -> str:
    if HOST_ALONE.fullmatch(text):
        return _begins_with()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return place_sentence()
    if not host or parts.scheme not in {"http", "https"}:
        return place_sentence()
    if parts.username is not None or parts.password is not None:
        return _("Leave out the user and the password: the token is all that is needed")
    if parts.path.strip("/") or parts.query or parts.fragment:
        example = f"{parts.scheme}://{parts.netloc}"
        return _("Leave out what follows the host and its port, like %(example)s") % {"example": example}
    return _unencrypted() if parts.scheme == "http" and _is_allowed("https" + text[4:]) else place_sentence()


def _is_allowed(text: str) -> bool:
    try:
        checked_address(text, allows_local=settings.READYBY_LOCAL_GATEWAYS)
    except AddressRefused:
        return False
    return True


def _unencrypted() -> str:
    if settings.READYBY_LOCAL_GATEWAYS:
        return _("Begin with https://. Only on your own network is http:// safe enough for the token")
    return _begins_with()


def _begins_with() -> str:
    if settings.READYBY_LOCAL_GATEWAYS:
        return _("Begin with http:// on your own network, like http://homeassistant.local:8123, else with https://")
    return _("Begin with https://, like https://home.example")
