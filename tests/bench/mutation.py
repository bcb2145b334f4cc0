"""`python -m tests.bench.mutation permissions`: the share of small changes of the product that a test notices (G20).

`make mutate` calls it. The product is changed in a copy, so that nobody imports a changed one by mistake.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import ROOT

LEAST_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Changed:
    """What is changed, and the tests that are asked. Lives, months and nights at random would take minutes for each.

    `names`: the functions that are changed, as mutmut calls them; all of the files, where none is named.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


AT_RANDOM = tuple(
    f"tests/core/test_{name}.py" for name in ("state_machine", "clean_months", "planner_oracle", "fleet_renewal")
)
DOORS = ("has_factor", "used_factor", "is_exempt", "has_permission", "admin_view", "login")
"""What decides who comes into the admin."""
KINDS = {
    "decisions": Changed(
        files=tuple(f"charging/core/{name}.py" for name in ("decide", "states", "considerations", "planner")),
        tests=("tests/core",),
        without=AT_RANDOM,
    ),
    "ledger": Changed(
        files=("charging/core/commands.py", "charging/core/commanding.py"),
        tests=("tests/core",),
        without=AT_RANDOM,
    ),
    "permissions": Changed(
        files=("charging/api/access.py", "charging/api/bearer.py", "charging/views/access.py", "config/admin_site.py"),
        tests=(
            *("tests/api/test_access.py", "tests/api/test_tenants.py", "tests/api/test_tokens.py"),
            *("tests/admin/test_tenants.py", "tests/admin/test_second_factor.py", "tests/views/test_access.py"),
        ),
        names=("charging.api.*", "charging.views.*", *(f"config.admin_site.*{name}_*" for name in DOORS)),
    ),
}


def settings(kind: Changed) -> str:
    """What mutmut is told, as the section of pyproject.toml that it reads."""
    refused = [f"--ignore={path}" for path in kind.without]
    told = {
        "source_paths": ["charging", "config", "onboarding"],
        "only_mutate": list(kind.files),
        "also_copy": ["manage.py", "templates", "static"],
        # A database in memory, made from the models: what is asked of it here is not how it came about.
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-m", "not slow and not browser", "--nomigrations", *refused],
        "pytest_add_cli_args_test_selection": list(kind.tests),
    }
    return "\n".join(["[tool.mutmut]", *(f"{name} = {json.dumps(value)}" for name, value in told.items()), ""])


def copy_product(into: Path) -> None:
    """The files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)


def mutate(kind: Changed, into: Path, *, children: int) -> dict[str, int]:
    """How many changes were made, and what became of them, by the names that mutmut gives."""
    shutil.rmtree(into, ignore_errors=True)
    copy_product(into)
    with (into / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{settings(kind)}")
    mutmut = [sys.executable, "-m", "mutmut"]
    own = os.environ | {"DATABASE_URL": f"sqlite:///{into / 'mutated.sqlite3'}"}
    subprocess.run([*mutmut, "run", "--max-children", str(children), *kind.names], cwd=into, env=own, check=True)
    subprocess.run([*mutmut, "results"], cwd=into, env=own, check=True)
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=into, env=own, check=True, capture_output=True)
    counted: dict[str, int] = json.loads((into / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    return counted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="all of them, where none is named")
    parser.add_argument("--children", type=int, default=2, help="changes that are tried beside each other")
    asked = parser.parse_args()
    is_enough = True
    for name in asked.kinds or KINDS:
        counted = mutate(KINDS[name], ROOT / "var" / f"mutated-{name}", children=asked.children)
        noticed = counted["killed"] + counted["timeout"]
        tried = noticed + counted["survived"] + counted["no_tests"] + counted["suspicious"]
        share = noticed / max(tried, 1)
        is_enough = is_enough and share >= LEAST_SHARE
        sys.stdout.write(f"{name}: {noticed} of {tried} changes noticed, {share:.1%}\n")
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
