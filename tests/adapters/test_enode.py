"""The gateway to a car behind Enode's API: the promises of every gateway, kept by a Readyby at the other end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.cache import cache

from tests.adapters.enode_peer import BEFORE, Peer, PeerServer, serve_peer
from tests.adapters.gateway_contract import KEYED_PROMISES, NOW, PROMISES, GatewayFactory, promise_id

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[PeerServer]:
    with serve_peer() as server:
        yield server


@pytest.fixture
def peer(db: None, server: PeerServer) -> Iterator[Peer]:
    with time_machine.travel(NOW - BEFORE, tick=False) as traveller:
        yield Peer(server, traveller)
    cache.clear()


@pytest.mark.parametrize("promise", [*PROMISES, *KEYED_PROMISES], ids=promise_id)
def test_a_readyby_at_the_other_end_keeps_the_promises_of_a_gateway(
    promise: Callable[[GatewayFactory], None], peer: Peer
) -> None:
    promise(lambda: peer.gateway(now=NOW))
