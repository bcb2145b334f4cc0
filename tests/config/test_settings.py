"""What the settings promise: a strict content security policy, and an admin that needs no GDAL."""

import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.settings import oauth2_settings
from pytest_django import Settings

from config.checks import exchange_rates_are_rates, geocoder_is_known, plan_unit_divides_a_quarter
from config.data_folder import hold_data_folder
from config.secret_key import load_or_create_secret_key
from tests.admin.second_factor import sign_in_with_second_factor


@pytest.mark.django_db
def test_pages_carry_a_policy_without_unsafe_sources(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.django_db
def test_the_admin_opens_where_there_is_no_gdal(client: Client, admin_user: User) -> None:
    assert sign_in_with_second_factor(client, admin_user).get("/admin/").status_code == 200


@pytest.mark.django_db
def test_one_bearer_token_lives_an_hour_and_only_client_credentials_are_granted(client: Client) -> None:
    answer = client.post("/oauth2/token", {"grant_type": "password", "username": "alice", "password": "x"})

    assert answer.json() == {"error": "unsupported_grant_type"}
    assert oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS == 3600
    assert oauth2_settings.COMPLIANT_BCP_RFC9700_TOKEN_STORAGE is True


def test_tests_reach_no_other_machine() -> None:
    with pytest.raises(ConnectionRefusedError, match="do not reach the internet"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize(("minutes", "faults"), [(1, []), (5, []), (0, ["readyby.E003"]), (7, ["readyby.E003"])])
def test_a_unit_that_the_quarters_do_not_fall_on_is_refused_at_the_start(
    settings: Settings, minutes: int, faults: list[str]
) -> None:
    settings.READYBY_PLAN_UNIT_MINUTES = minutes

    assert [found.id for found in plan_unit_divides_a_quarter()] == faults


@pytest.mark.parametrize(
    ("rates", "faults"),
    [
        ({}, []),
        ({"NOK": "11.70", "SEK": "11.1"}, []),
        ({"nok": "11.70"}, ["readyby.E006"]),
        ({"NOK": "0"}, ["readyby.E006"]),
        ({"NOK": "1000"}, ["readyby.E006"]),
        ({"NOK": "NaN"}, ["readyby.E006"]),
    ],
)
def test_an_exchange_rate_that_cannot_be_is_refused_at_the_start(
    settings: Settings, rates: dict[str, str], faults: list[str]
) -> None:
    settings.READYBY_EXCHANGE_RATES = {code: Decimal(rate) for code, rate in rates.items()}

    assert [found.id for found in exchange_rates_are_rates()] == faults


@pytest.mark.parametrize("port", ["0", "-1", "99999"])
def test_a_port_that_cannot_be_is_refused_in_one_sentence(port: str) -> None:
    with pytest.raises(CommandError, match="The port must be from 1 to 65535"):
        call_command("quickstart", f"--port={port}", "--no-browser")


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_data_folder_that_cannot_be_is_refused_in_one_sentence(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured, match=r"The data folder .*file.* cannot be used: "):
        load_or_create_secret_key(tmp_path / "file" / below / "secret_key")
    with pytest.raises(CommandError, match=r"The data folder .*file.* cannot be used: "):
        hold_data_folder(tmp_path / "file" / below)


def test_the_command_line_says_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "manage.py", "check", f"--data-dir={tmp_path / 'file'}"]

    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=settings.BASE_DIR, check=False)

    assert answer.returncode == 1
    assert answer.stderr.startswith("The data folder ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("kind", "faults"), [("", []), ("photon", []), ("nominatim", []), ("google", ["readyby.E004"])]
)
def test_an_unknown_geocoder_is_refused_by_name(settings: Settings, kind: str, faults: list[str]) -> None:
    settings.READYBY_GEOCODER = kind

    assert [found.id for found in geocoder_is_known()] == faults
