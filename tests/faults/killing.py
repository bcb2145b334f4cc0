"""Kills Readyby's processes again and again and starts them anew, as a supervisor would."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.faults.processes import Started
from tests.faults.readyby import Readyby

CHILD_SHARE = 0.7
"""So often only a child is killed where there is one: its head starts another, which costs less than a whole start."""

HAS_CHILDREN = ("worker", "worker2", "web", "guardian")


@dataclass
class Killer:
    readyby: Readyby
    seed: int
    running: dict[str, Started] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._draw = Random(self.seed)
        self._starts: dict[str, Callable[[], Started]] = {
            "worker": lambda: self.readyby.worker("worker"),
            "worker2": lambda: self.readyby.worker("worker2"),
            "web": self.readyby.web,
            "beat": self.readyby.beat,
            "guardian": self.readyby.guardian,
        }

    def start_all(self) -> None:
        for name in self._starts:
            self.running[name] = self._starts[name]()

    def kill_one(self) -> None:
        """Kills a process or a child of one; whoever is gone is started, also who ended without us."""
        name = self._draw.choice(sorted(self.running))
        children = children_of(self.running[name]) if name in HAS_CHILDREN else []
        if children and self._draw.random() < CHILD_SHARE:
            kill_in_group(self._draw.choice(children), self.running[name].group)
            self.kills[f"{name}'s child"] += 1
        else:
            self.running[name].kill()
            self.kills[name] += 1
        self.revive()

    def revive(self) -> None:
        for name, started in self.running.items():
            if not started.is_running():
                started.kill()
                self.running[name] = self._starts[name]()


def children_of(started: Started) -> list[int]:
    """The children that a process has now."""
    try:
        with open(f"/proc/{started.group}/task/{started.group}/children", encoding="ascii") as listed:
            return [int(child) for child in listed.read().split()]
    except FileNotFoundError:
        return []


def kill_in_group(process: int, group: int) -> None:
    """Kills a process of a recorded group, and nobody else who may have its number by now."""
    try:
        if os.getpgid(process) == group:
            os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass
