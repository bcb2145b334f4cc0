"""The log says which request and which car a line is about, and holds nobody's secrets, places or addresses."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog
import time_machine
from django.db import OperationalError
from django.test import Client as HttpClient
from django.urls import reverse

from charging.models import Driver, LinkSession, Vehicle
from charging.operations import evaluation, facts, sending, sweep
from charging.operations.clients import create_client
from config.logs import logging_settings
from tests.api.callers import make_caller, send
from tests.api.routes import cookies_of
from tests.factories import NOW, at, make_account, make_command, make_driver, make_due, make_parked_car
from tests.onboarding import walk

pytestmark = pytest.mark.django_db

TOKEN = "canary-token-7f3a9c"
LATITUDE, LONGITUDE = "58.146712", "7.995634"
EMAIL = "canary.person@example.org"
PASSWORD = "a canary's long password"
CANARIES = (TOKEN, LATITUDE, LONGITUDE, EMAIL, PASSWORD)


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


class Log:
    """What was written, as text and as the object of each line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def about(self, event: str) -> dict[str, Any]:
        """The only line of an event."""
        found = [line for line in self.lines if line["event"] == event]
        assert len(found) == 1, self.text
        return found[0]


@pytest.fixture(params=[True], ids=["json"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    """Everything from here on, written as a server writes it."""
    log = Log()
    formatter = logging_settings(level="INFO", is_json=request.param)["formatters"]["lines"]
    handler = logging.StreamHandler(log.stream)
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield log
    root.setLevel(level)
    root.removeHandler(handler)
    structlog.contextvars.clear_contextvars()


def logger() -> Any:
    return structlog.get_logger("tests")


@pytest.mark.parametrize(
    "name",
    [
        *("password", "client_secret", "accessToken", "Authorization", "cookie", "api_key", "apikey", "credentials"),
        *("latitude", "home_longitude", "lat", "lng", "position", "email", "e_mail", "username", "ip_address", "vin"),
    ],
)
def test_what_has_a_private_name_is_left_out_however_deep(name: str, log: Log) -> None:
    logger().info("said", **{name: "canary"}, deep={"one": [{name: "canary"}], "two": ({name: ["canary"]},)})

    line = log.about("said")
    assert "canary" not in log.text
    assert line[name] == "[left out]"
    assert line["deep"] == {"one": [{name: "[left out]"}], "two": [{name: "[left out]"}]}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mail to canary.person@example.org failed", "mail to [left out] failed"),
        ("canary+tag@mail.example.co.uk", "[left out]"),
        ("connected to redis://user:canary@10.0.0.2:6379/7", "connected to redis://[left out]@10.0.0.2:6379/7"),
        ("header Bearer canary-token", "header Bearer [left out]"),
        ("GET /api/x?code=canary&q=canary", "GET /api/x"),
        ("GET /link/canary-token/", "GET /link/[left out]/"),
        ("GET /link/leave/canary/", "GET /link/leave/[left out]/"),
        ("GET /accounts/password/reset/key/3-canary/", "GET /accounts/password/reset/key/[left out]/"),
        ("at 58.1467, 7.9956 now", "at [left out] now"),
        ("Point(-122.4194 37.7749)", "Point([left out])"),
        ("refused\nDETAIL: Failing row (canary)\nnext", "refused\nDETAIL: [left out]\nnext"),
    ],
)
def test_private_texts_are_left_out_wherever_they_stand(text: str, written: str, log: Log) -> None:
    logger().info(text, inner={"list": [text]})
    logging.getLogger("another.library").warning("it says: %s", text)

    ours, theirs = log.lines
    assert (ours["event"], ours["inner"]["list"]) == (written, [written])
    assert theirs["event"] == f"it says: {written}"


def test_what_is_needed_stays(log: Log) -> None:
    number = uuid.UUID("11111111-2222-3333-4444-555555555555")
    logger().info("said", count=3, share=0.12345, has=True, none=None, at=NOW, car=number, reason="ready by 07:00? yes")

    line = log.about("said")
    assert (line["count"], line["share"], line["has"], line["none"]) == (3, 0.12345, True, None)
    assert datetime.fromisoformat(line["at"]) == NOW
    assert (line["car"], line["reason"]) == (str(number), "ready by 07:00? yes")
    assert (line["level"], line["logger"]) == ("info", "tests")


def test_a_traceback_is_text_without_private_values(log: Log) -> None:
    try:
        raise ValueError(f"no such person: {EMAIL}")
    except ValueError:
        logger().exception("failed")
        logging.getLogger("another.library").exception("failed there")

    for event in ("failed", "failed there"):
        line = log.about(event)
        assert "Traceback" in line["exception"]
        assert "no such person: [left out]" in line["exception"]


def test_a_request_that_finds_no_database_is_one_line_without_a_traceback(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("onboarding.start_views.render", fail)

    HttpClient(raise_request_exception=False).get("/")

    failed = log.about("request_failed")
    assert failed["reason"] == "connection refused"
    assert "Traceback" not in log.text


def test_another_fault_keeps_its_traceback(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("wrong")

    monkeypatch.setattr("onboarding.start_views.render", fail)

    HttpClient(raise_request_exception=False).get("/")

    assert "Traceback" in log.about("request_failed")["exception"]


def test_the_lines_of_a_request_share_its_id_and_name_its_car(log: Log) -> None:
    car = make_parked_car()

    make_caller(car.driver.client).get(f"/api/vehicles/{car.public_id}")

    started, finished = log.about("request_started"), log.about("request_finished")
    assert started["request_id"] == finished["request_id"]
    assert finished["vehicle"] == str(car.public_id)


def test_the_lines_of_a_page_name_its_car_and_the_next_request_does_not(log: Log) -> None:
    car = make_parked_car()
    browser = cookies_of(car.driver.account)

    browser.get(f"/car/{car.public_id}/")
    browser.get("/help/")

    first, second = (line for line in log.lines if line["event"] == "request_finished")
    assert first["vehicle"] == str(car.public_id)
    assert "vehicle" not in second


@pytest.fixture
def said_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """An evaluation and a sending that say something of their own."""
    facts_of, call = facts.facts_of, sending._call
    monkeypatch.setattr(evaluation, "facts_of", lambda **v: (logger().info("evaluating"), facts_of(**v))[1])
    monkeypatch.setattr(sending, "_call", lambda *v: (logger().info("sending"), call(*v))[1])


def test_the_lines_of_an_evaluation_and_a_command_name_the_car(log: Log, said_inside: None) -> None:
    car = make_parked_car()
    command = make_command(vehicle=car, status="INTENDED", attempts=0, next_sending_at=NOW)
    make_due(vehicle=car)

    sending.send_open_command(vehicle=car, now=NOW)
    evaluation.evaluate(vehicle=car, now=NOW, trigger="timer")
    logger().info("afterwards")

    assert log.about("sending")["vehicle"] == str(car.public_id)
    assert log.about("sending")["command"] == str(command.public_id)
    assert log.about("evaluating")["vehicle"] == str(car.public_id)
    assert "command" not in log.about("evaluating")
    assert "vehicle" not in log.about("afterwards")


def test_a_car_that_cannot_be_evaluated_is_named_by_its_public_id(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    car = make_parked_car()
    make_due(vehicle=car)

    def fail(**_: object) -> None:
        raise ValueError("bad row")

    monkeypatch.setattr(evaluation, "facts_of", fail)

    sweep.sweep(at_wall=NOW)

    assert log.about("evaluation failed")["vehicle"] == str(car.public_id)


def walk_through_the_wizard(browser: HttpClient) -> None:
    walk.begin(browser)
    walk.answer_until(browser, "places")
    place = {**walk.ANSWERS["places"], "latitude": LATITUDE, "longitude": LONGITUDE}
    assert walk.send(browser, walk.URLS["places"], **place).status_code == 303
    walk.send(browser, walk.URLS["check"])
    browser.get("/setup/places/", {"latitude": LATITUDE, "longitude": LONGITUDE, "q": EMAIL})
    browser.post("/setup/keep/", {"email": EMAIL, "password1": PASSWORD})
    HttpClient().post(reverse("account_login"), {"login": EMAIL, "password": f"{PASSWORD} wrong"})
    HttpClient().post(reverse("account_reset_password"), {"email": EMAIL})
    HttpClient().get(f"/link/{TOKEN}/")
    HttpClient().get(f"/accounts/password/reset/key/1-{TOKEN}/")


def call_the_api() -> None:
    made = create_client(name="Fleet", now=NOW)
    driver = make_driver(client=made.client, account=make_account(email=EMAIL), external_id="one")
    caller = make_caller(driver.client)
    for body in (
        {"name": EMAIL, "latitude": float(LATITUDE), "longitude": float(LONGITUDE)},
        {"name": EMAIL, "latitude": LATITUDE, "longitude": [LONGITUDE], TOKEN: EMAIL},
        f'{{"latitude": {LATITUDE}, broken',
    ):
        answer = send(caller, "POST", "/api/charging-locations?userId=one", body)
        assert answer.status_code in {200, 201, 400}
    send(caller, "POST", "/api/webhooks", {"url": f"https://app.example/?token={TOKEN}", "secret": TOKEN, "events": []})
    HttpClient(headers={"Authorization": f"Bearer {TOKEN}"}).get(f"/api/vehicles?access_token={TOKEN}")
    HttpClient().post(
        "/oauth2/token", {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": TOKEN}
    )


def test_a_run_of_the_wizard_and_the_api_leaves_no_canary_in_the_log(log: Log) -> None:
    walk_through_the_wizard(HttpClient(raise_request_exception=False))
    call_the_api()
    for car in Vehicle.objects.all():
        evaluation.evaluate(vehicle=car, now=at(23, day=9), trigger="timer")
        sending.send_open_command(vehicle=car, now=at(23, day=9))

    assert {canary: log.text.count(canary) for canary in CANARIES} == dict.fromkeys(CANARIES, 0)
    assert len(log.lines) > 50
    assert Driver.objects.count() >= 2
    assert LinkSession.objects.count() == 0


def test_the_canaries_would_be_found(log: Log) -> None:
    logging.getLogger("plain").handlers = [logging.StreamHandler(log.stream)]
    logging.getLogger("plain").warning("%s", CANARIES)
    logging.getLogger("plain").handlers = []

    assert all(canary in log.text for canary in CANARIES if canary != PASSWORD)
