"""Whose turn it is to listen: of several listeners at one PostgreSQL one does, and the next when that one is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import Error, connection

LOCK = ("readyby", "listener")


class ListenerTurn:
    """Held by a lock of a database session of its own, in a thread of its own: who dies or is cut off loses it.

    With SQLite one process does everything, and it always is its turn.
    """

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, "listener-turn")
        self._is_held = False

    def is_mine(self) -> bool:
        """Takes the turn where it is free, and makes sure of it where it was taken; in `thread`.

        Raises django.db.Error, and has lost it, where the database is away.
        """
        if connection.vendor != "postgresql":
            return True
        try:
            with connection.cursor() as cursor:
                if self._is_held:
                    # While the session lives, so does its lock.
                    cursor.execute("SELECT true")
                else:
                    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), hashtext(%s))", LOCK)
                self._is_held = bool(cursor.fetchone()[0])
        except Error:
            self._lose()
            raise
        return self._is_held

    def give_back(self) -> None:
        """Lets the next one have it at once; in `thread`."""
        if self._is_held:
            # Of a session that was only closed the server hears a moment later.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", LOCK)
        self._lose()

    def _lose(self) -> None:
        self._is_held = False
        connection.close()
