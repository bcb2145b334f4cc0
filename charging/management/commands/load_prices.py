"""manage.py load_prices: stores the prices of a file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from charging.adapters.prices.price_day import PriceAnswerError
from charging.adapters.prices.price_file import RefusedDay, read_price_file
from charging.operations.price_arrival import prices_arrived
from charging.operations.price_doubts import tell_disagreement
from charging.operations.prices import ensure_price_areas, known_areas, store_price_day

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Stores day-ahead prices from a CSV file, compressed or not, or from a JSON list. A day is taken as a whole or "
        "refused as a whole, with the line it begins in. What is loaded this way counts before all other sources."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--areas", default="", help="codes of price areas, separated by commas; else all")
        parser.add_argument("--source", default="", help="take only the rows of this source")
        parser.add_argument("--licence", default="", help="licence of the data, stored with them")

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_price_areas()
        only_areas = {code.strip() for code in options["areas"].split(",") if code.strip()}
        try:
            days, refused = read_price_file(
                options["file"],
                known_areas=known_areas(),
                only_areas=only_areas,
                only_source=options["source"],
                licence=options["licence"],
            )
        except (OSError, EOFError, UnicodeDecodeError, PriceAnswerError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        now = timezone.now()
        stored = [day for day in days if store_price_day(day=day, now=now) is not None]
        prices_arrived(area_codes={day.area_code for day in stored}, at_wall=now)
        left = len(days) - len(stored)
        self.stdout.write(f"{len(stored)} days stored, {left} already there, {len(refused)} refused")
        self._tell_refused(refused)
        for day in stored:
            for source in tell_disagreement(day=day):
                self.stdout.write(f"  {day.area_code} {day.delivery_date} differs from {source}")

    def _tell_refused(self, refused: list[RefusedDay]) -> None:
        for reason, count in sorted(Counter(day.reason for day in refused).items()):
            self.stdout.write(f"  refused, {reason}: {count}")
        for day in refused[:MOST_SHOWN]:
            self.stdout.write(f"    from line {day.line}: {day.area_code} {day.delivery_date}: {day.message}")
        if len(refused) > MOST_SHOWN:
            self.stdout.write(f"    and {len(refused) - MOST_SHOWN} more")
