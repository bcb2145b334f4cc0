"""Names of places: what can be read is stored tidily, what cannot is refused."""

from __future__ import annotations

import pytest

from charging.models import Location
from charging.operations import locations
from tests.operations.night import Night
from tests.operations.test_locations import make_values, night, refusals

__all__ = ["night"]
pytestmark = pytest.mark.django_db

BAD_NAMES = {
    "empty": ("", "NAME_MISSING"),
    "only spaces": (" \t \u00a0 ", "NAME_MISSING"),
    "only invisible characters": ("\u200b\u200d\ufeff", "NAME_MISSING"),
    "101 characters": ("a" * 101, "NAME_TOO_LONG"),
    "10,000 characters": ("a" * 10_000, "NAME_TOO_LONG"),
    "null byte": ("Ho\x00me", "NAME_INVALID"),
    "line break": ("Ho\nme", "NAME_INVALID"),
    "line separator": ("Ho\u2028me", "NAME_INVALID"),
    "lone surrogate": ("Ho\ud800me", "NAME_INVALID"),
    "right-to-left override": ("Ho\u202eme", "NAME_INVALID"),
    "isolate": ("Ho\u2066me", "NAME_INVALID"),
}


@pytest.mark.parametrize(("name", "code"), BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_name_that_cannot_be_read_is_refused(night: Night, name: str, code: str) -> None:
    assert refusals(night, name=name) == [code]


GOOD_NAMES = {
    "spaces around it": ("  Home ", "Home"),
    "decomposed accent": ("Cafe\u0301", "Caf\u00e9"),
    "family emoji": ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "hebrew": ("\u05d1\u05d9\u05ea", "\u05d1\u05d9\u05ea"),
    "formula": ("=1+1", "=1+1"),
    "100 characters": ("a" * 100, "a" * 100),
}


@pytest.mark.parametrize(("name", "stored"), GOOD_NAMES.values(), ids=GOOD_NAMES)
def test_a_name_is_stored_composed_and_without_space_around_it(night: Night, name: str, stored: str) -> None:
    locations.create_location(driver=night.driver, now=night.now, **make_values(name=name))

    assert Location.objects.get().name == stored
