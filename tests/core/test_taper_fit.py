"""The taper behind the readings of one plug-in."""

import pytest

from charging.core.energy import Taper
from charging.core.taper_fit import fit_taper

Seen = list[tuple[float, float]]


def make_seen(taper: Taper, *, until: float = 100.0, step: float = 1.0) -> Seen:
    """Levels from 76 % on, and the share of the power left at each."""
    count = int((until - 76.0) / step) + 1
    return [(76.0 + number * step, taper.fraction(76.0 + number * step)) for number in range(count)]


@pytest.mark.parametrize("taper", [Taper(80.0, 0.2), Taper(90.0, 0.35), Taper(95.0, 0.8)], ids=str)
def test_a_fall_that_was_seen_to_its_end_is_found(taper: Taper) -> None:
    found = fit_taper(make_seen(taper))

    assert found is not None
    assert found.knee_percent == pytest.approx(taper.knee_percent)
    assert found.floor_fraction == pytest.approx(taper.floor_fraction)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([], id="nothing"),
        pytest.param(make_seen(Taper(99.0, 0.5), until=94.0), id="flat, and not far enough"),
        pytest.param([(96.0, 1.0), (97.0, 1.0)], id="flat, two readings"),
        pytest.param(make_seen(Taper(90.0, 0.35), until=92.0), id="two readings of a fall"),
        pytest.param([(91.0, 0.9), (91.5, 0.88), (92.0, 0.86)], id="a fall over one percent"),
        pytest.param([(91.0, 0.5), (94.0, 0.6), (97.0, 0.7)], id="a rise"),
    ],
)
def test_too_little_to_say(seen: Seen) -> None:
    assert fit_taper(seen) is None


def test_a_power_that_has_not_begun_to_fall_does_so_later() -> None:
    assert fit_taper(make_seen(Taper(99.0, 0.5), until=98.0)) == Taper(98.0, 0.35)
    assert fit_taper(make_seen(Taper(99.9, 0.99), step=0.5)) == Taper(99.0, 0.35)


def test_an_end_that_was_not_seen_is_not_taken_for_better_than_the_assumed_one() -> None:
    mild, steep = (fit_taper(make_seen(Taper(85.0, floor), until=95.0)) for floor in (0.7, 0.2))

    assert mild is not None
    assert mild.floor_fraction == 0.35
    assert steep is not None
    assert steep.floor_fraction == pytest.approx(0.2)


def test_what_noise_makes_impossible_is_kept_within_bounds() -> None:
    found = fit_taper([(90.0, 0.9), (95.0, 0.4), (99.0, 0.01)])

    assert found is not None
    assert found.floor_fraction == 0.05
