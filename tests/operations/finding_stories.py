"""A car that is judged after each of its nights, for tests of findings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from charging.models import Activity, Finding
from charging.operations.findings import answer_finding, judge_interference
from tests.core.interference_stories import (
    DAY,
    HELD,
    IDLE,
    UNPLUGGED,
)
from tests.core.night_stories import MONDAY, tell
from tests.operations.stored_nights import make_car, store


class Story:
    """A car that is judged after each of its nights."""

    def __init__(self, **values: Any) -> None:
        self.car = make_car(**values)
        self.day = MONDAY
        self.now = tell(*IDLE).plugged_in_at

    def live(self, *stories: tuple[str, ...]) -> list[Finding]:
        """Stores and judges one night after the other. Returns what is open then."""
        for lines in stories:
            self.now = store(self.car, tell(*lines, day=self.day))
            self.day += DAY
            judge_interference(vehicle=self.car, now=self.now)
        return list(Finding.objects.open().order_by("pk"))

    def judge(self) -> list[Finding]:
        return judge_interference(vehicle=self.car, now=self.now)

    def only(self) -> Finding:
        return Finding.objects.get()

    def answer(self, answer: str) -> None:
        answer_finding(finding=self.only(), answer=answer, now=self.now + timedelta(hours=1))

    def told(self) -> list[str]:
        codes = Activity.objects.filter(code__startswith="finding").order_by("at", "pk")
        return list(codes.values_list("code", flat=True))


def started_at(clock: str) -> tuple[str, ...]:
    """A night in which a held car begins to charge at that time, and is stopped."""
    return (*HELD, f"{clock} charges", f"{clock[:2]}:58 stops", UNPLUGGED)
