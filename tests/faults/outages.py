"""`python -m tests.faults.outages --broker redis --times 5 --down 60`: a broker is killed again and again (G6).

Measured is when cars are looked at for the first time after the kill, and for the first time after the return.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.figures import Figures, say, show
from tests.faults.installation import Installation, installation
from tests.faults.servers import NotHereError, Rabbit, Redis, find
from tests.processes import make_free_port

MOST_SECONDS = 600


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", choices=["redis", "rabbitmq"], default="redis")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--down", type=float, default=60, help="seconds")
    asked = parser.parse_args()
    begun = time.monotonic()
    try:
        find(f"{asked.broker}-server")
    except NotHereError as reason:
        say(f"not run: {reason}")
        return 77
    with installation(max_processes=8, max_seconds=MOST_SECONDS) as it:
        figures = suffer(it, broker=asked.broker, times=asked.times, down=asked.down)
    return show(figures, seconds=time.monotonic() - begun)


def suffer(it: Installation, *, broker: str, times: int, down: float) -> Figures:
    """Returns the longest waits in seconds; a wait that is too long is a fault."""
    from tests.faults import invariants, record, watching  # noqa: PLC0415 - only now Django runs

    server: Redis | Rabbit = it.redis
    if broker == "rabbitmq":
        server = Rabbit(it.processes, it.folder / "rabbit", make_free_port())
        it.readyby.broker_url = server.url
    server.start()
    watching.make_busy_fleet(cars=20)
    running = [it.readyby.worker(), it.readyby.beat(), it.readyby.guardian(every=15)]
    watching.next_sweep(watching.START_SECONDS, "at first")
    during, after, by_worker = [], [], []
    for _ in range(times):
        server.kill()
        begun = time.monotonic()
        during.append(watching.next_look(down + 60, "while the broker is down"))
        time.sleep(max(0.0, begun + down - time.monotonic()))
        server.start()
        after.append(watching.next_look(60, "after its return"))
        by_worker.append(watching.next_sweep(120, "after its return"))
    for one in running:
        one.end()
    rows: dict[str, object] = {"broker": broker, "outages": times, "down for (s)": down}
    rows |= {"longest wait during (s)": round(max(during), 1), "longest wait after (s)": round(max(after), 1)}
    rows["longest wait for a whole sweep (s)"] = round(max(by_worker), 1)
    return Figures(
        rows,
        {
            "waits of more than 30 s": sum(wait > watching.FIRST_LOOK_SECONDS for wait in (*during, *after)),
            "doubled effects": record.doubled(),
            **{f"breach of {name}": count for name, count in invariants.breaches().items()},
        },
    )


if __name__ == "__main__":
    sys.exit(main())
