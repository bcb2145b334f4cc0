from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.clock import SPEEDS, Clock

WALL = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWN = datetime(2026, 1, 15, 18, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))


def test_a_clock_at_normal_speed_keeps_its_distance_to_the_wall() -> None:
    assert Clock(WALL, OWN).own(WALL + timedelta(hours=5)) == OWN + timedelta(hours=5)


def test_a_fast_clock_shows_an_hour_a_minute() -> None:
    clock = Clock(WALL, OWN, 60)

    assert clock.own(WALL + timedelta(minutes=2)) == OWN + timedelta(hours=2)
    assert clock.wall(OWN + timedelta(hours=2)) == WALL + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("clock", "shows_it"),
    [
        pytest.param(Clock(WALL, WALL), True, id="never changed"),
        pytest.param(
            Clock(WALL, WALL).with_speed(1, WALL + timedelta(days=1)), True, id="set to the wall's pace again"
        ),
        pytest.param(Clock(WALL, WALL, 60), False, id="fast"),
        pytest.param(
            Clock(WALL, WALL, 60).with_speed(1, WALL + timedelta(hours=1)), False, id="once fast, still ahead"
        ),
        pytest.param(Clock(WALL, OWN), False, id="behind"),
    ],
)
def test_a_clock_knows_whether_it_shows_the_time_of_the_wall(clock: Clock, shows_it: bool) -> None:
    assert clock.shows_wall_time is shows_it


def test_a_clock_nobody_slows_down_runs_at_the_pace_of_the_wall_when_its_fast_time_is_over() -> None:
    clock = Clock(WALL, OWN, 600, fast_until=OWN + timedelta(hours=20))

    assert clock.own(WALL + timedelta(minutes=2)) == OWN + timedelta(hours=20)
    assert clock.own(WALL + timedelta(days=30)) == OWN + timedelta(hours=20) + timedelta(days=30, minutes=-2)
    assert clock.wall(OWN + timedelta(hours=21)) == WALL + timedelta(hours=1, minutes=2)


@given(st.sampled_from(SPEEDS), SPANS, st.none() | SPANS)
def test_the_wall_instant_is_the_first_at_which_the_clock_shows_it(
    speed: int, span: timedelta, fast_for: timedelta | None
) -> None:
    clock = Clock(WALL, OWN, speed, None if fast_for is None else OWN + fast_for)

    due = clock.wall(OWN + span)

    assert clock.own(due) >= OWN + span
    assert clock.own(due - timedelta(microseconds=1)) < OWN + span


def test_an_overdue_instant_keeps_its_place_before_the_anchor() -> None:
    assert Clock(WALL, OWN, 60).wall(OWN - timedelta(hours=1)) == WALL - timedelta(minutes=1)


@given(st.sampled_from(SPEEDS), st.sampled_from(SPEEDS), SPANS)
def test_a_change_of_speed_makes_no_jump(before: int, after: int, span: timedelta) -> None:
    clock = Clock(WALL, OWN, before)
    at = WALL + span

    changed = clock.with_speed(after, at)

    assert changed.own(at) == clock.own(at)
    assert changed.own(at + timedelta(seconds=1)) == clock.own(at) + timedelta(seconds=after)


def test_the_speed_cannot_change_before_the_last_change() -> None:
    with pytest.raises(ValueError, match="was set at"):
        Clock(WALL, OWN).with_speed(60, WALL - timedelta(seconds=1))


@pytest.mark.parametrize("speed", [0, -1, 2, 3600])
def test_other_speeds_are_refused(speed: int) -> None:
    with pytest.raises(ValueError, match="A clock runs at"):
        Clock(WALL, OWN, speed)
