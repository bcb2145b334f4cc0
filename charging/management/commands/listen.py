"""`manage.py listen`: hears from every connected Home Assistant what changes, so that it counts within seconds.

One listens, and a second one takes over when it is gone; with none the cars are asked every few minutes.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection

from charging.management.commands.sweep import stopped_by_signals
from charging.operations.listener import listen


class Command(BaseCommand):
    help = "Listen to every connected Home Assistant, until told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if connection.vendor == "sqlite":
            raise CommandError("With SQLite the one process listens itself: no listener is needed.")
        listen(stopped_by_signals(), seed=secrets.randbits(64))
