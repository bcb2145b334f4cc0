"""Every test of the API takes place at NOW, and nobody's attempts are remembered from the test before."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from tests.factories import NOW


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield
    cache.clear()
