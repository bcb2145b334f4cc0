"""A file that wants to be longer is two ideas; a function too."""

import ast
import statistics
from pathlib import Path

import pytest

from tests.house.sources import ROOT, name_of, python_files

MAX_FILE_LINES = 300
MAX_MEDIAN_LINES = 80
MAX_FUNCTION_LINES = 40

FILES = python_files()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    too_long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]

    assert too_long == []


def is_product(path: Path) -> bool:
    return path.name != "__init__.py" and "tests" not in path.relative_to(ROOT).parts


def test_the_usual_file_is_short() -> None:
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES if is_product(path)]

    assert statistics.median(lines) <= MAX_MEDIAN_LINES
