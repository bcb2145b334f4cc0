"""Start-up checks: settings that would lose data or mislead are refused by name."""

import re
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from charging.adapters.geocoder import GEOCODERS


@register
def one_writer_on_sqlite(**_options: Any) -> list[CheckMessage]:
    """SQLite silently ignores the row locks that several processes rely on."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if settings.IS_EMBEDDED or not engine.endswith("sqlite3"):
        return []
    return [
        Error(
            "Several processes cannot share SQLite: it ignores row locks silently.",
            hint="Set DATABASE_URL to a PostgreSQL database, or leave READYBY_BROKER_URL out to run one process.",
            id="readyby.E001",
        )
    ]


@register
def clock_has_an_offset(**_options: Any) -> list[CheckMessage]:
    """An instant without its offset would be read differently on every machine."""
    instants = {name: getattr(settings, name) for name in ("READYBY_NOW", "READYBY_NOW_SINCE")}
    return [
        Error(f"{name} needs an offset, as in 2026-03-01T18:00:00+01:00.", id="readyby.E002")
        for name, instant in instants.items()
        if instant is not None and instant.tzinfo is None
    ]


@register
def plan_unit_divides_a_quarter(**_options: Any) -> list[CheckMessage]:
    """Plans live on marks that the quarters of the market fall on."""
    if settings.READYBY_PLAN_UNIT_MINUTES in {1, 3, 5, 15}:
        return []
    return [Error("READYBY_PLAN_UNIT_MINUTES must be 1, 3, 5 or 15.", id="readyby.E003")]


@register
def geocoder_is_known(**_options: Any) -> list[CheckMessage]:
    """A geocoder of another kind would be asked in words that it does not know."""
    if settings.READYBY_GEOCODER in {"", *GEOCODERS}:
        return []
    return [Error(f"READYBY_GEOCODER must be empty, or one of: {', '.join(GEOCODERS)}.", id="readyby.E004")]


@register
def audit_outlives_what_the_database_keeps(**_options: Any) -> list[CheckMessage]:
    """The database itself refuses to forget younger events: the hourly cleaning would fail over and over."""
    if settings.READYBY_KEEP_AUDIT_DAYS >= 90:
        return []
    return [Error("READYBY_KEEP_AUDIT_DAYS must be 90 or more.", id="readyby.E005")]


@register
def exchange_rates_are_rates(**_options: Any) -> list[CheckMessage]:
    """A rate that no driver could save would be proposed to all of them."""
    rates: dict[str, Decimal] = settings.READYBY_EXCHANGE_RATES
    if all(re.fullmatch("[A-Z]{3}", code) and rate.is_finite() and 0 < rate < 1000 for code, rate in rates.items()):
        return []
    return [Error("READYBY_EXCHANGE_RATES must be codes and numbers, as in NOK=11.70,SEK=11.10.", id="readyby.E006")]
