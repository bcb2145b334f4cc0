"""Real processes of a test: few, for a bounded time, each the head of its own group, ended by that group only."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.house.sources import ROOT


class TooMuchError(Exception):
    """More processes were asked for than were declared."""


@dataclass
class Started:
    """A process; `group` is its recorded process group, and what it wrote stands in `output`."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def group(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, number: int) -> None:
        """Sends a signal to the group; one that is gone is left alone."""
        if self.is_running():
            os.killpg(self.group, number)

    def kill(self) -> None:
        """Kills the whole group at once, children too, also those that outlived its head."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        self.process.wait()

    def end(self, seconds: float = 30) -> int:
        """Asks for an end and waits for it; kills what does not come to one. Returns the exit code."""
        self.send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()
        return int(self.process.returncode)


@dataclass
class Processes:
    """Starts processes that write into `folder`; at the end of the block, or of `max_seconds`, none is left."""

    folder: Path
    max_processes: int
    max_seconds: float
    started: list[Started] = field(default_factory=list)
    is_over: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> Self:
        assert self.max_processes <= 12, "RELIABILITY 14.1"
        assert self.max_seconds <= 600, "RELIABILITY 14.1"
        self._timer = threading.Timer(self.max_seconds, self._time_is_up)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        self.kill_all()

    def start(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None, **how: Any
    ) -> Started:
        """Starts a process under setsid. Raises TooMuchError beyond max_processes, or when the time is up."""
        with self._lock:
            if self.is_over:
                raise TooMuchError("the time is up")
            self.started = [one for one in self.started if one.is_running()]
            if len(self.started) >= self.max_processes:
                raise TooMuchError(f"{len(self.started)} processes run already")
            output = self.folder / f"{name}.log"
            with output.open("ab") as log:
                process = subprocess.Popen(
                    list(command),
                    cwd=how.pop("cwd", ROOT),
                    env=dict(environment) if environment is not None else None,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    **how,
                )
            self.started.append(Started(name, process, output))
            return self.started[-1]

    def kill_all(self) -> None:
        with self._lock:
            for one in reversed(self.started):
                one.kill()
            self.started.clear()

    def _time_is_up(self) -> None:
        self.is_over = True
        self.kill_all()


def wait_for(is_so: Callable[[], bool], *, seconds: float, what: str, every: float = 0.1) -> float:
    """Waits until something is so and returns the seconds that took. Raises AssertionError where it never is."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - begun
