"""Where a request comes from: the one truth for every limit on attempts, whichever library counts them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

ONE_VISITORS_BITS = 64


def client_address(request: HttpRequest) -> str:
    """Returns the visitor's IP address: what the outermost of the proxies that the operator trusts has seen.

    Of IPv6 the first address of its network of 64 bits: that is what one visitor has, with more addresses than could be
    counted one by one.

    Each proxy adds the address that it was called from at the end of X-Forwarded-For; what stands before that is the
    visitor's to invent. Without a trusted proxy, and where fewer have added something, the header counts for nothing.
    """
    caller = _of_one_visitor(str(request.META.get("REMOTE_ADDR", "")))
    count: int = settings.READYBY_TRUSTED_PROXIES
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _of_one_visitor(_address_in(seen[-count])) or caller if 0 < count <= len(seen) else caller


def _address_in(text: str) -> str:
    """The address without spaces; empty for what is none."""
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


def _of_one_visitor(text: str) -> str:
    """The address under which one visitor is counted; a text that is no address as it is."""
    try:
        ip = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((ip, ONE_VISITORS_BITS), strict=False).network_address)


def is_of_this_machine(request: HttpRequest) -> bool:
    """Whether the request was sent on this very machine, and no proxy says that it only passes it on."""
    passed_on = {
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_FORWARDED",
        "HTTP_VIA",
    }
    address = _address_in(str(request.META.get("REMOTE_ADDR", "")))
    return bool(address) and ip_address(address).is_loopback and passed_on.isdisjoint(request.META)
