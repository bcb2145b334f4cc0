"""`make faults`: every fault of the table with its tests, short and long. Names of faults run those alone: F3 F6.

Prints a line for each: how long its tests took together, and whether they passed, failed, or were not run and why.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest

from tests.faults.figures import say
from tests.faults.table import Fault, faults

Outcome = tuple[str, float, str]
"""What became of a test, the seconds it took, and why it was not run."""


class Outcomes:
    """A plugin of pytest that keeps what became of each test, by its id without parameters too."""

    def __init__(self) -> None:
        self.by_test: dict[str, list[Outcome]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        why = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
        if report.when == "call" or report.failed or report.skipped:
            for name in {report.nodeid, report.nodeid.partition("[")[0]}:
                self.by_test.setdefault(name, []).append((report.outcome, report.duration, why))


def line_of(fault: Fault, outcomes: Outcomes) -> tuple[str, bool]:
    """Returns the fault's line, and whether nothing of it failed."""
    tests = (*fault.short, *fault.long)
    found = [one for test in tests for one in outcomes.by_test.get(test, [("missing", 0.0, "")])]
    reasons = [why.removeprefix("Skipped: ") for outcome, _, why in found if outcome == "skipped"]
    is_good = all(outcome in {"passed", "skipped"} for outcome, *_ in found)
    passed = sum(outcome == "passed" for outcome, *_ in found)
    result = f"{passed} passed" if is_good else "FAILED"
    if not passed and is_good:
        result = "not run"
    not_run = "; ".join([*reasons, *([fault.not_run] if fault.not_run else [])])
    seconds = sum(seconds for _, seconds, _ in found)
    words = f"{fault.id:4} {seconds:7.1f} s  {result:11} {fault.what}"
    return words + (f"\n{'':27}not run: {not_run}" if not_run else ""), is_good


def main(names: Sequence[str]) -> int:
    chosen = [fault for fault in faults() if not names or fault.id in names]
    tests = sorted({test for fault in chosen for test in (*fault.short, *fault.long)})
    outcomes = Outcomes()
    pytest.main(["-q", "-n0", "-p", "no:cacheprovider", *tests], plugins=[outcomes])
    lines = [line_of(fault, outcomes) for fault in chosen]
    say("\n".join(words for words, _ in lines))
    return 0 if all(is_good for _, is_good in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
