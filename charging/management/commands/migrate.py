"""`manage.py migrate`: Django's own, which on PostgreSQL never keeps others waiting long for a lock that it waits for.

Whoever waits for a lock on a table makes everybody who comes after wait too. So a migration gives its lock up after
`--lock-timeout`, is rolled back, rests and is tried again; what was applied before it stays applied.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from time import sleep
from typing import Any

import structlog
from django.core.management import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DatabaseError, OperationalError, connections

from charging.operations.changed_tables import changed_tables
from charging.operations.short_locks import ShortLocks, is_lock_refused, oldest_transaction

log = structlog.get_logger(__name__)

LOCK_SECONDS = 2.0
TRIES = 30
RESTS = (1.0, 15.0)
"""Seconds: the first rest, and the longest; each is drawn from half of that to the whole."""


class Command(migrate.Command):
    failed = 0
    """Tries in a row of the migration that is being applied."""
    applying: object = None
    locks: ShortLocks | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout", type=float, default=LOCK_SECONDS, help="seconds to wait for a lock (PostgreSQL)"
        )
        parser.add_argument("--tries", type=int, default=TRIES, help="how often one migration is tried (PostgreSQL)")
        parser.add_argument("--seed", type=int, help="draws the rests between two tries")

    def handle(self, *args: Any, **options: Any) -> None:
        """Applies what is to be applied. Raises CommandError where one migration was tried in vain too often."""
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        self.locks = locks = ShortLocks(connection, seconds=options["lock_timeout"])
        try:
            with connection.execute_wrapper(locks):
                self._repeat(locks, *args, **options)
        finally:
            # In a transaction that has failed the setting goes with it.
            with suppress(DatabaseError):
                locks.end()

    def _repeat(self, locks: ShortLocks, *args: Any, **options: Any) -> None:
        draw = Random(options["seed"])  # noqa: S311 - no secret
        while True:
            locks.begin()
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if locks.connection.in_atomic_block or not is_lock_refused(error):
                    raise
                self._rest_or_give_up(error, draw, options)

    def _rest_or_give_up(self, error: OperationalError, draw: Random, options: dict[str, Any]) -> None:
        self.failed += 1
        holder = oldest_transaction(connections[options["database"]])
        if self.failed >= options["tries"]:
            message = f"{self.applying}: no lock within {options['lock_timeout']} s in {self.failed} tries."
            raise CommandError(f"{message} {holder} Nothing of it is applied; run migrate again.") from error
        rest = rest_after(self.failed, draw)
        log.warning(
            "a migration is tried again: others hold what it locks",
            migration=str(self.applying), tries=self.failed, rest_seconds=round(rest, 1), holder=holder,
        )  # fmt: skip
        sleep(rest)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if self.locks is None:
            return
        if action in {"apply_start", "unapply_start"}:
            self.applying = migration
            self.locks.begin(changed_tables(migration, self.locks.connection))
        elif action in {"apply_success", "unapply_success"}:
            self.failed = 0
            self.locks.begin()


def rest_after(failed: int, draw: Random) -> float:
    """Seconds to rest after so many tries: longer each time, and never two alike."""
    first, longest = RESTS
    return min(first * 2.0 ** (failed - 1), longest) * draw.uniform(0.5, 1)
