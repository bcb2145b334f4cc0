"""A TCP proxy that misbehaves as a file says: `python -m tests.faults.chaos_proxy PORT TO_PORT FILE`.

The first word of the file is read again for every connection and every piece of data: `pass`, `latency` (0.5 s a
piece), `blackhole` (takes everything, gives nothing), `reset` (hangs up at once, hard), `down` (hangs up politely),
`truncate` (gives half of the first piece, then hangs up).
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from pathlib import Path

MODES = ("pass", "latency", "blackhole", "reset", "down", "truncate")
PIECE = 65536
LATENCY_SECONDS = 0.5
LOOK_EVERY_SECONDS = 0.1


class ChaosProxy:
    """Listens on loopback and passes to loopback."""

    def __init__(self, to_port: int, switch: Path) -> None:
        self.to_port, self.switch = to_port, switch

    @property
    def mode(self) -> str:
        words = self.switch.read_text(encoding="utf-8").split()
        return words[0] if words and words[0] in MODES else "pass"

    async def serve(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", port)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.mode in {"reset", "down"}:
                # What was asked is taken off first: else a polite end would be a reset.
                await reader.read(PIECE)
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
            ways = [self._pass(reader, far_writer), self._pass(far_reader, writer), self._until_cut()]
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            far_writer.close()
        except OSError:
            pass
        finally:
            if self.mode == "reset":
                hang_up_hard(writer)
            writer.close()

    async def _until_cut(self) -> None:
        while self.mode not in {"reset", "down"}:
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(PIECE):
            mode = self.mode
            if mode == "latency":
                await asyncio.sleep(LATENCY_SECONDS)
            while self.mode == "blackhole":
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            writer.write(data[: len(data) // 2] if mode == "truncate" else data)
            await writer.drain()
            if mode == "truncate":
                return


def hang_up_hard(writer: asyncio.StreamWriter) -> None:
    """So that the other side sees a reset and no end."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def main(port: int, to_port: int, switch: Path) -> None:
    server = await ChaosProxy(to_port, switch).serve(port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
