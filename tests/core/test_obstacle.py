"""What a car can do while something is in its way."""

from __future__ import annotations

import pytest

from charging.core.obstacle import Obstacle


@pytest.mark.parametrize("obstacle", Obstacle)
def test_a_car_that_tells_nothing_is_still_started_and_stopped_and_nothing_else_is(obstacle: Obstacle) -> None:
    assert obstacle.keeps_control is (obstacle is Obstacle.READING_GONE)
