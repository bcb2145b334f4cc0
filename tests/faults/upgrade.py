"""`python -m tests.faults.upgrade --from REF`: from an earlier commit to this one while an app calls (F24, G17).

Without `--from` it comes from the newest commit that had a migration less.

As the README says: the new code lies beside the old, migrates while the old one runs, then takes its place; workers
and beat start anew, and the web is told to reload. Every call counts, and none is made again.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.faults.callers import Caller, Load
from tests.faults.figures import Figures, say, show
from tests.faults.installation import make_template, own_by
from tests.faults.processes import Processes, Started, wait_for
from tests.faults.readyby import Readyby
from tests.faults.servers import NotHereError, Postgres, Redis, server_user
from tests.house.sources import ROOT
from tests.processes import make_free_port

MAX_PROCESSES, MAX_SECONDS = 8, 590
START_SECONDS = 120.0
CARS = 4
MIGRATIONS = "charging/migrations"
NEEDED = re.compile(r"""["']charging["'], ["'](\d{4}_\w+)["']""")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="before", help="a commit: the release that runs at first")
    parser.add_argument("--seconds", type=float, default=15, help="of calls before and after")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun = time.monotonic()
    # Told to stop, this process still ends all that it has started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="readyby-upgrade-"))
    folder.chmod(0o755)
    try:
        before = asked.before or before_last_migration()
        lay_out(before, folder / "code")
        template = make_template(folder / "code")
        with Processes(folder, MAX_PROCESSES, MAX_SECONDS) as processes:
            shutil.copytree(template, folder / "postgres")
            own_by(server_user(), folder / "postgres")
            figures = Upgrade(folder, processes).run(before=before, seconds=asked.seconds, seed=asked.seed)
    except NotHereError as reason:
        shutil.rmtree(folder, ignore_errors=True)
        say(f"not run: {reason}")
        return 77
    code = show(figures, seconds=time.monotonic() - begun)
    if code == 0:
        shutil.rmtree(folder, ignore_errors=True)
    return code


def before_last_migration() -> str:
    """The newest commit that had fewer migrations, in one line. Raises NotHereError where no history is."""
    added = ("--first-parent", "-m", "--diff-filter=A", "--format=%h^", "--", MIGRATIONS)
    found = next((ref for ref in _git("log", *added).split() if _is_in_line(ref)), "")
    known = _git("rev-parse", "--quiet", "--verify", "--short", found) if found else ""
    if not known:
        raise NotHereError("no commit to come from is here")
    return known


def _is_in_line(ref: str) -> bool:
    """Whether one migration of a commit is the last, and none of them needs now what the commit has not.

    Of two that were made side by side none can be applied, nor one before another that was put under it later.
    """
    names = {Path(name).stem for name in _git("ls-tree", "--name-only", ref, f"{MIGRATIONS}/").split()} - {"__init__"}
    needed = NEEDED.findall(_git("grep", "-h", "charging", ref, "--", MIGRATIONS))
    now = [ROOT / MIGRATIONS / f"{name}.py" for name in names]
    needed_now = NEEDED.findall("".join(file.read_text(encoding="utf-8") for file in now if file.exists()))
    return len(names - set(needed)) == 1 and names.issuperset(needed_now)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def lay_out(ref: str, folder: Path) -> None:
    """Puts the files of a commit into a new folder."""
    archive = subprocess.run(["git", "archive", ref], cwd=ROOT, capture_output=True, check=True).stdout
    folder.mkdir(parents=True)
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive, check=True)


class Upgrade:
    """One server on one machine, whose code lies in a folder of its own."""

    def __init__(self, folder: Path, processes: Processes) -> None:
        self.folder, self.code = folder, folder / "code"
        self.postgres = Postgres(processes, folder / "postgres", make_free_port())
        self.redis = Redis(processes, folder / "redis", make_free_port())
        self.readyby = Readyby(processes, folder, self.postgres.url, self.redis.url, root=self.code)
        self.readyby.more["READYBY_WEB_WORKERS"] = "2"
        self.tried_again = 0

    def run(self, *, before: str, seconds: float, seed: int) -> Figures:
        old = self.migrations()
        self.postgres.start()
        self.redis.start()
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        web, others = self.readyby.web(), self.start_others()
        caller = self.sign_in()
        load = Load(caller, caller.make_cars(CARS), seed)
        load.start()
        time.sleep(seconds)
        replaced = self.upgrade(web, others)
        time.sleep(seconds)
        load.stop()
        lost = load.lost()
        ready = self.seconds_until_ready()
        for line, count in Counter(load.failed).most_common(20):
            say(f"{count} x {line}")
        rows: dict[str, object] = {"from": before, "migrations in between": len(self.migrations() - old)}
        rows |= {"calls": sum(load.answers.values()), "slowest (s)": round(load.slowest, 2)}
        rows |= {"migrations tried again": self.tried_again, "upgrade took (s)": round(replaced, 1)}
        rows["ready afterwards (s)"] = ready
        zero = {"failed calls": len(load.failed), "lost changes": lost, "not ready afterwards": int(ready is None)}
        return Figures(rows, zero)

    def is_ready(self) -> bool:
        return self.readyby.status("/readyz") == 200

    def seconds_until_ready(self) -> float | None:
        """None where it is not ready in time: cars have been looked at by then, and the database is of its version."""
        with suppress(AssertionError):
            return round(wait_for(self.is_ready, seconds=START_SECONDS, what="it is ready", every=0.5), 1)
        return None

    def sign_in(self) -> Caller:
        wait_for(lambda: self.readyby.status("/livez") == 200, seconds=START_SECONDS, what="the web answers", every=0.5)
        said = self.manage("create_client", "Upgrade", "--json")
        made = json.loads(said[said.index("{") : said.rindex("}") + 1])
        caller = Caller(f"http://127.0.0.1:{self.readyby.port}")
        caller.sign_in(made["client_id"], made["client_secret"])
        return caller

    def upgrade(self, web: Started, others: list[Started]) -> float:
        """Does what the README says. Returns the seconds until all run the new code."""
        begun, beside = time.monotonic(), self.folder / "next"
        lay_out("HEAD", beside)
        self.manage("collectstatic", "--no-input", "--verbosity", "0", root=beside)
        said = self.manage("migrate", "--no-input", "--verbosity", "0", "--seed", "1", root=beside)
        self.tried_again = said.count("a migration is tried again")
        self.code.rename(self.folder / "previous")
        beside.rename(self.code)
        for one in others:
            one.end(60)
        others[:] = self.start_others()
        old = children(web)
        web.process.send_signal(signal.SIGHUP)
        wait_for(lambda: not old & children(web), seconds=START_SECONDS, what="the web is replaced", every=0.5)
        return time.monotonic() - begun

    def start_others(self) -> list[Started]:
        return [self.readyby.worker(), self.readyby.beat()]

    def migrations(self) -> set[str]:
        return {path.name for path in (self.code / "charging" / "migrations").glob("[0-9]*.py")}

    def manage(self, *words: str, root: Path | None = None) -> str:
        """What a command has printed, warnings too. Raises AssertionError where it fails."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=root or self.code, env=self.readyby.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr


def children(web: Started) -> set[int]:
    """The processes that answer for it."""
    listed = Path(f"/proc/{web.process.pid}/task/{web.process.pid}/children").read_text(encoding="ascii")
    return {int(number) for number in listed.split()}


if __name__ == "__main__":
    sys.exit(main())
