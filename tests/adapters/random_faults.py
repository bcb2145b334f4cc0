"""Any faults, for property tests; instants lie in the day and a half from NOW on."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import strategies as st

from charging.adapters.vehicles.fault_parts import Act, DailyAct, Deed, Flapping, LoadBalancing, Period, Timer
from charging.adapters.vehicles.faults import Faults
from tests.adapters.gateway_contract import NOW

HOURS = 36
ZONES = ("UTC", "Europe/Oslo", "America/St_Johns", "Australia/Lord_Howe")

instants = st.integers(0, HOURS * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))
percents = st.integers(0, 100).map(float)
local_times = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(minutes // 60, minutes % 60))
shares = st.sampled_from((0.0, 0.0, 0.3, 0.9))
deeds = st.sampled_from(Deed)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start: datetime = draw(instants)
    return Period(start, start + timedelta(seconds=draw(st.integers(1, 6 * 3600))))


few_periods = st.lists(periods(), max_size=2).map(tuple)
intervals = st.integers(60, 3600).map(lambda seconds: timedelta(seconds=seconds))
timers = st.tuples(st.none() | local_times, st.none() | local_times).filter(
    lambda pair: (pair[0] or time(12)) != (pair[1] or time(12))
)
limits = st.none() | percents

faults = st.builds(
    Faults,
    timezone_name=st.sampled_from(ZONES),
    usual_limit_percent=limits,
    power_factor=st.sampled_from((1.0, 0.85, 0.7)),
    load_balancing=st.none() | st.builds(LoadBalancing, intervals),
    power_cuts=few_periods,
    flapping=st.none() | st.builds(Flapping, periods(), intervals),
    timer=st.none() | timers.map(lambda pair: Timer(*pair)),
    ceiling_percent=limits,
    extra_wake_up=st.sampled_from((timedelta(0), timedelta(minutes=4))),
    lost_after_sleep_share=shares,
    starts_to_ignore=st.integers(0, 2),
    stops_to_ignore=st.integers(0, 2),
    conflicts=few_periods,
    lost_reply_share=shares,
    silent=few_periods,
    stale=few_periods,
    stale_share=shares,
    duplicate_share=shares,
    late_share=shares,
    reported_schedule=st.sampled_from(("", "Departure 07:00")),
    undoes_after=st.none() | intervals,
    pauses_after=st.none() | intervals,
    daily=st.lists(st.builds(DailyAct, deeds, local_times, percents), max_size=2).map(tuple),
    once=st.lists(st.builds(Act, deeds, instants, percents), max_size=2).map(tuple),
    irregular_starts_per_day=st.integers(0, 3),
)
"""Faults with everything at once."""
