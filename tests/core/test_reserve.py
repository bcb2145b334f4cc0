"""The time kept free before a deadline, by what is known."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.core import energy
from charging.core.facts import Car
from charging.core.learned import Learned
from charging.core.reserve import Knowledge, knowledge_of, reserve, reserve_until_seen, share_of_usual
from tests.core.make import make_car, make_learned

DURATIONS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3))


@given(DURATIONS, DURATIONS)
def test_the_reserve_grows_with_the_charging_time_and_shrinks_with_knowledge(a: timedelta, b: timedelta) -> None:
    shorter, longer = sorted((a, b))

    assert all(reserve(shorter, knowledge) <= reserve(longer, knowledge) for knowledge in Knowledge)
    assert all(reserve(longer, more) <= reserve(longer, less) for less, more in pairwise(Knowledge))
    assert reserve(longer, Knowledge.OBSERVED) < reserve(longer, Knowledge.LEARNED) < reserve(longer, Knowledge.NOTHING)


@pytest.mark.parametrize(
    ("knowledge", "minutes"),
    [(Knowledge.NOTHING, 128), (Knowledge.LEARNED, 39), (Knowledge.OBSERVED, 22), (Knowledge.BOTH, 17.2)],
    ids=lambda value: value.name.lower() if isinstance(value, Knowledge) else str(value),
)
def test_before_four_hours_of_charging_so_many_minutes_are_kept_free(knowledge: Knowledge, minutes: float) -> None:
    assert reserve(timedelta(hours=4), knowledge) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("knowledge", "share"), [(Knowledge.NOTHING, 0.7), (Knowledge.LEARNED, 0.5)], ids=["unknown", "learned"]
)
def test_until_the_power_is_seen_a_start_is_safe_for_a_car_that_draws_much_less(
    knowledge: Knowledge, share: float
) -> None:
    assumed, real = energy.charging_time(20, 80, 60.0, 10.0), energy.charging_time(20, 80, 60.0, 10.0 * share)

    assert assumed + reserve_until_seen(assumed, knowledge) >= real + timedelta(minutes=10)


@pytest.mark.parametrize("knowledge", [Knowledge.NOTHING, Knowledge.OBSERVED, Knowledge.BOTH], ids=lambda it: it.name)
def test_a_plan_that_rests_on_nothing_learned_keeps_one_reserve(knowledge: Knowledge) -> None:
    assert reserve_until_seen(timedelta(hours=4), knowledge) == reserve(timedelta(hours=4), knowledge)


@pytest.mark.parametrize(
    ("learned", "observed_kw", "knowledge"),
    [
        pytest.param(None, None, Knowledge.NOTHING, id="a first plug-in"),
        pytest.param(make_learned(sessions=2), None, Knowledge.NOTHING, id="too few plug-ins"),
        pytest.param(make_learned(shortfall=0.2), None, Knowledge.NOTHING, id="an unsteady place"),
        pytest.param(make_learned(), None, Knowledge.LEARNED, id="a known place"),
        pytest.param(None, 7.2, Knowledge.OBSERVED, id="seen"),
        pytest.param(make_learned(sessions=2), 7.2, Knowledge.OBSERVED, id="seen, too few plug-ins before"),
        pytest.param(make_learned(), 6.5, Knowledge.OBSERVED, id="seen, slower than usual"),
        pytest.param(make_learned(), 7.1, Knowledge.BOTH, id="seen, a little slower than usual"),
        pytest.param(make_learned(power_kw=11.0), 7.2, Knowledge.BOTH, id="seen, all that the car can take"),
        pytest.param(make_learned(power_kw=5.0), 7.2, Knowledge.BOTH, id="seen, faster than usual"),
    ],
)
def test_what_is_known(learned: Learned | None, observed_kw: float | None, knowledge: Knowledge) -> None:
    assert knowledge_of(make_car(learned=learned, observed_power_kw=observed_kw)) == knowledge


@pytest.mark.parametrize(
    ("car", "share"),
    [
        pytest.param(make_car(learned=make_learned(), observed_power_kw=3.6), 0.5, id="half"),
        pytest.param(make_car(learned=make_learned(power_kw=6.0)), 1.0, id="more"),
        pytest.param(make_car(learned=make_learned(power_kw=11.0), observed_power_kw=3.6), 0.5, id="half of its most"),
        pytest.param(make_car(learned=make_learned(sessions=1), observed_power_kw=3.6), 1.0, id="nothing is usual yet"),
        pytest.param(make_car(learned=None), 1.0, id="nothing learned"),
        pytest.param(make_car(learned=make_learned(), observed_power_kw=None), 1.0, id="not seen"),
    ],
)
def test_the_power_is_a_share_of_the_usual_one(car: Car, share: float) -> None:
    assert share_of_usual(car) == pytest.approx(share)
