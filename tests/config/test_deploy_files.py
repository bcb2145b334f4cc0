"""The files of a server installation say what they must. That they run is tried by hand: README, On a server."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from charging.api.metrics import _registry
from charging.operations.figures import load_figures
from tests.factories import NOW
from tests.house.sources import ROOT

DEPLOY = ROOT / "config" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
SECRET = re.compile(r"(?i)(secret_key|password)\s*[:=]\s*[\"']?[^\s{$\"'#]{6,}")


def unit(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(path.read_text(encoding="utf-8"))
    return dict(parser["Service"])


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return document


def test_every_process_of_a_server_has_a_unit() -> None:
    processes = ("beat", "guardian", "listener", "web", "worker")
    assert [path.stem for path in UNITS] == [*(f"readyby-{process}" for process in processes), "readyby"]


def test_the_one_process_mode_has_a_unit_that_starts_it_again() -> None:
    service = unit(DEPLOY / "readyby.service")

    assert service["ExecStart"].endswith("manage.py quickstart --no-browser")
    assert service["Restart"] == "always"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_comes_back_is_bounded_and_may_do_little(path: Path) -> None:
    service = unit(path)

    assert service["EnvironmentFile"] == "/etc/readyby/environment"
    assert service["Restart"] == "always"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["User"] not in {"", "root"}
    assert {"MemoryMax", "TimeoutStopSec", "ExecStart", "StateDirectory", "SystemCallFilter"} <= set(service)
    assert "SECRET" not in path.read_text(encoding="utf-8").upper()


def test_web_and_worker_have_time_to_end_what_runs() -> None:
    seconds = {path.stem: int(unit(path)["TimeoutStopSec"]) for path in UNITS}

    assert seconds["readyby-web"] > 30
    assert seconds["readyby-worker"] > 90


def test_the_guardian_is_another_user() -> None:
    users = {path.stem: unit(path)["User"] for path in UNITS}

    assert users.pop("readyby-guardian") not in users.values()


def test_the_composition_has_every_process_and_asks_the_web_whether_it_is_ready() -> None:
    services = compose()["services"]

    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "beat", "listener", "guardian"}
    assert services["worker"]["deploy"]["replicas"] == 2
    assert "/readyz" in " ".join(services["web"]["healthcheck"]["test"])
    assert services["guardian"]["command"] == ["python", "manage.py", "guardian"]
    assert services["listener"]["command"] == ["python", "manage.py", "listen"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat", "listener", "guardian"])
def test_a_container_of_ours_may_do_little_and_has_its_secrets_from_a_file(name: str) -> None:
    service = compose()["services"][name]

    assert service["env_file"] == "readyby.env"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "environment" not in service


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", *(f"config/deploy/{path.name}" for path in UNITS)])
def test_no_file_holds_a_secret_or_an_address_of_a_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert SECRET.findall(text) == []
    assert "index-url" not in text
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)


def test_the_image_is_no_roots_and_has_no_compiler() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]

    assert stages == ["FROM python:3.13-slim AS installed", "FROM python:3.13-slim"]
    assert "USER readyby" in lines
    assert "--require-hashes --only-binary :all:" in "\n".join(lines)
    assert "apt-get" not in "\n".join(lines)
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", "\n".join(lines), re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split())


@pytest.mark.django_db
def test_every_alert_asks_for_a_figure_that_there_is() -> None:
    told = {metric.name for metric in _registry(load_figures(at_wall=NOW)).collect()}
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]

    asked = {name for rule in rules for name in re.findall(r"readyby_\w+", rule["expr"])}

    assert len(rules) == 7
    assert {name.removesuffix("_total") for name in asked} <= told
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)


def test_gunicorn_takes_its_settings() -> None:
    options = ["--print-config", "-c", str(DEPLOY / "gunicorn.conf.py"), "config.wsgi"]
    environment = {
        "PATH": os.environ["PATH"],
        "READYBY_SECRET_KEY": "x" * 60,
        "READYBY_BROKER_URL": "redis://",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x",
    }

    answer = subprocess.run(
        [sys.executable, "-m", "gunicorn", *options],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    settings = dict(re.findall(r"^(\w+)\s+= (.*)$", answer.stdout, re.MULTILINE))
    assert answer.returncode == 0, answer.stderr
    assert (settings["graceful_timeout"], settings["worker_class"]) == ("30", "gthread")
    assert int(settings["max_requests"]) > int(settings["max_requests_jitter"]) > 0
    assert int(settings["limit_request_line"]) <= 4094
    assert "%(q)s" not in settings["access_log_format"]
    assert "%(r)s" not in settings["access_log_format"]
    assert settings["bind"] == "['127.0.0.1:8000']"
