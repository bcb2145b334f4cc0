"""Lines of money, as components/sums.html shows them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from charging.views import formatting
from charging.views.session_words import NOTHING


@dataclass(frozen=True, slots=True)
class Sum:
    """One line; the total stands last."""

    label: str
    value: str
    is_total: bool = False


def saving_sum(saved: Decimal, currency: str, *, is_estimate: bool = True) -> Sum:
    """The saving, said as what it is when it is a loss."""
    write = formatting.about_money if is_estimate else formatting.money
    if saved <= -NOTHING:
        return Sum(_("Costs more"), write(-saved, currency), is_total=True)
    return Sum(_("Saving"), write(max(saved, Decimal(0)), currency), is_total=True)
