"""EMHASS (PyPI) on the same problems, in a Python that has it; the planner's bench starts this file.

Standard input: one JSON object {"folder", "problems"}; a problem has "prices" (one a quarter of an hour), "energy_kwh"
and "power_kw", and may charge at any of its quarters. Output: {"version", "solved", "seconds", "costs"}.

As quick as it can be used: one deferrable load of continuous power, no forecasts, no files, and only the optimisation
itself is timed, not what builds it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any


def main() -> None:
    # None of these is a dependency of ours.
    names = ("emhass", "numpy", "pandas", "emhass.utils", "emhass.optimization")
    emhass, np, pd, utils, optimization = map(import_module, names)
    given = json.load(sys.stdin)
    logger = logging.getLogger("emhass")
    logger.setLevel(logging.ERROR)
    root, folder = Path(str(emhass.__file__)).parent, Path(given["folder"])
    paths = {"root_path": root, "data_path": folder, "defaults_path": root / "data" / "config_defaults.json"}
    paths |= {"associations_path": root / "data" / "associations.csv"}
    config: dict[str, Any] = json.loads(paths["defaults_path"].read_text(encoding="utf-8"))
    config |= {"optimization_time_step": 15, "costfun": "cost"} | _one_load()
    secrets = {"hass_url": "", "long_lived_token": "", "time_zone": "UTC", "Latitude": 0.0, "Longitude": 0.0}
    params = asyncio.run(utils.build_params(paths, secrets | {"Altitude": 0.0}, config, logger))
    seconds, costs = 0.0, []
    for problem in given["problems"]:
        retrieval, rules, plant = utils.get_yaml_parse(json.dumps(params), logger)
        prices, power_w = np.array(problem["prices"]), problem["power_kw"] * 1000
        rules |= {"nominal_power_of_deferrable_loads": [power_w], "num_threads": 1}
        plant |= {"maximum_power_from_grid": power_w + 1, "maximum_power_to_grid": power_w + 1}
        times = pd.date_range("2026-01-01", periods=len(prices), freq="15min", tz="UTC")
        frame = pd.DataFrame({"unit_load_cost": prices, "unit_prod_price": 0.0}, index=times)
        idle, hours = np.zeros(len(prices)), problem["energy_kwh"] / problem["power_kw"]
        solver = optimization.Optimization(
            retrieval, rules, plant, "unit_load_cost", "unit_prod_price", "cost", paths, logger,
            num_timesteps=len(prices),
        )  # fmt: skip
        begin = perf_counter()
        answer = solver.perform_optimization(frame, idle, idle, prices, np.zeros(len(prices)), def_total_hours=[hours])
        seconds += perf_counter() - begin
        costs.append(float((answer["P_deferrable0"].to_numpy() * prices).sum() / 4000))
    sys.stdout.write(
        json.dumps({"version": version("emhass"), "solved": len(costs), "seconds": seconds, "costs": costs})
    )


def _one_load() -> dict[str, Any]:
    return {
        "number_of_deferrable_loads": 1,
        "nominal_power_of_deferrable_loads": [7400.0],
        "minimum_power_of_deferrable_loads": [0.0],
        "cost_forecast_per_deferrable_load": [None],
        "is_electric_load": [True],
        "operating_hours_of_each_deferrable_load": [4],
        "start_timesteps_of_each_deferrable_load": [0],
        "end_timesteps_of_each_deferrable_load": [0],
        "treat_deferrable_load_as_semi_cont": [False],
        "set_deferrable_load_single_constant": [False],
        "set_deferrable_startup_penalty": [0.0],
        "deferrable_load_max_cost": [0.0],
        "set_deferrable_max_startups": [0],
        "def_minimum_on_time": [0],
        "def_minimum_off_time": [0],
    }


if __name__ == "__main__":
    main()
