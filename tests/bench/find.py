"""How soon operators find a car among many: the find box and the list of cars, p50 and p95 in milliseconds.

Report only, on PostgreSQL: the rows are written by the database itself, the pages asked for as a browser asks.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from statistics import median, quantiles
from typing import Any

from tests.bench.reevaluation import database

FILL = (
    """INSERT INTO charging_client (id, name, is_built_in, created_at)
       SELECT n, 'Fleet ' || n, false, now() FROM generate_series(1, 50) n""",
    """INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
         date_joined)
       SELECT n, '!', false, 'driver' || n, '', '', 'driver' || n || '@mail' || (n %% 97) || '.example', false, true,
         now()
       FROM generate_series(1, %(cars)s) n""",
    """INSERT INTO charging_driver (id, client_id, external_id, public_id, account_id, is_guest, language, created_at,
         clock_wall_anchor, clock_own_anchor, clock_speed)
       SELECT n, 1 + n %% 50, 'user-' || md5(n::text), gen_random_uuid(), n, false, 'en', now(), now(), now(), 1
       FROM generate_series(1, %(cars)s) n""",
    """INSERT INTO charging_location (id, public_id, driver_id, name, latitude, longitude, radius_meters, timezone_name,
         is_area_hand_set, created_at)
       SELECT n, gen_random_uuid(), n, 'Home ' || n, 59 + (n %% 1000) / 1000.0, 10, 150, 'Europe/Oslo', false, now()
       FROM generate_series(1, %(cars)s) n""",
    """INSERT INTO charging_vehicle (id, public_id, driver_id, vendor, brand, model, display_name, vin, vendor_asset_id,
         battery_capacity_kwh, max_power_kw, gateway, is_capable, other_control, charger_brand, linked_at, state,
         state_changed_at, event_seq, command_generation, is_protecting, evaluation_count, considerations, rule,
         cards_put_aside)
       SELECT n, gen_random_uuid(), n, 'VOLKSWAGEN', 'Volkswagen', 'ID.4', 'Car of ' || n,
         'WVWZZZE1Z' || lpad(n::text, 8, '0'), 'asset-' || md5((n + 7)::text), 77, 11, 'enode', true, '', '',
         now() - n * interval '10 seconds',
         CASE WHEN n %% 20 = 0 THEN 'DISABLED' ELSE 'PLAN:EXECUTING:STOPPED' END, now(), 1, 1, false, 1, '{}', 'seen',
         '[]'
       FROM generate_series(1, %(cars)s) n""",
    """INSERT INTO charging_vehicleview (vehicle_id, observed_at, power_delivery, charging_readings_in_a_row,
         location_id)
       SELECT n, now(), 'UNKNOWN', 0, n FROM generate_series(1, %(cars)s) n""",
    "SELECT setval(pg_get_serial_sequence('auth_user', 'id'), %(cars)s)",
    "ANALYZE",
)


def fill(*, cars: int) -> None:
    """Writes as many drivers, each with a login, a place and a car that is seen."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, {"cars": cars} if "%(cars)s" in statement else None)


def questions(cars: int) -> dict[str, str]:
    """What operators ask for, by what they have at hand; of a car in the middle."""
    n = cars // 2 + 1
    find, cars_list = "/admin/charging/vehicle/find/?q=", "/admin/charging/vehicle/"
    return {
        "end of VIN": f"{find}{n % 10_000:04d}",
        "six of VIN": f"{find}{n:06d}",
        "whole VIN": f"{find}WVWZZZE1Z{n:08d}",
        "email": f"{find}driver{n}%40mail{n % 97}.example",
        "part of email": f"{find}driver{n}%40",
        "name": f"{find}Car+of+{n}",
        "place": f"{find}%22Home+{n}%22",
        "nothing fits": f"{find}zzzzzz",
        "client": f"{find}%22Fleet+7%22",
        "list": cars_list,
        "list, end of VIN": f"{cars_list}?q={n % 10_000:04d}",
        "list, client": f"{cars_list}?q=%22Fleet+7%22",
        "list, a state": f"{cars_list}?state__exact=DISABLED",
        "list, last page": f"{cars_list}?p={cars // 100}",
        "first page": "/admin/",
    }


def measure(*, cars: int, repeats: int) -> dict[str, Any]:
    """Returns milliseconds by question: the first answer, the median and the 95th percentile of the others."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from tests.admin.second_factor import sign_in_with_second_factor  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    operator = User.objects.create_superuser(f"operator{time.time_ns()}", "operator@example.com", "unused")
    browser = sign_in_with_second_factor(Client(), operator)
    told = {}
    for name, address in questions(cars).items():
        took = []
        for _ in range(repeats + 1):
            began = time.perf_counter()
            answer = browser.get(address)
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code in {200, 302}, (name, answer.status_code)
        first, *others = took
        told[name] = {"first": round(first), "p50": round(median(others)), "p95": round(quantiles(others, n=20)[-1])}
    return {"cars": cars, "repeats": repeats, "python": platform.python_version(), "milliseconds": told}


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures. Returns 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    with database():
        fill(cars=asked.cars)
        told = measure(cars=asked.cars, repeats=asked.repeats)
    figures = told["milliseconds"].items()
    lines = [f"{name:20} {each['first']:6} {each['p50']:6} {each['p95']:6}" for name, each in figures]
    sys.stdout.write((json.dumps(told) if asked.json else "\n".join(lines)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
