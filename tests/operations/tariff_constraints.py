"""Updates of a whole story that break one constraint of what energy costs, and it alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from charging.models import PlaceCharge, PlaceTerms, Tariff, TariffRate

TARIFF_CHECKS: dict[str, tuple[type[Model], tuple[dict[str, Any], ...]]] = {
    "tariff_has_an_id": (Tariff, ({"external_id": ""},)),
    "rate_has_a_name": (TariffRate, ({"name": ""},)),
    "rate_price_in_range": (TariffRate, ({"price_per_kwh": 1001}, {"price_per_kwh": -1001})),
    "terms_currency_is_iso_4217": (PlaceTerms, ({"currency": "kr"}, {"currency": "E1R"})),
    "terms_exchange_rate_in_range": (
        PlaceTerms,
        (
            {"exchange_from": "EUR"},
            {"exchange_rate": 1},
            {"exchange_from": "eur", "exchange_rate": 1},
            {"exchange_from": "EUR", "exchange_rate": 0},
            {"exchange_from": "EUR", "exchange_rate": 1000},
        ),
    ),
    "terms_spot_factor_in_range": (PlaceTerms, ({"spot_factor": -1}, {"spot_factor": 11})),
    "terms_spot_fee_in_range": (PlaceTerms, ({"spot_fee_per_kwh": 1001}, {"spot_fee_per_kwh": -1001})),
    "terms_vat_in_range": (PlaceTerms, ({"vat_percent": -1}, {"vat_percent": 101})),
    "charge_is_a_rate_or_a_grid_fee": (PlaceCharge, ({"rate": None}, {"grid_fee_per_kwh": 1})),
    "charge_grid_fee_in_range": (
        PlaceCharge,
        ({"rate": None, "grid_fee_per_kwh": 1001}, {"rate": None, "grid_fee_per_kwh": -1001}),
    ),
    "charge_span_within_a_day": (PlaceCharge, ({"from_minute": 1440}, {"to_minute": 1441})),
}
"""By constraint."""
