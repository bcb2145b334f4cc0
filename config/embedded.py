"""Embedded mode: web, Celery worker, beat and listener as threads of one process that stops cleanly."""

import logging
import secrets
import signal
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType
from typing import Any

from celery import beat
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings
from django.core.management import CommandError
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from charging.operations.listener import listen
from config.celery import app
from config.data_folder import hold_data_folder
from config.sweep_watch import watch_until_silent

HOST = "127.0.0.1"
WEB_THREADS = 6
JOIN_SECONDS = 4
# The beat sleeps at most this long, which is how fast it notices that it should stop.
BEAT_MAX_SLEEP_SECONDS = 1

logger = logging.getLogger(__name__)


def run_one_process(*, port: int, prepare: Callable[[], None], announce: Callable[[], None]) -> int:
    """Hold the data folder, bind the port, prepare, then serve until SIGINT or SIGTERM; returns the exit code.

    0 after a signal, 1 when a part stopped by itself. `announce` is called once everything runs.
    Raises DataFolderInUseError, or CommandError when the port is taken.
    """
    hold_data_folder(settings.DATA_DIR)
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    stop = Event()
    listen_for_signals(stop)
    server = bind(port)
    prepare()
    if stop.is_set():
        return 0
    failed = Event()
    scheduler = beat.Service(app, max_interval=BEAT_MAX_SLEEP_SECONDS, scheduler_cls=beat.Scheduler)
    worker = make_worker()
    parts = [
        start_part("web", server.run, stop=stop, failed=failed),
        start_part("worker", worker.start, stop=stop, failed=failed),
        start_part("beat", scheduler.start, stop=stop, failed=failed),
        start_part("listener", lambda: listen(stop, seed=secrets.randbits(64)), stop=stop, failed=failed),
        start_part("watch", lambda: watch_until_silent(stop), stop=stop, failed=failed),
    ]
    announce()
    stop.wait()
    scheduler.stop()
    # Celery's own flag, looked at between two tasks; the message wakes a loop that waits for the next one.
    worker_state.should_stop = 0  # type: ignore[assignment]  # its stubs know the start value only
    app.control.shutdown()
    server.task_dispatcher.shutdown(timeout=JOIN_SECONDS)
    for part in parts[1:]:
        part.join(JOIN_SECONDS)
    return 1 if failed.is_set() else 0


def listen_for_signals(stop: Event) -> None:
    """SIGINT and SIGTERM set `stop` instead of raising into whatever runs at that moment."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)


def server_options() -> dict[str, Any]:
    """How the web server is set up: on loopback alone, and without its name in the answers."""
    # What a proxy says is left in: who may be believed is the settings' to say, and the admin has to know of it.
    return {"host": HOST, "threads": WEB_THREADS, "ident": None, "clear_untrusted_proxy_headers": False}


def bind(port: int) -> MultiSocketServer | BaseWSGIServer:
    """A web server listening on the loopback address only, not yet answering. Raises CommandError for a taken port."""
    from config.wsgi import application  # noqa: PLC0415 - importing it takes the data folder

    try:
        return create_server(application, port=port, **server_options())
    except OSError as error:
        how = "choose another one with --port, or with `make run PORT=...`"
        raise CommandError(f"Port {port} cannot be used ({error.strerror}): {how}.") from None


def make_worker() -> WorkController:
    """A Celery worker for a thread; without finalize, set_current and set_default it would silently consume nothing."""
    app.finalize()
    app.set_current()
    app.set_default()
    return app.WorkController(
        app=app, pool="solo", concurrency=1, without_gossip=True, without_mingle=True, without_heartbeat=True
    )


def start_part(name: str, run: Callable[[], object], *, stop: Event, failed: Event) -> Thread:
    """A started thread around `run`; if that ends before `stop` is set, the whole process stops and says so."""

    def run_until_stopped() -> None:
        try:
            run()
        except SystemExit:
            pass  # how Celery's worker ends when it is told to
        except Exception:
            logger.exception("The %s thread failed", name)
        if not stop.is_set():
            logger.critical("The %s thread ended by itself: stopping", name)
            failed.set()
            stop.set()

    thread = Thread(target=run_until_stopped, name=name, daemon=True)
    thread.start()
    return thread
