"""Where things lie: a fixed top level, a pure core, and lock files that name no server."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT, name_of, python_files

TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "README.md", "Makefile", "LICENSE", ".gitignore", ".ci", ".github"),
    *("config", "onboarding", "charging", "templates", "static", "tests"),
    *("requirements.txt", *(f"requirements-{use}.txt" for use in ("dev", "mutation", "audit"))),
    *("Dockerfile", "compose.yaml"),
}
CORE = [path for path in python_files() if path.is_relative_to(ROOT / "charging" / "core")]
CORE_MAY_IMPORT = (sys.stdlib_module_names | {"numpy", "charging"}) - {"random", "secrets", "time", "socket", "os"}
CLOCK_CALLS = {"now", "utcnow", "today"}
BANNED_NAMES = {"utils.py", "helpers.py", "exceptions.py", "signals.py"}


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_the_top_level_is_the_one_that_was_decided() -> None:
    assert {name.split("/")[0] for name in tracked_files()} <= TOP_LEVEL


def test_every_file_is_named_after_its_idea() -> None:
    assert [name for name in tracked_files() if Path(name).name in BANNED_NAMES] == []


def imported_packages(tree: ast.Module) -> set[str]:
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_imports_the_standard_library_and_numpy_only(path: Path) -> None:
    assert imported_packages(ast.parse(path.read_text(encoding="utf-8"))) <= CORE_MAY_IMPORT


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_never_asks_what_time_it_is(path: Path) -> None:
    calls = [
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]

    assert CLOCK_CALLS.isdisjoint(calls)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("requirements.txt", 21),
        ("requirements-dev.txt", 21),
        ("requirements-mutation.txt", 10),
        ("requirements-audit.txt", 30),
    ],
)
def test_a_lock_file_has_hashes_and_no_address(name: str, least: int) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==\S+", text, flags=re.MULTILINE)

    assert "://" not in text
    assert len(pinned) >= least
    assert text.count("--hash=sha256:") >= len(pinned)


def drawn_methods(tree: ast.Module) -> list[str]:
    methods = [part for node in tree.body if isinstance(node, ast.ClassDef) for part in node.body]
    return [
        method.name
        for method in methods
        if isinstance(method, ast.FunctionDef) and any("given" in ast.unparse(one) for one in method.decorator_list)
    ]


def test_drawn_tests_of_the_core_can_run_twice_in_one_process() -> None:
    """`make mutate` does; Hypothesis refuses methods then, whose object is another one each time."""
    files = [path for path in python_files() if path.is_relative_to(ROOT / "tests" / "core")]

    assert [name for path in files for name in drawn_methods(ast.parse(path.read_text(encoding="utf-8")))] == []
