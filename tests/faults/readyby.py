"""Readyby's own processes of a test, on a database and a broker of that test."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.faults.processes import Processes, Started
from tests.house.sources import ROOT
from tests.processes import make_free_port

SECRET_KEY = "only for the processes of tests, which are reached from this machine alone"
GUNICORN = "config/deploy/gunicorn.conf.py"


@dataclass
class Readyby:
    """Starts web, worker, beat, guardian and sweep; `broker_url` may change between two starts.

    `root` is where the code lies that is started.
    """

    processes: Processes
    folder: Path
    database_url: str
    broker_url: str
    more: dict[str, str] = field(default_factory=dict)
    port: int = 0
    token: str = ""
    root: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("READYBY_", "DATABASE_"))}
        data_dir = self.folder / "data"
        data_dir.mkdir(exist_ok=True)
        return kept | {
            "DATABASE_URL": self.database_url,
            "READYBY_BROKER_URL": self.broker_url,
            "READYBY_DATA_DIR": str(data_dir),
            "READYBY_SECRET_KEY": SECRET_KEY,
            "READYBY_LOG_LEVEL": "WARNING",
            "READYBY_API_CALLS_PER_MINUTE": "0",
            "READYBY_WEB_WORKERS": "1",
            "READYBY_BIND": f"127.0.0.1:{self.port}",
            **self.more,
        }

    def web(self) -> Started:
        self.port = self.port or make_free_port()
        return self._start("web", "-m", "gunicorn", "-c", GUNICORN, "config.wsgi")

    def worker(self, name: str = "worker", *options: str) -> Started:
        apart = ("--without-gossip", "--without-mingle", "--hostname", f"{name}@localhost")
        return self._start(name, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", *apart, *options)

    def beat(self, name: str = "beat") -> Started:
        return self._start(name, "-m", "celery", "-A", "config", "beat")

    def guardian(self, name: str = "guardian", every: float = 5) -> Started:
        return self._start(name, "manage.py", "guardian", "--every", str(every))

    def _start(self, name: str, *command: str) -> Started:
        return self.processes.start(name, [sys.executable, *command], environment=self.environment, cwd=self.root)

    def status(self, path: str = "/readyz") -> int:
        """What the web answers, to whoever has the token where there is one; 0 where nobody does."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=20).status_code
        except httpx.TransportError:
            return 0
