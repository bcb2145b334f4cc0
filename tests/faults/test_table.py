"""The table of faults names every fault, and tests that there are, in the lane in which they run."""

from __future__ import annotations

import ast

import pytest

from tests.faults.scenarios import SCENARIOS
from tests.faults.table import faults
from tests.house.sources import ROOT

NAMED = sorted({test for fault in faults() for test in (*fault.short, *fault.long)})


def function_of(test: str) -> ast.FunctionDef | None:
    path, _, name = test.partition("::")
    name = name.partition("[")[0]
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return next((function for function in functions if function.name == name), None)


def is_slow(test: str) -> bool:
    function = function_of(test)
    assert function is not None
    path = ROOT / test.partition("::")[0]
    marks = [ast.unparse(one) for one in function.decorator_list]
    return "pytest.mark.slow" in marks or "pytestmark = pytest.mark.slow" in path.read_text(encoding="utf-8")


def test_every_fault_is_there_once_and_tested_or_says_why_not() -> None:
    table = faults()

    assert [fault.id for fault in table] == [f"F{number}" for number in range(1, 28)]
    assert [fault.id for fault in table if not (fault.short or fault.long or fault.not_run)] == []


@pytest.mark.parametrize("test", NAMED)
def test_a_test_that_is_named_is_there(test: str) -> None:
    assert function_of(test) is not None


def test_long_tests_are_slow_and_the_others_are_not() -> None:
    table = faults()

    assert [test for fault in table for test in fault.long if not is_slow(test)] == []
    assert [test for fault in table for test in fault.short if is_slow(test)] == []


def test_every_scenario_belongs_to_a_fault() -> None:
    named = {test.partition("[")[2].rstrip("]") for test in NAMED if "[" in test}

    assert named == set(SCENARIOS)
