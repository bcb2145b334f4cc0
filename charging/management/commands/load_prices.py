"""manage.py load_prices: stores the prices of a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from charging.adapters.prices.price_day import PriceAnswerError
from charging.adapters.prices.price_file import read_price_file
from charging.operations.price_arrival import wake_cars
from charging.operations.prices import ensure_price_areas, store_price_day


class Command(BaseCommand):
    help = "Stores day-ahead prices from a CSV file, compressed or not. Incomplete days are refused and counted."

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
                options["file"], only_areas=only_areas, only_source=options["source"], licence=options["licence"]
            )
        except (OSError, UnicodeDecodeError, PriceAnswerError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        now = timezone.now()
        stored = [day.area_code for day in days if store_price_day(day=day, now=now) is not None]
        wake_cars(area_codes=set(stored), at_wall=now)
        left = len(days) - len(stored)
        self.stdout.write(f"{len(stored)} days stored, {left} already there, {refused.total()} refused")
        for reason, count in sorted(refused.items()):
            self.stdout.write(f"  refused, {reason}: {count}")
