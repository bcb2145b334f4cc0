"""Webhooks through Enode's own SDK, with a receiver on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from enode import errors
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.api.webhook_events import envelope_of
from charging.models import Client, Webhook
from charging.operations import linking, users, webhook_queue, webhook_sending
from charging.operations.clocks import wall_now
from tests.contracts.cars import make_simulated_car, pass_time
from tests.contracts.connection import connect_http, open_sdk
from tests.contracts.receiver import Receiver, listening
from tests.contracts.signatures import is_standard, signatures_that_hold, with_another_byte
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a secret of at least sixteen bytes"
BAD_VERSIONS: tuple[Any, ...] = ("", "2023-08-01", 1, [])
BAD_HEADERS: tuple[Any, ...] = ("x", [], {}, {"headerName": "A"}, 1)
STATUS_UPDATED = "user:vehicle:smart-charging-status-updated"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.READYBY_WEBHOOK_PRIVATE = True
    with listening() as found:
        yield found


def deliver() -> None:
    """What the periodic job does, without its threads."""
    webhook_queue.spread(envelope_of=envelope_of, at_wall=wall_now())
    webhook_queue.bundle(at_wall=wall_now())
    for webhook_id, _is_failing in webhook_sending.due_webhooks(at_wall=wall_now()):
        webhook_sending.drain(webhook_id=webhook_id)


def test_every_call_of_webhooks(live_server: LiveServer, client: Client, receiver: Receiver) -> None:
    webhooks = open_sdk(live_server, client).webhooks

    made = webhooks.create(
        url=receiver.url,
        secret=SECRET,
        events=[STATUS_UPDATED],
        authentication={"header_name": "X-Key", "header_value": "open sesame"},
    )

    assert (made.url, made.events, made.is_active, made.api_version) == (receiver.url, [STATUS_UPDATED], True, None)
    assert made.last_success == made.created_at
    assert made.authentication.header_name == "X-Key"
    assert webhooks.get(webhook_id=made.id) == made
    assert webhooks.list().data == [made]
    changed = webhooks.update(webhook_id=made.id, events=["*"], api_version="2024-10-01")
    assert (changed.events, changed.api_version, changed.url) == (["*"], "2024-10-01", receiver.url)
    tried = webhooks.test(webhook_id=made.id)
    assert (tried.status, tried.response.code, tried.response.body) == ("SUCCESS", 200, "ok")
    assert receiver.events[0]["event"] == "enode:webhook:test"
    webhooks.delete(webhook_id=made.id)
    for call in (webhooks.get, webhooks.test, webhooks.delete, webhooks.update):
        with pytest.raises(errors.WebhookNotFoundProblemError) as caught:
            call(webhook_id=made.id)
        assert caught.value.status_code == 404


def test_a_webhook_is_its_clients_own(live_server: LiveServer, client: Client, receiver: Receiver) -> None:
    made = open_sdk(live_server, make_client()).webhooks.create(url=receiver.url, secret=SECRET)
    mine = open_sdk(live_server, client).webhooks

    assert mine.list().data == []
    for call in (mine.get, mine.test, mine.delete, mine.update):
        with pytest.raises(errors.WebhookNotFoundProblemError):
            call(webhook_id=made.id)
    assert connect_http(live_server, client).post(f"/webhooks/{made.id}/replay", json={}).status_code == 404


def test_neither_secret_nor_header_is_answered_or_stored_in_plain_text(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    header = {"headerName": "X-Key", "headerValue": "open sesame"}
    body = {"url": receiver.url, "secret": SECRET, "authentication": header}

    answer = connect_http(live_server, client).post("/webhooks", json=body)

    assert SECRET not in answer.text
    assert "sesame" not in answer.text
    stored = str(Webhook.objects.values().get())
    assert SECRET not in stored
    assert "sesame" not in stored


@pytest.mark.parametrize(
    ("change", "path"),
    [
        *(({"url": url}, "url") for url in ("", "x", "ftp://a.example/", "http://a.example/", 1, None, "https://")),
        *(({"url": url}, "url") for url in ("https://127.0.0.1/", "https://u:p@a.example/", "https://a.example:22/")),
        *(({"secret": secret}, "secret") for secret in ("", "x" * 15, "x" * 501, 1, None, "whsec_!!", "whsec_AAAA")),
        *(({"events": events}, "events") for events in ([], None, "*", ["x"], ["system:heartbeat"], [1], ["*"] * 99)),
        *(({"apiVersion": version}, "apiVersion") for version in BAD_VERSIONS),
        *(({"authentication": value}, "authentication") for value in BAD_HEADERS),
        *(
            ({"authentication": {"headerName": name, "headerValue": "x"}}, "authentication")
            for name in ("Host", "a b", "webhook-id", "X-Enode-Signature", "Content-Length", "x" * 101, "é")
        ),
        *(
            ({"authentication": {"headerName": "A", "headerValue": value}}, "authentication")
            for value in ("", "a\nb", "a\r\nX: y", " a", "é", "x" * 1001)
        ),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_bad_webhook_is_the_typed_error_and_not_stored(
    live_server: LiveServer, client: Client, change: dict[str, object], path: str
) -> None:
    http = connect_http(live_server, client)
    good = {"url": "https://app.example/hooks", "secret": SECRET}
    made = http.post("/webhooks", json=good).json()["id"]
    before = list(Webhook.objects.values())

    for answer in (http.post("/webhooks", json=good | change), http.patch(f"/webhooks/{made}", json=change)):
        assert answer.status_code == 400, answer.text
        assert {issue["path"].split(".")[0] for issue in answer.json()["issues"]} == {path}
    assert list(Webhook.objects.values()) == before


def test_a_refused_webhook_is_the_sdks_own_error(live_server: LiveServer, client: Client) -> None:
    with pytest.raises(errors.WebhookNotValidProblemError) as caught:
        open_sdk(live_server, client).webhooks.create(url="http://app.example/", secret=SECRET)

    assert caught.value.status_code == 400


def test_a_story_is_told_in_signed_deliveries(
    live_server: LiveServer, client: Client, receiver: Receiver, tonight: time_machine.Traveller
) -> None:
    enode, http = open_sdk(live_server, client), connect_http(live_server, client)
    enode.webhooks.create(
        url=receiver.url, secret=SECRET, authentication={"header_name": "X-Key", "header_value": "open sesame"}
    )
    car = make_simulated_car(client, now=NOW)
    car_id = str(car.public_id)
    enode.vehicles.control_charging(vehicle_id=car_id, action="STOP")
    pass_time(tonight, until=NOW + timedelta(minutes=3))
    enode.vehicles.update_smart_charging_policy(vehicle_id=car_id, is_enabled=True, deadline="07:00")

    deliver()
    http.delete(f"/vehicles/{car_id}").raise_for_status()
    deliver()

    (discovered,) = receiver.named("user:vehicle:discovered")
    assert (discovered["user"], discovered["version"]) == ({"id": "anna"}, "2024-10-01")
    assert discovered["vehicle"]["id"] == car_id
    updated = receiver.named("user:vehicle:updated")
    assert any("chargeState.isCharging" in one["updatedFields"] for one in updated)
    actions = receiver.named("user:charge-action:updated")
    assert [one["chargeAction"]["state"] for one in actions] == ["PENDING", "CONFIRMED"]
    states = [one["smartChargingStatus"]["state"] for one in receiver.named(STATUS_UPDATED)]
    assert states[0] in {"CONSIDERING", "PLAN:EXECUTING:STOPPED", "PLAN:EXECUTING:STOPPING"}
    (deleted,) = receiver.named("user:vehicle:deleted")
    assert deleted["vehicle"]["id"] == car_id
    for headers, body in receiver.got:
        assert headers["x-key"] == "open sesame"
        assert headers["content-type"] == "application/json"
        assert headers["webhook-id"] == headers["x-enode-delivery"]
        assert signatures_that_hold((headers, body), SECRET) == (True, True)


@pytest.mark.parametrize("secret", [SECRET, "whsec_" + base64.b64encode(SECRET.encode()).decode()])
def test_a_delivery_is_taken_as_it_was_sent_and_with_one_other_byte_it_is_not(
    live_server: LiveServer, client: Client, receiver: Receiver, secret: str
) -> None:
    webhooks = open_sdk(live_server, client).webhooks

    webhooks.test(webhook_id=webhooks.create(url=receiver.url, secret=secret).id)

    (delivery,) = receiver.got
    headers, body = delivery
    assert signatures_that_hold(delivery, secret) == (True, True)
    for position in range(len(body)):
        assert signatures_that_hold(with_another_byte(delivery, position), secret) == (False, False), position
    assert signatures_that_hold(delivery, "another secret of sixteen bytes") == (False, False)
    for name, value in {
        "webhook-id": "another",
        "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1),
    }.items():
        assert not is_standard(({**headers, name: value}, body), secret), name


def test_a_delivery_that_comes_late_is_not_taken_for_a_new_one(
    live_server: LiveServer, client: Client, receiver: Receiver, tonight: time_machine.Traveller
) -> None:
    webhooks = open_sdk(live_server, client).webhooks
    webhooks.test(webhook_id=webhooks.create(url=receiver.url, secret=SECRET).id)
    (delivery,) = receiver.got

    tonight.shift(timedelta(minutes=6))

    assert signatures_that_hold(delivery, SECRET) == (False, True)


def test_only_what_was_subscribed_is_told_and_nothing_of_others(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    open_sdk(live_server, client).webhooks.create(url=receiver.url, secret=SECRET, events=["user:vehicle:discovered"])
    make_simulated_car(client, now=NOW)
    make_simulated_car(make_client(), now=NOW, user_id="stranger")

    deliver()

    assert [(one["event"], one["user"]["id"]) for one in receiver.events] == [("user:vehicle:discovered", "anna")]


def test_of_a_user_without_authorization_only_that_is_told(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    enode = open_sdk(live_server, client)
    enode.webhooks.create(url=receiver.url, secret=SECRET)
    make_simulated_car(client, now=NOW)

    enode.user_management.delete_users_userid_authorization(user_id="anna")
    deliver()

    assert [one["event"] for one in receiver.events] == ["user:credentials:invalidated"]


def test_a_test_that_fails_says_why_and_one_that_succeeds_wakes_the_webhook(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    enode = open_sdk(live_server, client)
    made = enode.webhooks.create(url=receiver.url, secret=SECRET)
    Webhook.objects.update(is_active=False)
    receiver.answer = lambda number: 500 if number == 1 else 204

    failed = enode.webhooks.test(webhook_id=made.id)
    is_active_after_failure = enode.webhooks.get(webhook_id=made.id).is_active
    succeeded = enode.webhooks.test(webhook_id=made.id)

    assert (failed.status, failed.response, is_active_after_failure) == ("FAILURE", None, False)
    assert "500" in failed.description
    assert succeeded.status == "SUCCESS"
    assert enode.webhooks.get(webhook_id=made.id).is_active is True


def test_what_arose_while_inactive_is_replayed(live_server: LiveServer, client: Client, receiver: Receiver) -> None:
    enode, http = open_sdk(live_server, client), connect_http(live_server, client)
    made = enode.webhooks.create(url=receiver.url, secret=SECRET, events=["user:vehicle:discovered"])
    Webhook.objects.update(is_active=False)
    make_simulated_car(client, now=NOW)
    deliver()
    enode.webhooks.test(webhook_id=made.id)

    late = http.post(f"/webhooks/{made.id}/replay", json={"since": "2026-01-01T00:00:00Z"})
    queued = http.post(f"/webhooks/{made.id}/replay", json={"since": "2025-12-09T00:00:00Z"})
    deliver()

    assert (late.json(), queued.json()) == ({"queued": 0}, {"queued": 1})
    assert receiver.named("user:vehicle:discovered")[0]["createdAt"] == "2025-12-09T21:04:00Z"
    for bad in (
        {"since": 1},
        {"since": "x"},
        {"x": 1},
        {"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
    ):
        assert http.post(f"/webhooks/{made.id}/replay", json=bad).status_code == 400


def test_the_body_is_an_array_of_at_most_a_hundred_events(
    live_server: LiveServer, client: Client, receiver: Receiver
) -> None:
    open_sdk(live_server, client).webhooks.create(url=receiver.url, secret=SECRET, events=["user:vehicle:discovered"])
    for number in range(101):
        driver = users.ensure_user(client=client, external_id=f"user-{number}", at_wall=NOW)
        linking.link_car(driver=driver, car=linking.LinkedCar("push", "TESLA", 60.0, 11.0), now=NOW)

    deliver()

    assert [len(json.loads(body)) for _headers, body in receiver.taken] == [100, 1]
