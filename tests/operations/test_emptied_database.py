"""A test with transactions of its own empties the database; what migrations wrote is there for the next test."""

import pytest

from charging.adapters.prices.areas import areas
from charging.models import PriceArea


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_finds_the_price_areas(turn: str) -> None:
    assert set(PriceArea.objects.values_list("code", flat=True)) == set(areas())
