"""`manage.py backtest`: how well the production rules do on real prices and real plug-ins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from charging.adapters.prices.areas import areas
from charging.operations.backtest import run_backtest
from charging.operations.backtest_faults import GatewayFaults
from charging.operations.backtest_files import PriceHistory, read_plug_ins, read_prices


class Command(BaseCommand):
    help = "Run real prices and real charging sessions through the rules in simulated time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prices", type=Path, required=True, help="CSV.gz of day-ahead prices")
        parser.add_argument("--sessions", type=Path, required=True, help="CSV.gz of charging sessions")
        parser.add_argument("--areas", help="price areas, by comma; all of the file when left out")
        parser.add_argument("--power-kw", type=float, default=7.2, help="power that the rules assume")
        parser.add_argument("--power-factor", type=float, default=1.0, help="true power as a share of it")
        parser.add_argument("--stale", type=float, default=0.0, help="share of polls answered with old readings")
        parser.add_argument("--failed-starts", type=int, default=0, help="starts of a night that the car ignores")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--limit", type=int, help="how many sessions, drawn by the seed")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found, plug_ins = read_prices(options["prices"]), read_plug_ins(options["sessions"])
        except (OSError, EOFError, KeyError, ValueError) as error:
            raise CommandError(f"These files cannot be read: {error}") from error
        if not 0 < options["power_factor"] <= 1 or not options["power_kw"] > 0:
            raise CommandError("The power must be positive and its factor above 0 and at most 1.")
        if not 0 <= options["stale"] < 1 or options["failed_starts"] < 0:
            raise CommandError("The stale share must be from 0 to below 1, and failed starts must not be negative.")
        figures = run_backtest(
            histories=_chosen(found, options["areas"]),
            plug_ins=plug_ins,
            power_kw=options["power_kw"],
            power_factor=options["power_factor"],
            seed=options["seed"],
            limit=options["limit"],
            faults=GatewayFaults(options["stale"], options["failed_starts"]),
        )
        self.stdout.write(json.dumps(figures) if options["json"] else _as_lines(figures))


def _chosen(found: dict[str, PriceHistory], names: str | None) -> dict[str, PriceHistory]:
    codes = names.split(",") if names else sorted(found)
    unknown = [code for code in codes if code not in found or code not in areas()]
    if unknown:
        raise CommandError(f"No prices of {', '.join(unknown)} in the file.")
    return {code: found[code] for code in codes}


def _as_lines(figures: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in figures.items())
