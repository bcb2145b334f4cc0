"""Amounts of money as they are written: what is reckoned with them adds up for whoever reads it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def cents(amount: Decimal) -> Decimal:
    """Returns the amount rounded half up to hundredths of its currency."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
