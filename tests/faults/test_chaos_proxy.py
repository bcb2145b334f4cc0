"""The proxy that misbehaves, and a gateway behind it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import NOW
from tests.adapters.home_assistant_server import ENTITIES, FakeHomeAssistant
from tests.faults.chaos_proxy import ChaosProxy

PATIENCE_SECONDS = 1.0


class Proxied:
    """A proxy in a thread, in front of a port; `mode` is written into its file."""

    def __init__(self, to_port: int, switch: Path) -> None:
        self.switch = switch
        self.mode = "pass"
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(ChaosProxy(to_port, switch).serve(0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def mode(self) -> str:
        return self.switch.read_text(encoding="utf-8")

    @mode.setter
    def mode(self, mode: str) -> None:
        self.switch.write_text(mode, encoding="utf-8")

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def far() -> Iterator[FakeHomeAssistant]:
    server = FakeHomeAssistant()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxied(far: FakeHomeAssistant, tmp_path: Path) -> Iterator[Proxied]:
    proxy = Proxied(far.server_port, tmp_path / "switch")
    yield proxy
    proxy.stop()


async def ask(port: int) -> bytes:
    """What comes back for a plain request, until the other side hangs up or the patience is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/ HTTP/1.0\r\n\r\n")
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
    except ConnectionResetError:
        return b"reset"
    finally:
        writer.close()


def test_it_misbehaves_as_told(proxied: Proxied) -> None:
    whole = asyncio.run(ask(proxied.port))
    assert whole.startswith(b"HTTP/1.")

    proxied.mode = "truncate"
    cut = asyncio.run(ask(proxied.port))
    proxied.mode = "down"
    nothing = asyncio.run(ask(proxied.port))
    proxied.mode = "reset"
    assert asyncio.run(ask(proxied.port)) == b"reset"
    proxied.mode = "blackhole"
    with pytest.raises(TimeoutError):
        asyncio.run(ask(proxied.port))
    proxied.mode = "pass"

    assert len(cut) < len(whole)
    assert nothing == b""
    assert asyncio.run(ask(proxied.port)).startswith(b"HTTP/1.")


@pytest.mark.parametrize("mode", ["reset", "down", "truncate", "blackhole"])
def test_a_gateway_behind_it_says_that_there_was_no_answer(mode: str, far: FakeHomeAssistant, proxied: Proxied) -> None:
    patience = timedelta(seconds=PATIENCE_SECONDS)
    api = far.api(address=f"http://127.0.0.1:{proxied.port}", within=patience)
    gateway = HomeAssistantGateway(api, ENTITIES)
    assert gateway.read(now=NOW) is not None
    proxied.mode = mode

    with pytest.raises(GatewayError) as error:
        gateway.read(now=NOW)
    proxied.mode = "pass"

    assert error.value.kind in {Trouble.NO_ANSWER, Trouble.OFFLINE}
    assert gateway.read(now=NOW) is not None
