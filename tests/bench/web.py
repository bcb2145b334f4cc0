"""A driver's dashboard with a plan against a page that says nothing, in one process: requests a second and queries.

    python -m tests.bench.web --json

Report only. Both pass every middleware, signed in; the middle of several rounds that take turns counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import datetime
from statistics import median
from typing import Any

from tests.bench.reevaluation import database

ROUNDS, CALLS = 15, 10


def measure(seed: int) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 - needs Django
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415

    from charging.models import Due, Vehicle  # noqa: PLC0415
    from charging.operations.sweep import sweep  # noqa: PLC0415
    from tests.bench.fleet_rows import NOW  # noqa: PLC0415
    from tests.bench.load_fleet import make_load_fleet  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    fleet = make_load_fleet(cars=50, seed=seed)
    Due.objects.update(own_at=NOW, due_at=NOW)
    sweep(at_wall=NOW)
    planned = Vehicle.objects.filter(state__startswith="PLAN:", driver__account__isnull=False).earliest("pk")
    browser = Client()
    browser.force_login(next(one for one in fleet.accounts if one.pk == planned.driver.account_id))
    pages = {"empty": "/empty/", "dashboard": f"/car/{planned.public_id}/"}
    with override_settings(ROOT_URLCONF="tests.bench.web_urls"):
        seconds, queries = ask(browser, pages)
    dearer = median(d / e for d, e in zip(seconds["dashboard"], seconds["empty"], strict=True))
    return {
        "requests_a_second_empty": round(1 / median(seconds["empty"])),
        "requests_a_second_dashboard": round(1 / median(seconds["dashboard"])),
        "empty_to_dashboard": round(dearer, 1),
        "queries_empty": queries["empty"],
        "queries_dashboard": queries["dashboard"],
        "accounts": len(fleet.accounts),
        "cars": len(fleet.levels),
        "python": platform.python_version(),
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def ask(browser: Any, pages: dict[str, str]) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Seconds a call in each round, and queries of a call, by page."""
    from django.db import connection  # noqa: PLC0415 - needs Django
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    seconds: dict[str, list[float]] = {name: [] for name in pages}
    queries = {}
    for name, address in pages.items():
        assert browser.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        queries[name] = len(asked)
    for _ in range(ROUNDS):
        for name, address in pages.items():
            begin = time.perf_counter()
            for _ in range(CALLS):
                browser.get(address)
            seconds[name].append((time.perf_counter() - begin) / CALLS)
    return seconds, queries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of a list")
    options = parser.parse_args()
    os.environ |= {"READYBY_NOW": "2025-12-09T16:00:00+00:00", "READYBY_LOG_LEVEL": "ERROR"}
    with database():
        result = measure(options.seed)
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
        return
    for name, value in result.items():
        sys.stdout.write(f"{name:30} {value}\n")


if __name__ == "__main__":
    main()
