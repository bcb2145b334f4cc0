"""How soon a receiver that answers is told, beside many at which nobody takes a connection.

Report only: events of one client go to one good receiver and to the dead ones, at the pace of the periodic job.
"""

from __future__ import annotations

import argparse
import json
import platform
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from tests.bench.reevaluation import database


@contextmanager
def hanging() -> Iterator[str]:
    """The address of a port whose queue is full: to connect hangs until the caller gives up."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hooks"


def measure(*, dead: int, events: int, beat_seconds: float) -> dict[str, Any]:
    """Tells `events` events, one with each beat, and returns how many seconds the good receiver waited for them."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings
    from django.db import connection  # noqa: PLC0415

    from charging.adapters.sealed import seal  # noqa: PLC0415
    from charging.models import Webhook  # noqa: PLC0415
    from charging.operations.clocks import wall_now  # noqa: PLC0415
    from tests.contracts.receiver import listening  # noqa: PLC0415
    from tests.factories import make_client  # noqa: PLC0415

    settings.READYBY_WEBHOOK_PRIVATE = True
    client = make_client()
    waits: list[float] = []
    with ExitStack() as stack:
        good = stack.enter_context(listening())

        def note(_number: int) -> int:
            now = time.monotonic()
            waits.extend(now - event["told_at"] for event in json.loads(good.got[-1][1]))
            return 200

        good.answer = note
        for url in [*(stack.enter_context(hanging()) for _ in range(dead)), good.url]:
            values = {"url": url, "encrypted_secret": seal("a secret of sixteen bytes"), "events": ["*"]}
            Webhook.objects.create(client=client, created_at=wall_now(), **values)
        tell(client=client, events=events, beat_seconds=beat_seconds)
    setting = {"database": connection.vendor, "dead_receivers": dead, "events": events, "beat_seconds": beat_seconds}
    return setting | figures(waits)


def tell(*, client: Any, events: int, beat_seconds: float) -> None:
    """Makes an event and does what the periodic job does, once with each beat, until all is sent."""
    from charging.models import OutboxMessage  # noqa: PLC0415 - needs the settings
    from charging.operations import webhook_queue, webhook_threads  # noqa: PLC0415
    from charging.operations.clocks import wall_now  # noqa: PLC0415

    begin = time.monotonic()
    for number in range(events):
        payload = {"told_at": time.monotonic()}
        OutboxMessage.objects.create(
            client=client, event="user:vehicle:updated", seq=number, payload=payload, created_at=wall_now()
        )
        time.sleep(max(0.0, begin + (number + 1) * beat_seconds - time.monotonic()))
        webhook_queue.spread(envelope_of=lambda message: dict(message.payload), at_wall=wall_now())
        webhook_queue.bundle(at_wall=wall_now())
        webhook_threads.start_due(at_wall=wall_now())
    while not webhook_threads.is_idle():
        time.sleep(0.1)


def figures(waits: list[float]) -> dict[str, Any]:
    return {
        "received": len(waits),
        "p50_seconds": round(median(waits), 3),
        "p95_seconds": round(quantiles(waits, n=20, method="inclusive")[-1], 3),
        "most_seconds": round(max(waits), 3),
        "python": platform.python_version(),
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dead", type=int, default=50)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--beat", type=float, default=2.0, help="seconds between two runs of the periodic job")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of a list")
    options = parser.parse_args()
    with database():
        result = measure(dead=options.dead, events=options.events, beat_seconds=options.beat)
    lines = [json.dumps(result)] if options.json else [f"{name}: {value}" for name, value in result.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
