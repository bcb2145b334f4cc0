"""Linking a car by Enode's API where the other end is a Readyby: the whole way, and back out again."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from charging.adapters.webhook_signatures import signature_headers
from charging.api.vehicle_answers import last_known
from charging.models import Connection, Driver, Farewell, LinkSession, Policy, Vehicle, VehicleView
from charging.operations import charge_actions, farewells, policies, sending, telemetry
from charging.operations.clocks import wall_now
from tests.adapters.enode_peer import Peer, PeerServer, serve_peer
from tests.factories import make_command
from tests.onboarding.enode import CAR, URL, go_on
from tests.onboarding.walk import URLS, h1, page, send


@pytest.fixture(scope="module")
def peer_server(django_db_setup: None) -> Iterator[PeerServer]:
    with serve_peer() as server:
        yield server


@pytest.fixture
def peer(db: None, peer_server: PeerServer, settings: Settings) -> Peer:
    peer = Peer(peer_server)
    peer.set_up(settings)
    return peer


def linked(client: Client, peer: Peer) -> tuple[Any, Vehicle]:
    """The first page after coming back, and the car at the other end."""
    answer = send(client, URL)
    assert answer.headers["Location"].startswith(f"{peer.server.url}/link/"), answer.content.decode()
    session = LinkSession.objects.get()
    theirs = peer.add_car(now=wall_now(), user_id=session.driver.external_id)
    return go_on(client, session.redirect_uri.removeprefix("http://testserver")), theirs


def test_a_car_goes_from_the_link_to_commands_and_back_out(client: Client, alice: Driver, peer: Peer) -> None:
    answer, theirs = linked(client, peer)
    assert h1(answer.content.decode()) == "Is this your car?"
    assert send(client, answer.wsgi_request.path, **CAR).headers["Location"] == URLS["minimum"]
    ours = Vehicle.objects.get(driver=alice)
    assert (ours.vendor_asset_id, ours.vendor) == (str(theirs.public_id), theirs.vendor)
    assert (ours.view.is_charging, ours.view.latitude) == (True, theirs.view.latitude)

    now = wall_now()
    make_command(
        vehicle=ours, kind="STOP", status="INTENDED", attempts=0, next_sending_at=now, created_at=now,
        hold_until=now + timedelta(hours=3), hold_renew_by=now + timedelta(minutes=30),
    )  # fmt: skip
    assert sending.send_open_command(vehicle=ours, now=now)
    peer.set_clock(now + timedelta(minutes=5))
    telemetry.poll(vehicle=ours, now=now + timedelta(minutes=5))

    ours.view.refresh_from_db()
    assert ours.view.is_charging is False
    assert ours.commands.get().vendor_action_state == "CONFIRMED"

    client.post(f"/car/{ours.public_id}/connection/", {"do": "disconnect"})
    charge_actions.advance_actions(at_wall=wall_now())
    assert not Connection.objects.exists()
    assert farewells.send_farewells(at_wall=Farewell.objects.get().next_try_at) == 1
    assert not Driver.objects.filter(client=peer.client).exists()


def test_what_the_other_end_sends_by_itself_is_stored(
    client: Client, alice: Driver, peer: Peer, settings: Settings
) -> None:
    answer, theirs = linked(client, peer)
    send(client, answer.wsgi_request.path, **CAR)
    settings.READYBY_ENODE_WEBHOOK_SECRET = "a secret of 16 bytes"
    now = wall_now()
    VehicleView.objects.filter(vehicle=theirs).update(soc_percent=71, observed_at=now)
    told = last_known(Vehicle.objects.with_everything_shown().get(pk=theirs.pk), now)
    event = {"event": "user:vehicle:updated", "createdAt": now.isoformat(), "user": {"id": told["userId"]}}
    body = json.dumps([event | {"vehicle": told}]).encode()
    headers = signature_headers(
        secret=settings.READYBY_ENODE_WEBHOOK_SECRET, delivery_id="one", timestamp=int(now.timestamp()), body=body
    )

    assert client.post("/webhooks/enode/", body, content_type="application/json", headers=headers).status_code == 204

    assert Vehicle.objects.get(driver=alice).view.soc_percent == 71


def test_smart_charging_of_the_other_end_is_switched_off_with_the_drivers_consent(
    client: Client, alice: Driver, peer: Peer
) -> None:
    answer, theirs = linked(client, peer)
    policies.set_policy(vehicle=theirs, is_enabled=True, deadline=time(7), minimum_charge_limit=20, now=wall_now())
    url = answer.wsgi_request.path
    assert h1(page(client, url)) == "Enode is smart charging this car"

    send(client, url, do="switch_off")

    policy = Policy.objects.get(vehicle=theirs)
    assert (policy.is_enabled, policy.minimum_charge_limit) == (False, 20)
    assert h1(page(client, url)) == "Is this your car?"


def test_access_that_was_given_up_at_the_other_end_has_to_be_given_again(
    client: Client, alice: Driver, peer: Peer
) -> None:
    answer, _theirs = linked(client, peer)
    with peer.api().session() as session:
        user = Driver.objects.get(client=peer.client).external_id
        assert session.ask("DELETE", f"/users/{user}/authorization").status == 204

    text = html.unescape(page(client, answer.wsgi_request.path))

    assert h1(text) == "The maker of your car did not accept the sign-in"
