import re

import pytest

from charging.core.states import (
    ENDED,
    EXECUTING,
    ROWS,
    TRANSITIONS,
    WITHOUT_PLAN,
    Event,
    State,
    draw,
    moved_by,
    next_state,
)


@pytest.mark.parametrize("event", Event, ids=lambda event: event.name)
def test_every_state_handles_the_event_exactly_once(event: Event) -> None:
    rows = [row for row in ROWS if row.event == event]
    mentions = [sources for row in rows for sources in (*(sources for sources, _ in row.moves), row.stays)]

    times_handled = {state.name: sum(state in sources for sources in mentions) for state in State}

    assert times_handled == {state.name: 1 for state in State}


def test_the_states_are_the_eighteen_of_the_contract_in_three_groups() -> None:
    assert len(State) == 18
    assert sorted((*WITHOUT_PLAN, *EXECUTING, *ENDED)) == sorted(State)


def test_an_event_that_moves_a_state_leads_to_another_one() -> None:
    assert all(next_state(state, event) != state for event in Event for state in moved_by(event))
    assert all(next_state(state, event) == state for event in Event for state in set(State) - moved_by(event))


def test_every_event_moves_some_state() -> None:
    assert all(moved_by(event) for event in Event)


def test_every_state_can_be_reached_from_disabled() -> None:
    reached: set[State] = set()
    ahead = {State.DISABLED}
    while ahead:
        reached |= ahead
        ahead = {target for (source, _), target in TRANSITIONS.items() if source in ahead} - reached

    assert reached == set(State)


def test_an_ended_plan_never_runs_again() -> None:
    assert all(next_state(state, event) not in EXECUTING for state in ENDED for event in Event)


def test_only_ends_lead_out_of_a_running_plan() -> None:
    assert all(next_state(state, event) in EXECUTING | ENDED for state in EXECUTING for event in Event)


def test_the_diagram_names_every_state_and_labels_every_arrow() -> None:
    lines = draw().splitlines()

    assert lines[:2] == ["stateDiagram-v2", "    [*] --> DISABLED"]
    assert all(any(state.name in line for line in lines) for state in State)
    assert all(any(event.value in line for line in lines) for event in Event)
    assert "    DISABLED --> CONSIDERING: policy on" in lines
    assert "        STOPPED --> STARTING: time to charge / no telemetry for two hours / lease not renewed" in lines


def test_what_ends_every_running_plan_is_drawn_as_one_arrow() -> None:
    lines = [line for line in draw().splitlines() if ": unplugged" in line]

    assert "    EXECUTING --> UNPLUGGED: unplugged" in lines
    assert not any(line.strip().startswith("STARTED --> UNPLUGGED") for line in lines)


def test_the_running_states_are_drawn_in_one_box_with_the_arrows_among_them_alone() -> None:
    text = draw()
    head, box, rest = re.fullmatch(r"(.*)    state EXECUTING \{\n(.*?)    \}\n(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]

    running = {state.name for state in EXECUTING}
    arrows = [re.fullmatch(r" {8}(\w+) --> (\w+): .+", line) for line in box.splitlines()]
    assert arrows
    assert all(arrow is not None and {arrow[1], arrow[2]} <= running for arrow in arrows)
    assert head.splitlines() == ["stateDiagram-v2", "    [*] --> DISABLED"]
    assert all(line.startswith("    ") and line[4] != " " for line in rest.splitlines())
    assert text.endswith("\n")
    assert rest.splitlines()[-1].startswith("    ")
