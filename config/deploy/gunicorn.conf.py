"""gunicorn behind a proxy that ends TLS: `gunicorn -c config/deploy/gunicorn.conf.py config.wsgi`."""

import multiprocessing
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from config.logs import logging_settings

bind = os.environ.get("READYBY_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("READYBY_WEB_WORKERS", min(2 * multiprocessing.cpu_count() + 1, 4)))
worker_class = "gthread"
threads = 4

# A request has half a minute, and as long again once the process is told to stop; a stuck process is replaced.
timeout = 30
graceful_timeout = 30
# Longer than a proxy keeps an idle connection, 60 s with nginx: no call is lost on one that closes just then.
keepalive = 75

# A process that grows is replaced before that is felt, never all at the same time; seldom, since others wait meanwhile.
max_requests = 20_000
max_requests_jitter = 5_000

# No page and no call of ours needs more; the sizes of bodies are limited where they are read.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Signs of life of the processes: in memory, where a full disk does not stop them.
# gunicorn makes unnamed files there
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # nosec B108


def post_fork(_server: object, _worker: object) -> None:
    """What this file has read of ours is read anew: a process made after a reload is of one release altogether."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "config"]:
        del sys.modules[name]


# Signals are all that steers it.
control_socket_disable = True

# The address without what follows it: searches, coordinates and codes stand there. Lines go the way of all others.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(L)s s"
logconfig_dict = logging_settings(
    level=os.environ.get("READYBY_LOG_LEVEL", "INFO"), is_json=os.environ.get("READYBY_LOG_JSON", "true") != "false"
) | {
    "loggers": {
        name: {"level": "INFO", "handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")
    },
}
