"""What the settings promise: a strict content security policy, and an admin that needs no GDAL."""

import socket

import pytest
from django.test import Client
from oauth2_provider.settings import oauth2_settings


@pytest.mark.django_db
def test_pages_carry_a_policy_without_unsafe_sources(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.django_db
def test_the_admin_opens_where_there_is_no_gdal(admin_client: Client) -> None:
    assert admin_client.get("/admin/", follow=True).status_code == 200


@pytest.mark.django_db
def test_one_bearer_token_lives_an_hour_and_only_client_credentials_are_granted(client: Client) -> None:
    answer = client.post("/oauth2/token", {"grant_type": "password", "username": "alice", "password": "x"})

    assert answer.json() == {"error": "unsupported_grant_type"}
    assert oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS == 3600
    assert oauth2_settings.COMPLIANT_BCP_RFC9700_TOKEN_STORAGE is True


def test_tests_reach_no_other_machine() -> None:
    with pytest.raises(ConnectionRefusedError, match="do not reach the internet"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
