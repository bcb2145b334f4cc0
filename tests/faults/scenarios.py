"""`python -m tests.faults.scenarios NAME`: one fault of RELIABILITY 3 with real processes, bounded in number and time.

Prints what took how many seconds. Exit code 0 where all held, 77 where a step cannot be run here, else 1.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from tests.faults.figures import say
from tests.faults.installation import installation
from tests.faults.servers import NotHereError, find

NOT_RUN = 77
MAX_PROCESSES, MAX_SECONDS = 8, 480

SCENARIOS = {
    "redis_dies": "scenario_brokers",
    "redis_hangs_up": "scenario_brokers",
    "rabbit_dies": "scenario_brokers",
    "postgres_dies": "scenario_database",
    "disk_full": "scenario_database",
    "two_beats_or_none": "scenario_processes",
    "too_large": "scenario_processes",
    "releases": "scenario_processes",
}
NEEDS = {"redis_dies": "redis-server", "redis_hangs_up": "redis-server", "rabbit_dies": "rabbitmq-server"}
DISK = "size=400m"


def main(name: str) -> int:
    try:
        find(NEEDS.get(name, "redis-server"))
        with _disk() if name == "disk_full" else _no_disk() as parent:
            return _run(name, parent)
    except NotHereError as reason:
        say(f"not run: {reason}")
        return NOT_RUN


def _run(name: str, parent: Path | None) -> int:
    with installation(max_processes=MAX_PROCESSES, max_seconds=MAX_SECONDS, parent=parent) as it:
        scenario = getattr(import_module(f"tests.faults.{SCENARIOS[name]}"), name)
        begun = time.monotonic()
        found: dict[str, float] = scenario(it)
        for what, value in {**found, "in all": time.monotonic() - begun}.items():
            say(f"{name:20} {what:36} {value:7.1f}")
    return 0


@contextmanager
def _no_disk() -> Iterator[None]:
    yield None


@contextmanager
def _disk() -> Iterator[Path]:
    """A small disk of its own. Raises NotHereError where none may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="readyby-faults-disk-"))
    mount = [find("mount"), "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        folder.rmdir()
        raise NotHereError("a disk to fill can be mounted by root only")
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        subprocess.run([find("umount"), "--lazy", str(folder)], check=True)
        folder.rmdir()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
