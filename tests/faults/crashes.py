"""`python -m tests.faults.crashes --times 5`: PostgreSQL is killed under load again and again (G7).

Drivers go on calling meanwhile, and a client of the database writes one number after the other.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.figures import Figures, show
from tests.faults.installation import Installation, installation

MOST_SECONDS = 600
DOWN_SECONDS = 3
BACK_SECONDS = 15
LOAD_SECONDS = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--cars", type=int, default=50)
    asked = parser.parse_args()
    begun = time.monotonic()
    with installation(max_processes=8, max_seconds=MOST_SECONDS) as it:
        figures = suffer(it, times=asked.times, cars=asked.cars)
    return show(figures, seconds=time.monotonic() - begun)


def suffer(it: Installation, *, times: int, cars: int) -> Figures:
    """Kills the database so many times. Returns how soon it was back, and what was lost."""
    from tests.faults import fleet, invariants, record, watching  # noqa: PLC0415 - only now Django runs
    from tests.faults.committing import Writer  # noqa: PLC0415
    from tests.faults.driving import Drivers, make_token  # noqa: PLC0415

    it.redis.start()
    credentials = fleet.make_client()
    made = fleet.make_fleet(credentials.client, cars=cars, seed=1, fast_share=0.2, makers=4)
    record.begin()
    running = [it.readyby.web(), it.readyby.worker(), it.readyby.beat(), it.readyby.guardian(every=15)]
    watching.answers(it, "/livez", watching.START_SECONDS, 200)
    it.readyby.token = make_token(it.readyby, credentials)
    fleet.start_clocks(made)
    drivers = Drivers(it.readyby, it.readyby.token, [car for car in made if car.driver.clock_speed == 1], seed=1)
    writer = Writer(it.postgres.url)
    drivers.start()
    writer.start()
    back, looked = _crash(it, times)
    drivers.stop()
    writer.stop()
    for one in running:
        one.end()
    answers = drivers.answers
    rows: dict[str, object] = {"crashes": times, "cars": cars, "web answers again after (s)": round(max(back), 1)}
    rows |= {"cars are looked at again after (s)": round(max(looked), 1), "rows written by a client": writer.written}
    rows["answers by status, 0 for none"] = ", ".join(f"{status}: {n}" for status, n in sorted(answers.items()))
    return Figures(
        rows,
        {
            "not back within 15 s": sum(seconds > BACK_SECONDS for seconds in back),
            "committed rows lost": writer.lost(),
            "lost: what drivers did": drivers.lost(),
            "answers of 5xx but 503": sum(n for status, n in answers.items() if status >= 500 and status != 503),
            "commands without a row": record.unknown(),
            "doubled effects": record.doubled(),
            **{f"breach of {name}": count for name, count in invariants.breaches().items()},
        },
    )


def _crash(it: Installation, times: int) -> tuple[list[float], list[float]]:
    """Kills and starts it so many times. Returns when the web answered, and cars were looked at, after each return."""
    from tests.faults import watching  # noqa: PLC0415

    back, looked = [], []
    for _ in range(times):
        time.sleep(LOAD_SECONDS)
        watching.forget_connection()
        it.postgres.kill()
        time.sleep(DOWN_SECONDS)
        begun = time.monotonic()
        it.postgres.start()
        watching.answers(it, "/api/vehicles", 60, 200)
        back.append(time.monotonic() - begun)
        looked.append(watching.next_look(60, "after the crash"))
    return back, looked


if __name__ == "__main__":
    sys.exit(main())
