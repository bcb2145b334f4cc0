"""From a fresh start to a car that charged in the cheapest hours: one real process, one browser, one night at 600x."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.house.sources import ROOT
from tests.processes import START_SECONDS, STOP_SECONDS, answers, make_free_port, output_of, start, wait_until

MOST_ACTIVATIONS = 12
NIGHT_SECONDS = 150
EVENING = "2026-01-13T20:30:00+00:00"
"""When the driver plugs in, whatever the hour of the test: in the cheapest hours of the night there is no plan."""


@dataclass
class Installation:
    """A running Readyby: where it answers, and its data folder."""

    port: int
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rows(self, question: str) -> list[tuple[str, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/readyby.sqlite3?mode=ro", uri=True)) as database:
            return database.execute(question).fetchall()

    def command(self, *words: str) -> str:
        environment = {**os.environ, "READYBY_DATA_DIR": str(self.folder)}
        environment.pop("DATABASE_URL", None)
        finished = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return finished.stdout

    @property
    def operator_password(self) -> str:
        found = re.search(r"operator@localhost  password: (\S+)", output_of(self.folder, self.port))
        assert found is not None
        return found.group(1)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    port, folder = make_free_port(), tmp_path / "data"
    process = start(folder, port, now=EVENING)
    try:
        assert wait_until(lambda: answers(port), seconds=START_SECONDS), output_of(folder, port)
        yield Installation(port, folder)
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0
        assert "Traceback" not in output_of(folder, port)
    finally:
        process.kill()
        process.wait()


def make_page(browser: Browser, *, has_scripts: bool, asked: list[str]) -> Page:
    page = browser.new_context(java_script_enabled=has_scripts, viewport={"width": 360, "height": 800}).new_page()
    page.on("request", lambda request: asked.append(request.url))
    return page


class Driver:
    """Presses what a driver would press, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.activations = 0

    def press(self, name: str) -> None:
        control = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        with self.page.expect_navigation():
            control.first.click()
        self.activations += 1

    def choose(self, label: str) -> None:
        self.page.get_by_label(label).check()
        self.activations += 1

    def go_through_the_wizard(self) -> None:
        self.press("Try it with a simulated car")
        for _ in ("how it works", "car", "minimum charge"):
            self.press("Continue")
        self.choose("nothing else controls charging")
        self.press("Continue")
        self.press("Continue")
        self.press("Use an example place")
        self.press("Continue")
        self.press("Turn on smart charging")
        self.press("See the first plan")


def state_on(page: Page) -> str:
    state = page.locator("[data-state]").first.get_attribute("data-state")
    assert state is not None
    return state


def watch_the_night(page: Page, *, has_scripts: bool) -> list[str]:
    """The states that the dashboard showed, until the plan has ended. Without scripts the driver reloads."""
    seen: list[str] = []
    end = time.monotonic() + NIGHT_SECONDS
    while time.monotonic() < end:
        if not has_scripts:
            page.reload()
        state = state_on(page)
        if not seen or seen[-1] != state:
            seen.append(state)
        if state.startswith("PLAN:ENDED"):
            break
        page.wait_for_timeout(300)
    return seen


def instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_start_page_to_a_car_that_charged_in_the_planned_hours(
    installation: Installation, browser: Browser, has_scripts: bool
) -> None:
    asked: list[str] = []
    page = make_page(browser, has_scripts=has_scripts, asked=asked)
    page.goto(installation.address)
    driver = Driver(page)

    driver.go_through_the_wizard()
    assert driver.activations <= MOST_ACTIVATIONS
    expect(page.locator("figure.plan").first).to_be_visible()
    expect(page.locator("aside.sample")).to_contain_text("simulated")
    page.goto(f"{installation.address}/dashboard/")
    driver.press("Speed ×600")
    seen = watch_the_night(page, has_scripts=has_scripts)

    assert seen[-1] == "PLAN:ENDED:FINISHED"
    assert_that_the_night_went_as_planned(installation)
    assert_that_all_doors_agree(installation, browser)
    assert all(url.startswith(installation.address) for url in asked)


def assert_that_the_night_went_as_planned(installation: Installation) -> None:
    events = [
        (to_state, instant(at))
        for to_state, at in installation.rows("SELECT to_state, at FROM charging_stateevent ORDER BY seq")
    ]
    windows = [
        (instant(start), instant(end))
        for start, end in installation.rows('SELECT start, "end" FROM charging_planwindow ORDER BY start')
    ]
    [(ended_at, deadline_at, final_state)] = installation.rows(
        "SELECT ended_at, deadline_at, final_state FROM charging_plan"
    )
    starts = [at for state, at in events if state == "PLAN:EXECUTING:STARTED"]
    assert "PLAN:EXECUTING:STOPPED" in [state for state, _ in events]
    assert starts
    assert all(any(start <= at <= end + timedelta(minutes=5) for start, end in windows) for at in starts)
    assert final_state == "PLAN:ENDED:FINISHED"
    assert instant(ended_at) <= instant(deadline_at)
    assert ("STOP",) in installation.rows("SELECT kind FROM charging_command WHERE status = 'CONFIRMED'")


def assert_that_all_doors_agree(installation: Installation, browser: Browser) -> None:
    [(vehicle_id, state)] = installation.rows("SELECT public_id, state FROM charging_vehicle")
    credentials = json.loads(installation.command("create_client", "journey", "--json", "--built-in"))
    with httpx.Client(base_url=installation.address) as client:
        token = client.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(credentials["client_id"], credentials["client_secret"]),
        ).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        [vehicle] = client.get("/api/vehicles").json()["data"]
        status = client.get(f"/api/vehicles/{vehicle['id']}/smart-charging-status").json()
    assert vehicle["id"].replace("-", "") == vehicle_id
    assert status["state"] == state == "PLAN:ENDED:FINISHED"
    assert status["plan"]["finalState"] == state
    assert len(status["plan"]["windows"]) == len(installation.rows("SELECT 1 FROM charging_planwindow"))

    page = browser.new_page()
    page.goto(f"{installation.address}/admin/charging/vehicle/")
    page.get_by_label(re.compile("e-?mail|username", re.IGNORECASE)).first.fill("operator@localhost")
    page.get_by_label(re.compile("password", re.IGNORECASE)).first.fill(installation.operator_password)
    page.get_by_role("button", name=re.compile("sign in|log in", re.IGNORECASE)).first.click()
    expect(page.locator("#result_list")).to_contain_text(state)
