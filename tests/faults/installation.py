"""A whole installation of a test: a PostgreSQL with every table, reached by this very process too.

`installation` sets DATABASE_URL and starts Django, so it is for processes of their own and not for pytest.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import Processes
from tests.faults.readyby import SECRET_KEY, Readyby
from tests.faults.servers import Postgres, Redis, server_user
from tests.house.sources import ROOT
from tests.processes import make_free_port


@dataclass
class Installation:
    folder: Path
    processes: Processes
    postgres: Postgres
    redis: Redis
    readyby: Readyby


@contextmanager
def installation(*, max_processes: int, max_seconds: float, parent: Path | None = None) -> Iterator[Installation]:
    """Until the end of the block; its folder goes with it, unless the block fails."""
    # Told to stop, this process still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="readyby-faults-", dir=parent))
    folder.chmod(0o755)
    template = make_template()
    with Processes(folder, max_processes, max_seconds) as processes:
        postgres = Postgres(processes, folder / "postgres", make_free_port())
        shutil.copytree(template, postgres.folder)
        own_by(server_user(), postgres.folder)
        postgres.start()
        redis = Redis(processes, folder / "redis", make_free_port())
        readyby = Readyby(processes, folder, postgres.url, redis.url)
        start_django(readyby)
        yield Installation(folder, processes, postgres, redis, readyby)
        disconnect()
    shutil.rmtree(folder, ignore_errors=True)


def start_django(readyby: Readyby) -> None:
    """This process sees the same database as those of the installation."""
    import django  # noqa: PLC0415 - only now the settings may be read

    os.environ |= {name: value for name, value in readyby.environment.items() if name.startswith(("READYBY", "DATABA"))}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def disconnect() -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


def make_template(root: Path = ROOT) -> Path:
    """A cluster with every table and no rows but those of migrations, made once for each set of migrations.

    `root` is where the code lies that makes it.
    """
    migrations = sorted((root / "charging" / "migrations").glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()[:12]
    template = Path(tempfile.gettempdir()) / f"readyby-faults-template-{digest}-{os.geteuid()}"
    with template.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            _make(template, root)
    return template


def _make(template: Path, root: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="readyby-faults-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        with Processes(folder, 2, 600) as processes:
            postgres = Postgres(processes, folder / "postgres", make_free_port())
            postgres.make()
            postgres.start()
            environment = Readyby(processes, folder, postgres.url, "redis://127.0.0.1:1/0").environment
            migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
            subprocess.run(migrate, cwd=root, env=environment, check=True)
            postgres.stop()
            # One that was killed, as when the time is up, leaves a cluster that looks as if it ran.
            assert postgres.server is not None
            assert postgres.server.process.returncode == 0, "PostgreSQL did not stop"
        shutil.copytree(postgres.folder, template)


def own_by(user: str | None, folder: Path) -> None:
    """Gives a copied cluster to whoever runs it, with the rights that it insists on."""
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, user)
    folder.chmod(0o700)


__all__ = ["SECRET_KEY", "Installation", "installation"]
