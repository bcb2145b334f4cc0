"""Where a token may be sent: to the address that was meant, over a line that nobody reads, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from charging.adapters.outside_address import AddressRefused
from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi, checked_address, is_allowed
from charging.adapters.vehicles.retry_after import retry_after_of
from charging.core.trouble import Trouble
from tests.adapters.home_assistant_server import serve_home_assistant
from tests.feeds.server import Reply

DATE = (b"Date", b"Sun, 01 Mar 2026 18:00:00 GMT")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://home.example ", "https://home.example"),
        ("https://Home.Example:8123/", "https://home.example:8123"),
        ("http://homeassistant.local:8123", "http://homeassistant.local:8123"),
        ("http://192.168.1.5:8123", "http://192.168.1.5:8123"),
        ("http://[fd12::5]:8123/", "http://[fd12::5]:8123"),
    ],
)
def test_an_address_gets_one_form(typed: str, address: str) -> None:
    assert checked_address(typed, allows_local=True) == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", "home.example", "ftp://home.example", "https://", "https://user:secret@home.example", "https://a b"),
        *("https://home.example/lovelace", "https://home.example?x=1", "https://home.example#x", "https://ä.example"),
        *("https://home.example:99999", "https://[::1", "https://" + "a" * 300, "http://169.254.169.254"),
        *("http://8.8.8.8:8123", "http://0.0.0.0:8123", "https://[fe80::1]:8123", "javascript:alert(1)"),
    ],
)
def test_another_form_is_refused(typed: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(typed, allows_local=True)


@pytest.mark.parametrize(
    "typed",
    [
        *("http://home.example", "https://127.0.0.1:8123", "https://192.168.1.5", "https://[::1]:8123"),
        *("https://localhost:8123", "https://homeassistant.local:8123", "https://x.internal", "https://10.0.0.1"),
    ],
)
def test_a_local_address_is_refused_where_the_operator_allows_none(typed: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(typed, allows_local=False)


@pytest.mark.parametrize(
    ("address", "is_encrypted", "allows_local", "expected"),
    [
        ("8.8.8.8", True, False, True),
        ("8.8.8.8", False, True, False),
        ("192.168.1.5", False, True, True),
        ("192.168.1.5", True, False, False),
        ("127.0.0.1", False, True, True),
        ("169.254.169.254", True, True, False),
        ("::ffff:169.254.169.254", True, True, False),
        ("::ffff:192.168.1.5", False, True, True),
        ("100.64.0.1", False, True, True),
        ("fd12::5", False, True, True),
        ("fd00:ec2::254", False, True, False),
        ("fd20:ce::254", False, True, False),
        ("100.100.100.200", False, True, False),
        ("::ffff:100.100.100.200", True, True, False),
        ("198.18.0.1", True, True, False),
        ("2002:a00:1::1", True, True, False),
        ("fe80::1%eth0", True, True, False),
        ("224.0.0.1", True, True, False),
        ("::", True, True, False),
    ],
)
def test_who_may_be_connected_to(address: str, is_encrypted: bool, allows_local: bool, expected: bool) -> None:
    assert is_allowed(address, is_encrypted=is_encrypted, allows_local=allows_local) is expected


@pytest.mark.parametrize(
    ("address", "leads_to", "allows_local"),
    [
        ("https://home.example", ["127.0.0.1"], False),
        ("https://home.example", ["8.8.8.8", "10.0.0.1"], False),
        ("http://home.example", ["8.8.8.8"], True),
        ("https://home.example", ["169.254.169.254"], True),
    ],
)
def test_what_a_name_leads_to_is_checked_when_it_is_connected_to(
    address: str, leads_to: list[str], allows_local: bool
) -> None:
    api = HomeAssistantApi(address, "x", allows_local=allows_local, resolve_name=lambda _host, _port: leads_to)

    with pytest.raises(GatewayError) as raised, api.session() as session:
        session.get("/api/config")

    assert raised.value.kind is Trouble.NOT_ALLOWED


def test_a_name_that_nobody_knows_is_offline() -> None:
    api = HomeAssistantApi("https://home.example", "x", resolve_name=lambda _host, _port: [])

    with pytest.raises(GatewayError) as raised, api.session() as session:
        session.get("/api/config")

    assert raised.value.kind is Trouble.OFFLINE


def test_nobody_is_followed_elsewhere() -> None:
    with serve_home_assistant() as elsewhere, serve_home_assistant() as server:
        server.replies["/api/"] = Reply(b"", 307, {"Location": f"{elsewhere.url}/api/config"})

        with pytest.raises(GatewayError), server.api().session() as session:
            session.get("/api/config")

    assert elsewhere.asked == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serve_home_assistant() as server, server.api().session() as session:
        assert session.get("/api/config").status == 200


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charging.adapters.vehicles.conversation.MOST_BYTES", 1000)
    with serve_home_assistant() as server:
        server.replies["/api/"] = Reply(b'"' + b"x" * 2000 + b'"')

        with pytest.raises(GatewayError, match="too long"), server.api().session() as session:
            session.get("/api/config")


def test_a_token_that_no_header_can_hold_is_no_crash() -> None:
    with serve_home_assistant() as server, pytest.raises(GatewayError), server.api(token="a\nb").session() as session:
        session.get("/api/config")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ([(b"Retry-After", b"120")], timedelta(minutes=2)),
        ([(b"retry-after", b"Sun, 01 Mar 2026 18:03:00 GMT"), DATE], timedelta(minutes=3)),
        ([(b"Retry-After", b"86400")], timedelta(minutes=15)),
        ([(b"Retry-After", b"Sun, 01 Mar 2026 17:00:00 GMT"), DATE], timedelta()),
        ([(b"Retry-After", b"Sun, 01 Mar 2026 18:03:00 GMT")], timedelta(minutes=1)),
        ([(b"Retry-After", b"soon"), DATE], timedelta(minutes=1)),
        ([(b"Retry-After", b"9" * 30)], timedelta(minutes=1)),
        ([], timedelta(minutes=1)),
    ],
)
def test_how_long_a_vendor_wants_to_be_left_alone(headers: list[tuple[bytes, bytes]], wait: timedelta) -> None:
    assert retry_after_of(headers) == wait
