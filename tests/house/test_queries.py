"""No statement and no page is glued together from text: values travel apart from SQL, and HTML is escaped."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.sources import ROOT, name_of, python_files

PRODUCT = [path for path in python_files() if "tests" not in path.relative_to(ROOT).parts]
MAY_MAKE_SQL = {ROOT / "charging" / "operations" / name for name in ("bulk_rows.py", "table_locks.py")}
"""They glue names of columns and tables, which are the models' own, and never a value."""

RAW = {"raw", "extra", "RawSQL"}
UNESCAPED = {"mark_safe", "SafeString", "SafeText"}
"""To call one, unless for nothing; as a type, SafeString says that format_html has escaped."""

EXECUTE = {"execute", "executemany"}


def name_called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_fixed(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def offences(tree: ast.AST, *, may_make_sql: bool = False) -> list[str]:
    """What glues SQL or HTML from text, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = name_called(node)
            made = called in EXECUTE and node.args and not is_fixed(node.args[0]) and not may_make_sql
            unescaped = called in UNESCAPED and not (len(node.args) == 1 and is_fixed(node.args[0]))
            if made or unescaped or (called in RAW and not may_make_sql):
                found.append(f"{node.lineno} {called}")
        elif isinstance(node, ast.ImportFrom):
            names = {"mark_safe"} if may_make_sql else {"mark_safe", "RawSQL"}
            found += [f"{node.lineno} {name.name}" for name in node.names if name.name in names]
    return found


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_no_statement_is_made_of_text_and_nothing_is_called_safe(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert offences(tree, may_make_sql=path in MAY_MAKE_SQL) == []


@pytest.mark.parametrize(
    "source",
    [
        'cursor.execute(f"SELECT {name}")',
        'cursor.execute("SELECT %s" % name)',
        'cursor.execute("SELECT " + name)',
        "cursor.executemany(statement, rows)",
        'Vehicle.objects.raw("SELECT 1")',
        'Vehicle.objects.extra(where=["1=1"])',
        "from django.db.models.expressions import RawSQL",
        "from django.utils.safestring import mark_safe",
        "safestring.mark_safe(text)",
        "SafeString(text)",
    ],
)
def test_what_would_be_one_is_found(source: str) -> None:
    assert offences(ast.parse(source)) != []


def test_a_statement_that_is_fixed_is_none() -> None:
    assert offences(ast.parse('cursor.execute("SELECT 1 WHERE id = %s", [pk])')) == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_switches_escaping_off(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert "|safe" not in source
    assert "autoescape off" not in source
