"""`manage.py listen` ends when it is told to, and is none where one process does everything."""

from __future__ import annotations

from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from charging.management.commands import listen


@pytest.mark.django_db(transaction=True)
def test_it_listens_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    stop.set()
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(listen, "stopped_by_signals", lambda: stop)

    call_command("listen")


@pytest.mark.django_db
def test_with_sqlite_it_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")

    with pytest.raises(CommandError, match="listens itself"):
        call_command("listen")
