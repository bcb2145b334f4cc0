"""What the journeys share."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from pytest_django import Settings

from charging.operations.prices import ensure_price_areas


@pytest.fixture
def evening_with_prices(transactional_db: None, settings: Settings) -> None:
    """Nine in the evening, whatever the hour of the test: plans depend on it."""
    settings.READYBY_NOW = datetime(2026, 1, 13, 20, 0, tzinfo=UTC)
    ensure_price_areas()
    cache.clear()
