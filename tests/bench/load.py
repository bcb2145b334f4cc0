"""A whole server under load: gunicorn, Celery workers, beat, guardian, PostgreSQL, Redis, and a fleet that pushes.

    python -m tests.bench.load --cars 10000 --seconds 300 --json [--kill-every 20]

Report only. Everything runs on this machine's loopback and is ended by the process groups that were started here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import httpx

from tests.bench.reevaluation import database
from tests.house.sources import ROOT
from tests.processes import make_free_port

if TYPE_CHECKING:
    from tests.bench.load_calls import Seen

Process = subprocess.Popen[bytes]
WORKERS = 2
MOST_SECONDS_TO_PLAN = 600
WARM_UP = 20
"""Seconds that every process has to come up and to do its first work."""


class Installation:
    """The processes of a server, each in a group of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.running: list[Process] = []

    def start(self, name: str, *command: str) -> Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def start_worker(self, number: int) -> Process:
        how = ("--concurrency", "1", "--hostname", f"load{number}@localhost", "--without-gossip", "--without-mingle")
        # As the unit has it: who waits for a page comes first.
        celery = ("nice", "-n", "10", sys.executable, "-m", "celery", "-A", "config", "worker")
        return self.start(f"worker{number}", *celery, *how)

    def end(self, process: Process, number: signal.Signals = signal.SIGKILL) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(timeout=60)

    def close(self) -> None:
        for process in reversed(self.running):
            self.end(process)


def server_environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of every process of the server: this one's database, and this one's clock."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    own = connection.settings_dict
    host = f"?host={own['OPTIONS'].get('host') or own['HOST'] or '127.0.0.1'}&port={own['PORT'] or ''}"
    return os.environ | {
        "DATABASE_URL": f"postgres://{own['USER']}@/{own['NAME']}{host}",
        "READYBY_ALLOWED_HOSTS": "127.0.0.1",
        "READYBY_DATA_DIR": str(folder),
        "READYBY_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **more,
    }


def plan_beforehand(folder: Path) -> float:
    """Has every car looked at once, by as many sweeps as there are workers. Returns the seconds that took."""
    from charging.models import Due  # noqa: PLC0415 - needs the settings
    from charging.operations.clocks import wall_now  # noqa: PLC0415
    from tests.bench.load_fleet import make_all_due  # noqa: PLC0415

    make_all_due()
    server, begun, begun_at = Installation(folder, server_environment(folder)), time.monotonic(), wall_now()
    try:
        for number in range(WORKERS):
            server.start(f"planner{number}", sys.executable, "manage.py", "sweep", "--every", "0.1")
        while Due.objects.filter(due_at__lt=begun_at).exists() and time.monotonic() < begun + MOST_SECONDS_TO_PLAN:
            time.sleep(0.5)
    finally:
        server.close()
    return time.monotonic() - begun


@contextmanager
def installation(folder: Path) -> Iterator[tuple[Installation, str, list[Process]]]:
    """A started installation, its address, and its workers."""
    port, broker = make_free_port(), make_free_port()
    environment = server_environment(
        folder,
        READYBY_BROKER_URL=f"redis://127.0.0.1:{broker}/0",
        READYBY_BIND=f"127.0.0.1:{port}",
        READYBY_WEB_WORKERS="2",
        READYBY_API_CALLS_PER_MINUTE="1000000",
    )
    server = Installation(folder, environment)
    collect = (sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    try:
        redis = shutil.which("redis-server") or "redis-server"
        server.start("redis", redis, "--port", str(broker), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
        gunicorn = ("-m", "gunicorn", "-c", "config/deploy/gunicorn.conf.py", "config.wsgi")
        server.start("web", sys.executable, *gunicorn)
        workers = [server.start_worker(number) for number in range(WORKERS)]
        server.start("beat", sys.executable, "-m", "celery", "-A", "config", "beat", "-s", str(folder / "beat"))
        server.start("guardian", sys.executable, "manage.py", "guardian")
        yield server, f"http://127.0.0.1:{port}", workers
    finally:
        server.close()


class Watch(threading.Thread):
    """Once a second the age of the oldest car that is due; workers killed and started anew where that is asked for."""

    def __init__(self, server: Installation, workers: list[Process], *, kill_every: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.server, self.workers, self.kill_every, self.draw = server, workers, kill_every, Random(seed)
        self.lags: list[float] = []
        self.kills = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        from django.db import connection  # noqa: PLC0415 - needs the settings

        from charging.models import Due  # noqa: PLC0415
        from charging.operations.clocks import wall_now  # noqa: PLC0415

        next_kill = time.monotonic() + self.kill_every
        while not self.is_over.wait(1):
            oldest = Due.objects.order_by("due_at").values_list("due_at", flat=True).first()
            now = wall_now()
            self.lags.append(max(0.0, (now - (oldest or now)).total_seconds()))
            if self.kill_every and time.monotonic() >= next_kill:
                next_kill += self.kill_every
                self._kill()
        connection.close()

    def _kill(self) -> None:
        for number, worker in enumerate(self.workers):
            self.server.end(worker)
            self.workers[number] = self.server.start_worker(number)
            self.kills += 1


def sessions_of(accounts: list[Any]) -> list[str]:
    """Cookies of sessions in which these accounts are signed in."""
    from django.conf import settings  # noqa: PLC0415 - needs Django
    from django.test import Client  # noqa: PLC0415 - needs the settings

    keys = []
    for account in accounts:
        browser = Client()
        browser.force_login(account)
        keys.append(f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}")
    return keys


def figures(kind: str, took: list[float]) -> dict[str, float]:
    """Median, 99th percentile and longest, in milliseconds."""
    cuts = quantiles(took, n=100) if len(took) > 1 else took * 99
    return {
        f"{kind}_ms_median": round(median(took)),
        f"{kind}_ms_p99": round(cuts[98]),
        f"{kind}_ms_max": round(max(took)),
    }


def as_callers_see_it(seen: Seen, seconds: float) -> dict[str, Any]:
    every = [one for took in seen.took.values() for one in took]
    result: dict[str, Any] = {"calls": len(every), "readings_a_second": round(seen.readings / seconds, 1)}
    result |= figures("all", every)
    for kind, took in seen.took.items():
        result |= figures(kind, took)
    return result | {"faults": dict(seen.faults)}


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from charging.models import Vehicle  # noqa: PLC0415 - needs the settings
    from charging.operations.clocks import wall_now  # noqa: PLC0415
    from tests.bench import load_fleet  # noqa: PLC0415
    from tests.bench.load_calls import load  # noqa: PLC0415
    from tests.bench.load_cpu import seconds_by_kind  # noqa: PLC0415

    fleet = load_fleet.make_load_fleet(cars=options.cars, seed=options.seed)
    pace = {"fleet": fleet, "readings": options.readings, "reads": options.reads, "seed": options.seed}
    planned = 0.0 if options.first_plans else plan_beforehand(folder)
    with installation(folder) as (server, url, workers):
        pace["cookies"] = sessions_of(fleet.accounts)
        end = time.monotonic() + 60
        while time.monotonic() < end and not answers(url):
            time.sleep(0.5)
        load_fleet.spread_looks(begin=wall_now())
        asyncio.run(load(url, seconds=WARM_UP, **pace))
        watch = Watch(server, workers, kill_every=options.kill_every, seed=options.seed)
        watch.start()
        before, taken = evaluations(), seconds_by_kind()
        seen = asyncio.run(load(url, seconds=options.seconds, **pace))
        after = seconds_by_kind()
        watch.is_over.set()
        watch.join()
        evaluated = evaluations() - before
    result: dict[str, Any] = {"cars": options.cars, "seconds": options.seconds, "reads_a_second": options.reads}
    result |= {"seconds_to_plan_the_fleet": round(planned, 1)} | as_callers_see_it(seen, options.seconds)
    result |= {"evaluations_a_second": round(evaluated / options.seconds, 1)}
    result |= {
        "sweep_lag_seconds_median": round(median(watch.lags), 1),
        "sweep_lag_seconds_max": round(max(watch.lags), 1),
    }
    # What a killed worker had taken is counted nowhere.
    used = {} if watch.kills else {kind: seconds - taken.get(kind, 0.0) for kind, seconds in after.items()}
    result |= {f"processors_of_{kind}": round(seconds / options.seconds, 2) for kind, seconds in used.items()}
    result |= {"workers_killed": watch.kills, "cars_planned": Vehicle.objects.filter(state__startswith="PLAN:").count()}
    return result | {"cores": os.cpu_count(), "python": platform.python_version()}


def answers(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/livez", timeout=5, trust_env=False).status_code == 200
    return False


def evaluations() -> int:
    from django.db.models import Sum  # noqa: PLC0415 - needs the settings

    from charging.models import Vehicle  # noqa: PLC0415

    return int(Vehicle.objects.aggregate(total=Sum("evaluation_count"))["total"] or 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cars", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readings", type=float, default=100, help="readings a second")
    parser.add_argument("--reads", type=float, default=50, help="reads a second, a fifth of them pages")
    parser.add_argument("--kill-every", type=float, default=0, help="kill all workers every so many seconds")
    parser.add_argument("--first-plans", action="store_true", help="a fleet none of whose cars was planned before")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="a folder that keeps the logs of the processes")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of a list")
    options = parser.parse_args()
    # The fleet lives on the day of the sample prices; all processes have one clock.
    os.environ["READYBY_SECRET_KEY"] = "only-for-this-load-" + "x" * 40
    os.environ["READYBY_NOW"] = "2025-12-09T16:00:00+00:00"
    os.environ["READYBY_NOW_SINCE"] = datetime.now(UTC).isoformat()
    with database(), tempfile.TemporaryDirectory() as folder:
        if options.logs:
            options.logs.mkdir(parents=True, exist_ok=True)
        result = measure(options, options.logs or Path(folder))
    result |= {"measured_at": datetime.now().astimezone().isoformat(timespec="seconds")}
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
        return
    for name, value in result.items():
        sys.stdout.write(f"{name:34} {value}\n")


if __name__ == "__main__":
    main()
