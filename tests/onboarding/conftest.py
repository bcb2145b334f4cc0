"""Every test of the wizard has the price areas, and no memory of how often an address asked."""

import pytest
from django.core.cache import cache

from charging.operations.prices import ensure_price_areas


@pytest.fixture(autouse=True)
def _price_areas(db: None) -> None:
    ensure_price_areas()
    cache.clear()
