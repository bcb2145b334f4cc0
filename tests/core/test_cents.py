"""Amounts as they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from charging.core.cents import cents


@pytest.mark.parametrize(
    ("amount", "written"), [("1.114", "1.11"), ("1.115", "1.12"), ("-1.115", "-1.12"), ("0.004", "0.00"), ("7", "7.00")]
)
def test_an_amount_is_rounded_half_up(amount: str, written: str) -> None:
    assert str(cents(Decimal(amount))) == written
