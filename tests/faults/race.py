"""`python -m tests.faults.race --cars 1 --workers 6 --evaluations 3000`: many processes want the same cars (G8).

It ends after so many evaluations, or after so many seconds, and says how many it came to.
Every car is made due again at once when it was looked at, so that all processes are always after the same few.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.figures import Figures, show
from tests.faults.installation import Installation, installation
from tests.faults.processes import Started, wait_for

MOST_SECONDS = 580


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=200)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--evaluations", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=450, help="after which no more are begun")
    parser.add_argument("--child", action="store_true", help="be one of the processes")
    asked = parser.parse_args()
    if asked.child:
        import django  # noqa: PLC0415 - the environment says where

        django.setup()
        from tests.faults import racer  # noqa: PLC0415

        return racer.run(evaluations=asked.evaluations, seconds=asked.seconds)
    begun = time.monotonic()
    with installation(max_processes=asked.workers + 1, max_seconds=MOST_SECONDS) as it:
        figures = race(it, asked)
    return show(figures, seconds=time.monotonic() - begun)


def race(it: Installation, asked: argparse.Namespace) -> Figures:
    """Shares the evaluations out among the workers. Returns what they did and what became of the rows."""
    cars, workers = asked.cars, asked.workers
    from tests.faults import fleet, invariants, racer, record  # noqa: PLC0415 - only now Django runs

    made = fleet.make_fleet(fleet.make_client().client, cars=cars, seed=1, fast_share=1)
    record.begin()
    fleet.start_clocks(made)
    before = racer.evaluations()
    each = ["-m", "tests.faults.race", "--child", "--evaluations", str(asked.evaluations // workers)]
    each += ["--seconds", str(asked.seconds)]
    environment = it.readyby.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    begun = time.monotonic()
    running: list[Started] = [
        it.processes.start(f"racer{number}", [sys.executable, *each], environment=environment)
        for number in range(workers)
    ]
    wait_for(
        lambda: not any(one.is_running() for one in running), seconds=MOST_SECONDS, what="the race ends", every=0.5
    )
    seconds = time.monotonic() - begun
    done = racer.evaluations() - before
    found = invariants.breaches()
    return Figures(
        {"cars": cars, "workers": workers, "evaluations": done, "a second": round(done / seconds)},
        {
            "workers that failed": sum(one.process.returncode != 0 for one in running),
            "duplicates of (car, generation)": racer.duplicates(),
            "deadlocks": racer.deadlocks(),
            "doubled effects": record.doubled(),
            **{f"breach of {name}": count for name, count in found.items()},
        },
    )


if __name__ == "__main__":
    sys.exit(main())
