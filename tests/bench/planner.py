"""Plans per second: one car at a time, a fleet by areas, and a linear programme per car as the reference.

    python -m tests.bench.planner --prices FILE --cars N --json [--emhass-python PYTHON]

Real prices; needs, powers and deadlines are drawn with a fixed seed. Windows are written out in both ways of planning.
With the Python of an environment in which EMHASS is installed, that solves the first of the same problems, too.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import highspy
import numpy as np

from charging.core.fleet_planner import FleetPlans, plan_fleet
from charging.core.planner import plan
from charging.core.price_line import to_milliseconds
from tests.bench.night import AreaNight, CarNeed, make_car, make_nights

MINUTE = timedelta(minutes=1)
ROUNDS = 5
EMHASS_CARS = 100


def seconds_alone(nights: list[AreaNight], cars: list[CarNeed]) -> float:
    begin = perf_counter()
    for number, car in enumerate(cars):
        plan_alone(nights[number % len(nights)], car)
    return perf_counter() - begin


def plan_alone(night: AreaNight, car: CarNeed, *, late: timedelta = timedelta(0), unit: timedelta = 5 * MINUTE) -> Any:
    return plan(
        intervals=night.intervals,
        energy_kwh=car.energy_kwh,
        power_kw=car.power_kw,
        now=night.now + late,
        deadline=night.now + car.until_deadline,
        unit=unit,
    )


def seconds_as_fleet(nights: list[AreaNight], fleets: list[list[CarNeed]]) -> tuple[float, int]:
    """The median of some rounds, arrays given, windows as instants; and the number of windows."""
    arrays = [
        (
            np.array([car.energy_kwh for car in cars]),
            np.array([car.power_kw for car in cars]),
            to_milliseconds(night.now, "now") + np.array([car.until_deadline // MINUTE * 60_000 for car in cars]),
        )
        for night, cars in zip(nights, fleets, strict=True)
    ]
    rounds = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        plans: list[FleetPlans] = [
            plan_fleet(
                intervals=night.intervals, energy_kwh=energy, power_kw=power, now=night.now, deadline_ms=deadline
            )
            for night, (energy, power, deadline) in zip(nights, arrays, strict=True)
        ]
        rounds.append(perf_counter() - begin)
    return median(rounds), sum(int(fleet.window_count.sum()) for fleet in plans)


def cost_by_linear_program(night: AreaNight, car: CarNeed) -> float:
    """The least cost with any number of windows: energy per priced period between zero and what the power allows."""
    end = night.now + car.until_deadline
    cells = [
        (float(one.price_per_kwh), (min(one.end, end) - max(one.start, night.now)) / timedelta(hours=1))
        for one in night.intervals
        if one.end > night.now and one.start < end
    ]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    count = len(cells)
    solver.addVars(count, np.zeros(count), np.array([hours * car.power_kw for _, hours in cells]))
    solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.array([price for price, _ in cells]))
    solver.addRow(car.energy_kwh, car.energy_kwh, count, np.arange(count, dtype=np.int32), np.ones(count))
    solver.run()
    return float(solver.getInfo().objective_function_value)


def seconds_of_linear_programs(nights: list[AreaNight], cars: list[CarNeed]) -> tuple[float, list[float]]:
    begin = perf_counter()
    costs = [cost_by_linear_program(nights[number % len(nights)], car) for number, car in enumerate(cars)]
    return perf_counter() - begin, costs


def share_of_saving_kept(nights: list[AreaNight], cars: list[CarNeed], least: list[float]) -> float:
    """What three windows keep of the saving that any number of windows would bring."""
    plans = [plan_alone(nights[number % len(nights)], car) for number, car in enumerate(cars)]
    at_once = sum(float(one.cost_charged_at_once) for one in plans)
    return (at_once - sum(float(one.cost) for one in plans)) / (at_once - sum(least))


def solved_by_emhass(python: Path, nights: list[AreaNight], cars: list[CarNeed], least: list[float]) -> dict[str, Any]:
    """What EMHASS makes of these problems, asked in a process of its own; its costs against the least."""
    problems = []
    for number, car in enumerate(cars):
        night = nights[number % len(nights)]
        end = night.now + car.until_deadline
        inside = [float(one.price_per_kwh) for one in night.intervals if one.end <= end]
        problems.append({"prices": inside, "energy_kwh": car.energy_kwh, "power_kw": car.power_kw})
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(
            [python, Path(__file__).with_name("emhass_peer.py")],
            input=json.dumps({"folder": folder, "problems": problems}),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    # Its solver writes a line of its own before.
    result: dict[str, Any] = json.loads(answer[answer.rindex('{"version"') :])
    return {
        "emhass_version": result["version"],
        "emhass_plans": result["solved"],
        "plans_per_second_emhass": round(result["solved"] / result["seconds"], 1),
        "emhass_cost_to_linear_program": round(sum(result["costs"]) / sum(least[: result["solved"]]), 5),
    }


def grid_loss(nights: list[AreaNight], cars: list[CarNeed], late: timedelta) -> float:
    """Share of the saving lost by units of 5 minutes against units of 1 minute, planned `late` after a mark."""
    coarse = fine = at_once = 0.0
    for number, car in enumerate(cars):
        night = nights[number % len(nights)]
        coarse += float(plan_alone(night, car, late=late).cost)
        best = plan_alone(night, car, late=late, unit=MINUTE)
        fine += float(best.cost)
        at_once += float(best.cost_charged_at_once)
    return (coarse - fine) / (at_once - fine)


def measure(prices: Path, cars: int, seed: int, emhass_python: Path | None = None) -> dict[str, Any]:
    draw = random.Random(seed)
    nights = make_nights(prices, draw)
    fleets = [[make_car(draw, night) for _ in range(cars // len(nights))] for night in nights]
    sample = [fleets[number % len(nights)][number // len(nights)] for number in range(min(300, cars))]
    planned = sum(map(len, fleets))
    fleet_seconds, windows = seconds_as_fleet(nights, fleets)
    alone_seconds = seconds_alone(nights, sample)
    linear_seconds, least = seconds_of_linear_programs(nights, sample)
    fleet_rate, alone_rate = planned / fleet_seconds, len(sample) / alone_seconds
    linear_rate = len(sample) / linear_seconds
    emhass: dict[str, Any] = {}
    if emhass_python is not None:
        emhass = solved_by_emhass(emhass_python, nights, sample[:EMHASS_CARS], least)
        emhass["fleet_to_emhass"] = round(fleet_rate / emhass["plans_per_second_emhass"])
    return {
        "cars": planned,
        "areas": [night.area for night in nights],
        "windows": windows,
        "sample": len(sample),
        "seconds_fleet": round(fleet_seconds, 4),
        "plans_per_second_fleet": round(fleet_rate),
        "plans_per_second_one_car": round(alone_rate),
        "plans_per_second_linear_program": round(linear_rate),
        "fleet_to_linear_program": round(fleet_rate / linear_rate, 1),
        "fleet_to_one_car": round(fleet_rate / alone_rate, 1),
        "one_car_to_linear_program": round(alone_rate / linear_rate, 2),
        **emhass,
        "saving_kept_of_unlimited_windows": round(share_of_saving_kept(nights, sample, least), 5),
        "grid_loss_on_mark": round(grid_loss(nights, sample[:100], timedelta(0)), 6),
        "grid_loss_off_mark": round(grid_loss(nights, sample[:100], 2 * MINUTE), 6),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prices", type=Path, required=True)
    parser.add_argument("--cars", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of a list")
    parser.add_argument("--emhass-python", type=Path, help="a Python that has EMHASS")
    options = parser.parse_args()
    result = measure(options.prices, options.cars, options.seed, options.emhass_python)
    lines = [json.dumps(result)] if options.json else [f"{name}: {value}" for name, value in result.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
