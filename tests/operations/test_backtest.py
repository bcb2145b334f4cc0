"""The backtest on the bundled prices of December 2025 and sessions made here, and on measured ones where they lie."""

import csv
import gzip
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from charging.core.facts import PriceInterval
from charging.operations import backtest_calendar as calendar
from charging.operations.backtest import run_backtest
from charging.operations.backtest_car import make_metered_car
from charging.operations.backtest_files import PlugIn, PriceHistory, read_plug_ins, read_prices

SAMPLE = Path(__file__).parents[2] / "charging" / "data" / "sample_prices.csv.gz"
OSLO = ZoneInfo("Europe/Oslo")
EVENING = datetime(2019, 1, 7, 16, 30, tzinfo=UTC)
"""A Monday, 17:30 in Oslo."""
HOUR, QUARTER, DAY = timedelta(hours=1), timedelta(minutes=15), timedelta(days=1)
COLUMNS = ("session_id", "user_id", "plugin_utc", "plugout_utc", "energy_kwh")
PRICE_COLUMNS = ("utc_start", "area", "resolution_minutes", "price")


def make_plug_in(
    number: int = 1, *, start: datetime = EVENING, hours: float = 14.0, energy_kwh: float = 15.0
) -> PlugIn:
    return PlugIn(str(number), f"user {number % 3}", start, start + timedelta(hours=hours), energy_kwh)


def make_plug_ins() -> list[PlugIn]:
    """Eight nights with time to spare, an afternoon without any, and one that nobody could make ready."""
    nights = [
        make_plug_in(number, start=EVENING + number * DAY, energy_kwh=3.0 + 5 * number, hours=13 + number / 3)
        for number in range(8)
    ]
    tight = make_plug_in(8, hours=2.0, energy_kwh=14.4)
    return [*nights, tight, make_plug_in(9, hours=2.0, energy_kwh=20.0)]


def make_history(prices: Sequence[float], start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> PriceHistory:
    starts = tuple(start + index * QUARTER for index in range(len(prices)))
    return PriceHistory(
        tuple(PriceInterval(at, at + QUARTER, price) for at, price in zip(starts, prices, strict=True)), starts
    )


def make_file(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def make_session_file(folder: Path, plug_ins: Sequence[PlugIn]) -> Path:
    rows = [(one.session_id, one.user_id, one.plugged_in_at, one.unplugged_at, one.energy_kwh) for one in plug_ins]
    return make_file(folder / "sessions.csv.gz", COLUMNS, rows)


def run_command(prices: Path, sessions: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("backtest", "--prices", prices, "--sessions", sessions, "--json", *options, stdout=out)
    figures: dict[str, Any] = json.loads(out.getvalue())
    return figures


@pytest.fixture(scope="module")
def december() -> PriceHistory:
    return read_prices(SAMPLE)["NO2"]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    sessions = make_session_file(tmp_path_factory.mktemp("backtest"), make_plug_ins())
    return run_command(SAMPLE, sessions, "--areas", "NO2,DK1")


def test_every_session_that_charging_at_once_makes_ready_is_ready(figures: dict[str, Any]) -> None:
    assert (figures["sessions"], figures["excluded"]) == (10, 0)
    assert (figures["ready"], figures["ready_if_charged_at_once"]) == (9, 9)
    assert figures["not_ready_though_possible"] == []


def test_the_cost_lies_between_the_optimum_and_charging_at_once(figures: dict[str, Any]) -> None:
    assert 0 < figures["cost_optimum"] < figures["cost"] < figures["cost_charged_at_once"]
    assert figures["cost_ratio"] == pytest.approx(figures["cost"] / figures["cost_optimum"], abs=1e-3)
    assert figures["cost_ratio"] < 1.05
    assert figures["saving_share"] == pytest.approx(1 - figures["cost"] / figures["cost_charged_at_once"], abs=1e-3)


def test_cars_are_started_seldom(figures: dict[str, Any]) -> None:
    assert 1 <= figures["starts_mean"] <= 3
    assert figures["starts_max"] <= 5


def test_the_figures_name_everything_that_was_assumed(figures: dict[str, Any]) -> None:
    assert figures.keys() == {
        "sessions", "excluded", "ready", "ready_if_charged_at_once", "not_ready_though_possible", "cost",
        "cost_charged_at_once", "cost_optimum", "cost_ratio", "saving_share", "starts_mean", "starts_max",
        "plan_changes_mean", "seconds", "cpu_seconds_per_1000_sessions", "power_factor", "stale_share",
        "failed_starts", "assumptions",
    }  # fmt: skip
    assert {"battery_capacity_kwh", "charge_limit_percent", "power_kw", "deadline", "areas", "seed"} <= figures[
        "assumptions"
    ].keys()
    assert "Battery size, charging power and deadline are assumptions" in figures["assumptions"]["note"]
    assert "over the sessions of a user_id" in figures["assumptions"]["learning_between_sessions"]


@pytest.mark.parametrize("power_factor", [0.85, 0.7])
def test_cars_that_draw_less_than_assumed_are_ready_too(power_factor: float, december: PriceHistory) -> None:
    found = run_backtest(histories={"NO2": december}, plug_ins=make_plug_ins()[:6], power_factor=power_factor)

    assert found["ready"] == found["ready_if_charged_at_once"] == 6


def test_the_seed_decides_everything(december: PriceHistory) -> None:
    def run(seed: int) -> dict[str, Any]:
        figures = run_backtest(histories={"NO2": december}, plug_ins=make_plug_ins(), seed=seed, limit=4)
        return {name: value for name, value in figures.items() if "seconds" not in name}

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_sessions_without_prices_are_excluded_and_counted() -> None:
    too_long = make_plug_in(hours=500)

    figures = run_backtest(histories={"NO2": make_history([0.1] * 96 * 12)}, plug_ins=[too_long])

    assert (figures["sessions"], figures["excluded"]) == (0, 1)
    assert (figures["cost_ratio"], figures["saving_share"]) == (None, None)


def test_a_history_knows_what_it_covers() -> None:
    full = make_history([0.1] * 10)
    gap = PriceHistory(full.intervals[:5] + full.intervals[6:], full.starts[:5] + full.starts[6:])

    assert full.covers(full.starts[0], full.starts[9] + QUARTER)
    assert gap.covers(full.starts[0] + QUARTER / 2, full.starts[4])
    assert not gap.covers(full.starts[0], full.starts[9])
    assert not full.covers(full.starts[0] - QUARTER, full.starts[9])
    assert not full.covers(full.starts[0], full.starts[9] + 2 * QUARTER)
    assert not full.covers(full.starts[9] + HOUR, full.starts[9] + 2 * HOUR)


def test_a_session_is_not_moved_onto_missing_prices() -> None:
    weeks_of_quarters = 96 * 7 * 3
    full = make_history([0.1] * weeks_of_quarters)
    every_other = PriceHistory(full.intervals[::2], full.starts[::2])

    assert calendar.move_into(make_plug_in(), full, OSLO, seed=1) is not None
    assert calendar.move_into(make_plug_in(), every_other, OSLO, seed=1) is None


def test_a_session_keeps_its_weekday_and_local_time_across_daylight_saving() -> None:
    summer = make_history([0.1] * 96 * 60, start=datetime(2026, 6, 1, tzinfo=UTC))

    moved = calendar.move_into(make_plug_in(), summer, OSLO, seed=5)

    assert moved is not None
    assert (moved.plugged_in_at.weekday(), moved.plugged_in_at.astimezone(OSLO).hour) == (0, 17)
    assert moved.plugged_in_at.hour == 15
    assert moved.unplugged_at - moved.plugged_in_at == 14 * HOUR


def test_a_planner_never_sees_a_price_that_was_not_out() -> None:
    history = make_history([0.1] * 96 * 9 + [9.9] * 96 * 2)
    plugged_in_at, deadline = history.starts[96 * 8 + 40], history.starts[96 * 9 + 40]
    published = history.starts[96 * 9]

    seen = calendar.prices_seen(history, plugged_in_at, deadline, published, OSLO)

    assert [one for one in seen if one.price_per_kwh == 9.9] == []
    assert all(one.is_estimate == (one.start >= published) for one in seen)
    assert (seen[0].start, seen[-1].end) == (plugged_in_at, deadline)


def test_the_meter_prices_energy_by_the_quarter_it_flows_in() -> None:
    history = make_history([0.10, 0.20, 0.30, 0.40] * 4)
    plug_in = PlugIn("1", "anna", history.starts[0], history.starts[8], energy_kwh=5.4)
    metered = make_metered_car(plug_in, history, power_kw=7.2, power_factor=1.0, seed=1)

    metered.run_to(plug_in.unplugged_at)

    assert metered.energy_kwh == pytest.approx(5.4)
    assert metered.cost == pytest.approx(1.8 * (0.10 + 0.20 + 0.30))
    assert metered.starts == 1


def test_files_are_read_with_hours_split_into_quarters_and_sessions_without_energy_left_out(tmp_path: Path) -> None:
    prices = make_file(
        tmp_path / "prices.csv.gz",
        PRICE_COLUMNS,
        [("2026-01-01T00:00:00Z", "NO2", 60, 80), ("2026-01-01T00:00:00Z", "NO2", 60, 80)],
    )
    sessions = make_session_file(tmp_path, [make_plug_in(1), make_plug_in(2, energy_kwh=0.0), make_plug_in(3, hours=0)])

    history = read_prices(prices)["NO2"]

    assert [float(one.price_per_kwh) for one in history.intervals] == [0.08] * 4
    assert history.starts[3] - history.starts[0] == 3 * QUARTER
    assert read_plug_ins(sessions) == [make_plug_in(1)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(("--areas", "NO2,XX"), "No prices of XX", id="area without prices"),
        pytest.param(("--stale", "1"), "The stale share must be", id="nothing but old readings"),
        pytest.param(("--failed-starts", "-1"), "The stale share must be", id="less than no failed start"),
        pytest.param(("--power-factor", "0"), "The power must be positive", id="no power"),
        pytest.param(("--power-factor", "1.2"), "The power must be positive", id="more power than assumed"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    sessions = make_session_file(tmp_path, [make_plug_in()])

    with pytest.raises(CommandError, match=message):
        run_command(SAMPLE, sessions, *options)


@pytest.mark.parametrize(
    "content", [b"utc_start,area", gzip.compress(b"utc_start,area\n" * 99)[:-12]], ids=["no gzip", "gzip cut off"]
)
def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read"):
        run_command(broken, broken)


def test_without_json_the_figures_come_as_lines(tmp_path: Path) -> None:
    out = StringIO()
    sessions = make_session_file(tmp_path, [make_plug_in()])

    call_command("backtest", "--prices", SAMPLE, "--sessions", sessions, "--areas", "NO2", stdout=out)

    assert out.getvalue().splitlines()[0] == "sessions: 1"


if "READYBY_DATA" in os.environ:
    FOLDER = Path(os.environ["READYBY_DATA"]) / "prices_and_sessions"

    @pytest.mark.parametrize(("power_factor", "most"), [(1.0, 1.03), (0.85, 1.06), (0.7, 1.06)])
    def test_on_measured_data_every_car_is_ready_at_nearly_the_least_cost(power_factor: float, most: float) -> None:
        figures = run_command(
            FOLDER / "prices_15min.csv.gz",
            FOLDER / "sessions_trondheim_home.csv.gz",
            *("--areas", "DK1,NO2,DE-LU,NL,SE4", "--limit", "300", "--power-factor", str(power_factor)),
        )

        assert figures["not_ready_though_possible"] == []
        assert figures["ready"] == figures["ready_if_charged_at_once"]
        assert figures["cost_ratio"] <= most
