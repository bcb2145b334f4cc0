"""`manage.py sweep`: what the periodic jobs do, done by this process without any broker."""

from __future__ import annotations

import os
import signal
from threading import Event
from types import FrameType
from typing import Any

import structlog
from celery import current_app
from django.core.management import BaseCommand, CommandParser
from django.db import close_old_connections, connection

log = structlog.get_logger(__name__)

JOBS = ("charging.tasks.sweep", "charging.tasks.send_commands", "charging.api.tasks.send_webhooks")


class Command(BaseCommand):
    help = "Look at every car whose time has come, send commands and webhooks; once, or every so many seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, help="go on until told to stop, with this pause in seconds")

        parser.add_argument("--child-of", type=int, help="with --every: end when this parent process has gone")

    def handle(self, *_args: Any, every: float | None, child_of: int | None = None, **_options: Any) -> None:
        current_app.loader.import_default_modules()
        stop = stopped_by_signals()
        while True:
            for name in JOBS:
                do(name) if every is not None else current_app.tasks[name]()
            if every is None or stop.wait(every):
                return
            if child_of is not None and os.getppid() != child_of:
                log.warning("the process that started the sweeping has gone")
                return
            close_old_connections()


def do(name: str) -> None:
    """Does one job of many turns: what fails is logged and tried again at the next turn, and the others go on."""
    try:
        current_app.tasks[name]()
    except Exception:
        log.exception("a job failed", job=name)
        # One that broke is not asked again.
        connection.close()


def stopped_by_signals() -> Event:
    """Set by SIGINT or SIGTERM, so that what runs is brought to its end."""
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    return stop
