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
    processes = ("beat@", "guardian", "listener", "web", "worker@")
    assert [path.stem for path in UNITS] == [*(f"readyby-{process}" for process in processes), "readyby"]


def test_the_one_process_mode_has_a_unit_that_starts_it_again() -> None:
    service = unit(DEPLOY / "readyby.service")

    assert service["ExecStart"].endswith("manage.py quickstart --no-browser")
    assert service["Restart"] == "always"


def test_of_workers_and_beats_there_may_be_several_on_one_machine() -> None:
    worker = unit(DEPLOY / "readyby-worker@.service")

    assert "--hostname worker%i@%%h" in worker["ExecStart"], "two of the same name would take each other's orders"
    assert "%i" in (DEPLOY / "readyby-beat@.service").read_text(encoding="utf-8")


def test_who_waits_for_a_page_comes_before_workers() -> None:
    worker = unit(DEPLOY / "readyby-worker@.service")

    assert int(worker["Nice"]) > 0
    assert int(worker["CPUWeight"]) < 100, "what others have"


def test_there_is_memory_for_what_each_process_takes() -> None:
    """150 MB a process of Python, and 100 MB for each password: every thread of the web may be checking one."""
    units = {path.stem.removeprefix("readyby-"): _megabytes(unit(path)["MemoryMax"]) for path in UNITS}
    services = compose()["services"]
    containers = {name: _megabytes(services[name]["mem_limit"]) for name in ("web", "guardian")}

    assert units["web"] >= 4 * (150 + 4 * 100)
    assert units["guardian"] >= 2 * (150 + 100)
    assert containers == {name: units[name] for name in containers}


def _megabytes(text: str) -> int:
    return int(text[:-1]) * {"M": 1, "G": 1024}[text[-1].upper()]


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
    assert seconds["readyby-worker@"] > 90


def test_the_guardian_is_another_user() -> None:
    users = {path.stem: unit(path)["User"] for path in UNITS}

    assert users.pop("readyby-guardian") not in users.values()


def test_the_guardians_folder_is_its_own_whatever_the_environment_file_says() -> None:
    service = unit(DEPLOY / "readyby-guardian.service")

    assert service["ExecStart"].endswith("manage.py guardian --data-dir /var/lib/readyby-guardian")
    assert service["StateDirectory"] == "readyby-guardian"


def test_a_command_by_hand_is_given_to_the_installation_of_the_units(tmp_path: Path) -> None:
    stub = tmp_path / "systemd-run"
    stub.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    stub.chmod(0o755)

    answer = subprocess.run(
        [DEPLOY / "readyby", "load_prices", "two words.csv"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    given, web = answer.stdout.splitlines(), unit(DEPLOY / "readyby-web.service")
    assert given[-4:] == ["/opt/readyby/.venv/bin/python", "manage.py", "load_prices", "two words.csv"]
    for name in ("User", "WorkingDirectory", "EnvironmentFile", "StateDirectory", "StateDirectoryMode", "UMask"):
        assert f"--property={name}={web[name]}" in given
    assert f"--setenv={web['Environment']}" in given
    assert {"--wait", "--pipe", "--pty"} <= set(given)


def test_a_command_by_hand_may_be_of_the_release_that_comes_next(tmp_path: Path) -> None:
    stub = tmp_path / "systemd-run"
    stub.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    stub.chmod(0o755)

    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "READYBY_HOME": "/opt/next"}
    answer = subprocess.run(
        [DEPLOY / "readyby", "migrate"], env=environment, capture_output=True, text=True, check=True
    )

    assert answer.stdout.splitlines()[-3:] == ["/opt/next/.venv/bin/python", "manage.py", "migrate"]
    assert "--property=WorkingDirectory=/opt/next" in answer.stdout


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


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat", "listener"])
def test_who_was_erased_is_in_a_volume_that_all_processes_share(name: str) -> None:
    document = compose()

    assert document["services"][name]["volumes"] == ["data:/var/lib/readyby"]
    assert document["services"]["guardian"]["volumes"] == ["guardian:/var/lib/readyby"]
    assert {"data", "guardian"} <= document["volumes"].keys()


def test_the_files_of_the_pages_go_with_the_image_and_are_in_no_volume() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert re.findall(r"READYBY_(?:DATA|STATIC)_DIR=(\S+)", image) == ["/var/lib/readyby", "/srv/readyby-static"]


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

    assert len(rules) == 10
    assert {name.removesuffix("_total") for name in asked} <= told
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)


def test_a_guardian_that_is_silent_or_was_never_there_is_told_of() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    (rule,) = [rule for rule in rules if rule["alert"] == "ReadybyGuardianIsSilent"]
    figure = 'readyby_heartbeat_age_seconds{name="guardian"}'

    assert rule["expr"] == f"max({figure}) > 120 or absent({figure})"
    assert rule["labels"]["severity"] == "page"


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
    assert 1 <= int(settings["workers"]) <= 4, "what MemoryMax of the unit has room for"
    assert settings["bind"] == "['127.0.0.1:8000']"


def test_after_a_reload_nothing_of_ours_is_of_the_release_before() -> None:
    script = (
        "import runpy, sys\n"
        f"file = runpy.run_path({str(DEPLOY / 'gunicorn.conf.py')!r})\n"
        "ours = lambda: {name.partition('.')[0] for name in sys.modules} & {'config', 'charging', 'onboarding'}\n"
        "assert ours() == {'config'}, ours()\n"
        "file['post_fork'](None, None)\n"
        "assert ours() == set(), ours()\n"
    )

    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_an_environment_may_be_moved_with_its_release(path: Path) -> None:
    # Programs of an environment name its folder in their first line, its Python does not.
    assert unit(path)["ExecStart"].startswith("/opt/readyby/.venv/bin/python ")
