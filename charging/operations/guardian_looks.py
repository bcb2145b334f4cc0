"""The guardian's looks at the database. One that does not come back keeps no car from being started without it.

A database whose processes stand still answers nothing and refuses nothing: whoever waits for it waits for ever. So each
look is made by a thread, and the guardian itself never asks the database anything.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import structlog
from django.db import connections

log = structlog.get_logger(__name__)

SILENT_AFTER_SECONDS = 30.0
"""A look that has taken so long has met a database that is away."""


class Looks:
    """`look` asks the database, and goes on without it by itself where it learns that it is away; `alone` asks none."""

    def __init__(self, look: Callable[[], None], alone: Callable[[], None]) -> None:
        self._look, self._alone = look, alone
        self._thread: Thread | None = None
        self._since = 0.0

    def turn(self, *, at: float) -> None:
        """Begins a look where none is on its way; goes on without the database where one has been for too long.

        `at`: seconds of a clock that only goes forward.
        """
        if self._thread is None or not self._thread.is_alive():
            self._thread, self._since = Thread(target=self._run, name="look", daemon=True), at
            self._thread.start()
        elif at - self._since >= SILENT_AFTER_SECONDS:
            log.error("the database does not answer", seconds=round(at - self._since))
            self._alone()

    def finish(self, seconds: float) -> None:
        """Waits for the look that is on its way, no longer than so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._look()
        except Exception:
            log.exception("the guardian cannot look at the database")
            self._alone()
        finally:
            # The next look has another thread, and each thread a connection of its own.
            connections.close_all()
