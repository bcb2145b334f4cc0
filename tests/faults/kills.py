"""`python -m tests.faults.kills --kills 200 --seed 1 --cars 500`: processes are killed while cars live (G4).

One car in ten lives a night at sixty times the pace; the others are plugged in and out, told to charge now and to wait
again, over the API. Afterwards everything is given time to settle, and nothing may be lost, doubled or forbidden.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.figures import show
from tests.faults.installation import installation

MOST_SECONDS = 600


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cars", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=280, help="over which the kills are spread")
    asked = parser.parse_args()
    begun = time.monotonic()
    with installation(max_processes=8, max_seconds=MOST_SECONDS) as it:
        from tests.faults import under_kills  # noqa: PLC0415 - only now Django runs

        figures = under_kills.run(
            it, kills=asked.kills, seed=asked.seed, cars=asked.cars, end_at=begun + MOST_SECONDS, seconds=asked.seconds
        )
    return show(figures, seconds=time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
