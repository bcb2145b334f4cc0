"""Power and taper, learned from plug-ins."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core.energy import ASSUMED_TAPER, Taper, charging_time
from charging.core.facts import Reading
from charging.core.learned import Learned
from charging.core.learning import KEPT, PlugInPower, learn, observe, remember
from tests.core.charges import CAPACITY_KWH, make_charge, make_plug_ins, make_reading, make_steady_readings, observed
from tests.core.make import HOUR, MINUTE, NOW, make_learned

POWERS = st.lists(st.floats(min_value=1, max_value=22), min_size=1, max_size=KEPT)


def learned_from(*powers_kw: float, taper: Taper | None = None) -> Learned:
    learned = learn(make_plug_ins(*powers_kw, taper=taper))
    assert learned is not None
    return learned


class TestOnePlugIn:
    def test_its_power_lies_on_the_low_side_of_its_readings(self) -> None:
        readings = make_steady_readings(7.2, 7.2, 7.1, 7.2, 6.0, 7.0, 7.2, 7.2, 7.1)

        assert observed(readings).power_kw == 7.0

    @pytest.mark.parametrize(
        "readings",
        [
            pytest.param(make_steady_readings(7.2), id="one reading, which may be the ramp"),
            pytest.param(make_steady_readings(None, 3.0, None, 3.0, None), id="ramps only"),
            pytest.param(make_steady_readings(None, None), id="never charged"),
            pytest.param(make_steady_readings(0.3, 0.3, 0.3), id="kept itself warm"),
            pytest.param(make_steady_readings(3.0, 3.0, 3.0, soc_percent=95.0), id="nearly full from the start"),
            pytest.param([replace(make_reading(NOW, power_kw=7.2), charging_power_kw=None)] * 3, id="power not told"),
            pytest.param([], id="no reading"),
        ],
    )
    def test_some_tell_nothing(self, readings: list[Reading]) -> None:
        assert observe(readings, NOW) is None

    def test_the_reading_after_a_start_does_not_count(self) -> None:
        assert observed(make_steady_readings(None, 2.0, 7.2, None, 1.0, 7.2)).power_kw == 7.2

    def test_order_and_duplicates_change_nothing(self) -> None:
        readings = make_charge(taper=Taper(85.0, 0.3))
        shuffled = [*readings, *readings[:20]]
        random.Random(1).shuffle(shuffled)

        assert observe(shuffled, NOW) == observe(readings, NOW)

    def test_it_lasts_from_plugging_in_to_the_last_reading(self) -> None:
        power = observe(make_steady_readings(7.2, 7.2, 7.2, None), NOW - MINUTE)

        assert power is not None
        assert (power.plugged_in_at, power.until) == (NOW - MINUTE, NOW + 15 * MINUTE)

    def test_a_level_that_is_not_told_tells_no_taper(self) -> None:
        readings = [replace(reading, soc_percent=None) for reading in make_steady_readings(7.2, 7.2, 7.2)]

        assert observed(readings).power_kw == 7.2
        assert observed(readings).taper is None

    def test_near_the_end_it_shows_how_the_power_falls(self) -> None:
        taper = observed(make_charge(taper=Taper(84.0, 0.2))).taper

        assert taper is not None
        assert taper.knee_percent == pytest.approx(84.0, abs=0.3)
        assert taper.floor_fraction == pytest.approx(0.2, abs=0.01)

    def test_begun_at_a_high_level_it_takes_what_it_has_seen_below_the_assumed_knee(self) -> None:
        power = observed(make_charge(from_percent=82.0))

        assert power.power_kw == 11.0
        assert power.taper is not None


@given(POWERS)
def test_what_is_learned_lies_between_the_least_and_the_mean_and_never_above_what_was_seen(powers: list[float]) -> None:
    learned = learned_from(*powers)

    assert min(powers) * (1 - 1e-9) <= learned.power_kw <= max(powers) * (1 + 1e-9)
    assert 0 <= learned.shortfall < 1


class TestSeveral:
    def test_none_teach_nothing(self) -> None:
        assert learn(()) is None

    def test_the_first_is_believed(self) -> None:
        assert learned_from(7.2) == Learned(7.2, 1)

    def test_half_of_a_low_power_is_believed_at_once_and_a_tenth_of_a_high_one(self) -> None:
        assert learned_from(8.0, 4.0).power_kw == pytest.approx(6.0)
        assert learned_from(4.0, 8.0).power_kw == pytest.approx(4.4)

    def test_a_power_that_stays_low_is_learned_in_a_few_plug_ins(self) -> None:
        assert learned_from(*[7.2] * 10, *[3.6] * 5).power_kw < 3.75

    def test_one_odd_low_plug_in_does_not_rule_for_ever(self) -> None:
        after = [learned_from(*[7.2] * 5, 3.6, *[7.2] * count) for count in (0, 7, 14)]

        assert [round(learned.power_kw, 1) for learned in after] == [5.4, 6.3, 6.8]
        assert [learned.is_trusted for learned in after] == [False, False, True]

    def test_of_powers_that_come_and_go_it_stays_on_the_low_side(self) -> None:
        draw = random.Random(7)
        powers = [draw.choice([5.0, 6.0, 7.0, 8.0]) for _ in range(KEPT)]

        assert min(powers) <= learned_from(*powers).power_kw < sum(powers) / len(powers) - 0.3

    @pytest.mark.parametrize(
        ("powers_kw", "is_trusted"),
        [
            pytest.param((7.2, 7.2), False, id="two"),
            pytest.param((7.2, 7.2, 7.2), True, id="three"),
            pytest.param((7.2, 7.2, 6.5), True, id="three, one a little lower"),
            pytest.param((7.2, 7.2, 7.2, 7.2, 5.0), False, id="the last one much lower"),
            pytest.param((3.6, 3.6, 3.6, 7.2), True, id="the last one much higher"),
            pytest.param((7.2, 3.6) * 6, False, id="never the same"),
        ],
    )
    def test_what_was_steady_often_enough_is_trusted(self, powers_kw: tuple[float, ...], is_trusted: bool) -> None:
        assert learned_from(*powers_kw).is_trusted is is_trusted

    def test_the_assumed_taper_stays_until_three_have_shown_another(self) -> None:
        shown = Taper(82.0, 0.25)

        assert learned_from(7.2, 7.2, taper=shown).taper == ASSUMED_TAPER
        assert learned_from(*[7.2] * 9).taper == ASSUMED_TAPER
        assert learned_from(7.2, 7.2, 7.2, taper=shown).taper == shown

    def test_an_early_knee_and_a_low_end_count_more_than_late_and_high_ones(self) -> None:
        tapers = (Taper(90.0, 0.4), Taper(80.0, 0.2), Taper(90.0, 0.4))
        past = tuple(replace(one, taper=taper) for one, taper in zip(make_plug_ins(7, 7, 7), tapers, strict=True))

        learned = learn(past)

        assert learned is not None
        assert learned.taper.knee_percent == pytest.approx(85.5)
        assert learned.taper.floor_fraction == pytest.approx(0.31)


class TestMemory:
    def test_the_newest_are_kept_in_time_order(self) -> None:
        plug_ins = make_plug_ins(*range(1, KEPT + 6))
        past: tuple[PlugInPower, ...] = ()
        for one in random.Random(3).sample(plug_ins, len(plug_ins)):
            past = remember(past, one)

        assert past == plug_ins[-KEPT:]

    def test_what_is_known_better_takes_the_place_of_what_was_known_of_the_same_plug_in(self) -> None:
        first, second = make_plug_ins(7.0, 6.0)
        begun = replace(second, until=second.plugged_in_at + 10 * MINUTE, power_kw=7.2)
        seen_earlier = replace(second, plugged_in_at=second.plugged_in_at - HOUR)

        assert remember(remember((first,), begun), second) == (first, second)
        assert remember((first, second), seen_earlier) == (first, seen_earlier)


TRUTHS = [Taper(knee, floor) for knee in (80.0, 86.0, 90.0, 95.0, 98.0) for floor in (0.1, 0.35, 0.7, 0.9)]


@pytest.mark.parametrize("steps_per_percent", [10, 1], ids=["tenths", "whole percents"])
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: f"from {truth.knee_percent:.0f} to {truth.floor_fraction}")
def test_a_charge_never_takes_longer_than_the_learned_taper_says(truth: Taper, steps_per_percent: int) -> None:
    draw = random.Random(5)
    past: tuple[PlugInPower, ...] = ()
    for number in range(4):
        start, level = NOW + timedelta(days=number), draw.uniform(30, 75)
        readings = make_charge(start=start, from_percent=level, taper=truth, steps_per_percent=steps_per_percent)
        past = remember(past, observed(readings))

    learned = learn(past)

    assert learned is not None
    for level in (40.0, 80.0, 92.0):
        real = charging_time(level, 100.0, CAPACITY_KWH, 11.0, taper=truth)
        assert charging_time(level, 100.0, CAPACITY_KWH, learned.power_kw, taper=learned.taper) >= real * 0.999


def test_a_learned_taper_takes_the_place_of_a_much_too_careful_one() -> None:
    truth = Taper(97.0, 0.6)
    nights = [NOW + timedelta(days=number) for number in range(3)]
    learned = learn(tuple(observed(make_charge(start=night, taper=truth)) for night in nights))

    assert learned is not None
    assert charging_time(50, 100, CAPACITY_KWH, 11.0, taper=learned.taper) < charging_time(50, 100, CAPACITY_KWH, 11.0)


def test_ten_plug_ins_alike_are_what_the_default_story_says() -> None:
    assert learned_from(*[7.2] * 10) == make_learned()
