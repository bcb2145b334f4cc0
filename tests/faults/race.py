"""`python -m tests.faults.race --cars 1 --workers 8 --evaluations 50000`: many processes want the same cars (G8).

Each takes cars and looks at them as a sweep does, and as the web does where others have taken all, while drivers charge
now and go back to smart. A car is made due again at once, so that all processes are always after the same few.
It ends after so many evaluations, or after so many seconds, and says how many it came to.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tests.faults.figures import Figures, say, show
from tests.faults.installation import Installation, installation
from tests.faults.processes import Started, wait_for

MOST_SECONDS = 600
JUDGING_TAKES = 200
FAILED = ("evaluation failed", "cars not looked at together", "car not judged")
"""What the product writes when a look at a car failed, and goes on."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=200)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--evaluations", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300, help="after which no more are begun")
    parser.add_argument("--child", action="store_true", help="be one of the processes")
    asked = parser.parse_args()
    if asked.child:
        return be_racer(asked)
    begun = time.monotonic()
    with installation(max_processes=asked.workers + 1, max_seconds=MOST_SECONDS) as it:
        figures = race(it, asked, end_at=begun + MOST_SECONDS)
    return show(figures, seconds=time.monotonic() - begun)


def be_racer(asked: argparse.Namespace) -> int:
    """Races in this process, and says on its last line what it came to."""
    import django  # noqa: PLC0415 - the environment says where

    django.setup()
    from tests.faults import racer  # noqa: PLC0415

    one = racer.run(seconds=asked.seconds, evaluations=asked.evaluations, seed=asked.seed)
    say(json.dumps({"done": one.done, "together": one.together, "acts": one.acts}))
    return 0


def race(it: Installation, asked: argparse.Namespace, *, end_at: float) -> Figures:
    """Shares the evaluations out among the workers. Returns what they did and what became of the rows."""
    from tests.faults import fleet, invariants, racer, record  # noqa: PLC0415 - only now Django runs

    made = fleet.make_fleet(fleet.make_client().client, cars=asked.cars, seed=asked.seed, makers=4)
    record.begin()
    fleet.start_clocks(made)
    before = racer.evaluations()
    begun = time.monotonic()
    running = _start(it, asked, seconds=min(asked.seconds, end_at - begun - JUDGING_TAKES))
    wait_for(lambda: not any(one.is_running() for one in running), seconds=MOST_SECONDS, what="the race ends")
    seconds = time.monotonic() - begun
    done = racer.evaluations() - before
    written = [one.output.read_text(encoding="utf-8") for one in running]
    ends = [json.loads(text.splitlines()[-1]) for text, one in zip(written, running, strict=True) if not _failed(one)]
    found = invariants.breaches(seed=asked.seed)
    return Figures(
        {
            "cars": asked.cars,
            "workers": asked.workers,
            "seed": asked.seed,
            "evaluations": done,
            "of them several cars at once": sum(end["together"] for end in ends),
            "a second": round(done / seconds),
            "acts of drivers": sum(end["acts"] for end in ends),
            "commands intended": racer.commands(),
            "commands that reached a car": len(record.taken()),
        },
        {
            "workers that failed": sum(_failed(one) for one in running),
            "looks that failed": sum(text.count(words) for text in written for words in FAILED),
            "evaluations uncounted": abs(done - sum(end["done"] for end in ends)),
            "duplicates of (car, generation)": racer.duplicates(),
            "deadlocks": racer.deadlocks(),
            "doubled effects": record.doubled(),
            **{f"breach of {name}": count for name, count in found.items()},
        },
    )


def _start(it: Installation, asked: argparse.Namespace, *, seconds: float) -> list[Started]:
    each = ["-m", "tests.faults.race", "--child", "--evaluations", str(asked.evaluations // asked.workers)]
    each += ["--seconds", str(seconds)]
    environment = it.readyby.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    return [
        it.processes.start(
            f"racer{number}",
            [sys.executable, *each, "--seed", str(asked.seed * 100 + number)],
            environment=environment,
        )
        for number in range(asked.workers)
    ]


def _failed(one: Started) -> bool:
    return one.process.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
