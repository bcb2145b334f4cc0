"""A client of the database that notes what was committed, to see what is left of that after a crash."""

from __future__ import annotations

import contextlib
from threading import Event, Thread

import psycopg

PAUSE_SECONDS = 0.02
RETRY_SECONDS = 0.3


class Writer:
    """Writes 1, 2, 3 ... into a table of its own, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.committed: list[int] = []
        self._stopped = Event()
        self._thread = Thread(target=self._write, daemon=True)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE faults_committed (number bigint PRIMARY KEY)")

    @property
    def written(self) -> int:
        return len(self.committed)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(30)

    def _write(self) -> None:
        number = 0
        while not self._stopped.wait(RETRY_SECONDS):
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=5) as connection:
                connection.autocommit = True
                while not self._stopped.wait(PAUSE_SECONDS):
                    number += 1
                    connection.execute("INSERT INTO faults_committed VALUES (%s)", [number])
                    self.committed.append(number)

    def lost(self) -> int:
        """How many of the committed numbers are not there."""
        with psycopg.connect(self.url) as connection:
            there = {row[0] for row in connection.execute("SELECT number FROM faults_committed")}
        return len(set(self.committed) - there)
