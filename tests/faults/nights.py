"""`python -m tests.faults.nights --nights 5000 --seed 1`: random nights, and whatever is away in them (G3).

In two nights of three something is away for a drawn while: the price feed, the car's service, all workers, the broker.
A car that would have been full had it charged from the start must be full at its deadline, whatever was away. What the
other third costs is compared with the cheapest there was. Everything is in memory: the guardian and the database are no
part of it, `make faults` kills those.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.faults.figures import Figures, show
from tests.house.sources import ROOT

if TYPE_CHECKING:
    from tests.faults.lived_night import Lived

PRICES = ROOT / "charging" / "data" / "sample_prices.csv.gz"
MOST_RATIO = 1.03


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600, help="after which no night is begun")
    parser.add_argument("--prices", type=Path, default=PRICES)
    asked = parser.parse_args()
    begun = time.monotonic()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from charging.adapters.prices.areas import areas  # noqa: PLC0415 - only now Django runs
    from charging.operations.backtest_files import read_prices  # noqa: PLC0415
    from tests.faults.lived_night import live  # noqa: PLC0415

    histories = {code: one for code, one in read_prices(asked.prices).items() if code in areas()}
    nights: list[Lived] = []
    while len(nights) < asked.nights and time.monotonic() - begun < asked.seconds:
        nights.append(live(len(nights), histories, asked.seed))
    return show(figures(nights, asked.seed), seconds=time.monotonic() - begun)


def figures(nights: list[Lived], seed: int) -> Figures:
    late = [one for one in nights if one.could_be_ready and not one.is_ready]
    quiet = [one for one in nights if not one.is_faulty and one.could_be_ready]
    ratio = sum(one.cost for one in quiet) / max(sum(one.optimum for one in quiet), 1e-9)
    kinds = Counter("with faults" if one.is_faulty else "without" for one in nights)
    rows: dict[str, object] = {"seed": seed, "nights": len(nights), **kinds}
    rows |= {"that could be ready": sum(one.could_be_ready for one in nights), "cost to optimum": round(ratio, 4)}
    rows["late ones, the first"] = ", ".join(one.name for one in late[:5])
    return Figures(rows, {"late though possible": len(late), "dearer than 3 % above": int(ratio > MOST_RATIO)})


if __name__ == "__main__":
    sys.exit(main())
