"""Addresses that somebody else has chosen: only public ones are reached, nobody is followed, and it is over soon."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from charging.adapters.outside_address import AddressRefused, check_url, is_public, resolve
from charging.adapters.webhook_http import DeliveryError, post
from tests.contracts.receiver import Receiver, listening

PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *("255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001::1", "64:ff9b:1::7f00:1", "3fff::1"),
    *("192.0.0.8", "192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:192.0.0.192", "fd20:ce::254"),
)
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8")

REFUSED = (
    *("", "x", "//a.example", "a.example/x", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/"),
    *("http://a.example/", "https://", "https:///x", "https://user@a.example/", "https://u:p@a.example/"),
    *("https://a.example:22/", "https://a.example:25/", "https://a.example:6379/", "https://a.example:80/"),
    *("https://a.example:99999/", "https://a.example:x/", "https://a.example/\n", "https://a. example/"),
    *("https://ä.example/", "https://a.example/ä", "https://[::1", "https://localhost/", "https://x.localhost/"),
    *("https://printer.local/", "https://x.internal/", "https://a.example/\x7f", "javascript:alert(1)"),
    *(f"https://[{address}]/" if ":" in address else f"https://{address}/" for address in PRIVATE),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, allows_private=False)


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/x?y=1", "https://a.example:8443/", "https://1.1.1.1/"]
)
def test_a_public_address_is_taken(url: str) -> None:
    assert check_url(url, allows_private=False).hostname


@pytest.mark.parametrize("address", [*PRIVATE[:12], "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_what_a_name_leads_to_is_checked_when_it_is_connected_to(address: str) -> None:
    """Decimal, octal and hexadecimal hosts are names to the URL, and loopback to the resolver."""

    def lead(_host: str, port: int) -> list[str]:
        return [address] if address in PRIVATE else resolve(address, port)

    with pytest.raises((AddressRefused, DeliveryError)):
        post(url="https://app.example/", body=b"[]", headers={}, resolve_name=lead)


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        post(
            url="https://app.example/",
            body=b"[]",
            headers={},
            resolve_name=lambda _host, _port: ["93.184.216.34", "127.0.0.1"],
        )


def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    """What is checked is what is connected to: the second answer, loopback, is never asked for."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    asked: list[str] = []

    def rebind(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    # Tests reach no public address, so the connection to the checked one fails.
    with pytest.raises(DeliveryError):
        post(url="https://app.example/", body=b"[]", headers={}, resolve_name=rebind)

    assert asked == ["app.example"]


def test_a_name_that_nobody_knows_is_no_delivery() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(DeliveryError):
        post(url="https://app.example/", body=b"[]", headers={}, resolve_name=unknown)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def send(receiver: Receiver, **values: Any) -> str:
    answer = post(url=receiver.url, body=b"[1]", headers={"X-Key": "v"}, allows_private=True, **values)
    return f"{answer.status} {answer.body[:40]}"


def test_a_receiver_gets_body_and_headers_as_they_are(receiver: Receiver) -> None:
    assert send(receiver) == "200 ok"

    ((headers, body),) = receiver.got
    assert body == b"[1]"
    assert headers["host"] == receiver.url.split("/")[2]
    assert (headers["content-type"], headers["x-key"]) == ("application/json", "v")


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    with listening() as other:
        receiver.answer = lambda _number: 302
        receiver.headers = {"Location": other.url}

        assert send(receiver).startswith("302")
        assert other.got == []


def test_of_a_long_answer_64_kilobytes_are_read(receiver: Receiver) -> None:
    receiver.reply = b"x" * 10_000_000

    answer = post(url=receiver.url, body=b"[]", headers={}, allows_private=True)

    assert len(answer.body) == 64 * 1024


def test_a_receiver_that_dawdles_is_left(receiver: Receiver) -> None:
    receiver.delay_seconds = 2

    began = time.monotonic()
    with pytest.raises(DeliveryError):
        send(receiver, total=timedelta(seconds=0.3))
    assert time.monotonic() - began < receiver.delay_seconds


def test_nobody_listening_is_no_delivery() -> None:
    with listening() as gone:
        url = gone.url
    with pytest.raises(DeliveryError):
        post(url=url, body=b"[]", headers={}, allows_private=True)
