"""Migrations that an earlier release can live with: what it reads and writes stays, until a later one takes it away.

While an upgrade runs the old code works on the new schema. So a migration may add tables, columns that the database
fills by itself, and looser rules; it may not remove, rename or forbid. What may is listed, with the reason.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.sources import ROOT

FOLDERS = ("charging", "onboarding")
SINCE = 116
"""Migrations from this number on keep to it; those before were made when there was no release to come from."""

TAKE_AWAY = frozenset({"RemoveField", "RenameField", "RenameModel", "DeleteModel", "AlterUniqueTogether"})
TIGHTEN = frozenset({"AddConstraint", "AlterField", "AddField", "RunSQL"})
"""What may be harmless: see `breaks`."""

ALLOWED: dict[str, str] = {
    "0125_obstacles.py: AddConstraint connectedcar": "of columns that it adds, which others leave empty",
    "0135_merged_findings.py: AddConstraint finding": "of a column that it adds: nobody else merges findings",
    "0135_merged_findings.py: AlterField auditevent kind": "of its words alone: the database knows no choices",
}
"""`file: operation name`, and why the release before goes on with it: it no longer uses it, or never wrote it so."""


def breaks(path: Path) -> list[str]:
    """The operations with which code of the release before could fail, as `file: operation name`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {_text(_value(call, "name")) for call in _operations(tree) if _name(call) == "CreateModel"}
    return [f"{path.name}: {_what(call)}" for call in _operations(tree) if _is_breaking(call, made)]


def _is_breaking(call: ast.Call, made_here: set[str]) -> bool:
    name = _name(call)
    if _text(_value(call, "model_name")).lower() in {one.lower() for one in made_here}:
        return False
    if name == "AddField":
        return not _is_filled_by_the_database(_value(call, "field"))
    return name in TAKE_AWAY or name in TIGHTEN - {"AddField"}


def _is_filled_by_the_database(field: ast.expr | None) -> bool:
    """Nullable, with a default of the database, or a table of its own: Django's `default` is gone from the column."""
    if not isinstance(field, ast.Call):
        return False
    words = {word.arg: ast.unparse(word.value) for word in field.keywords}
    return words.get("null") == "True" or "db_default" in words or _name(field) == "ManyToManyField"


def _operations(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("migrations.")
    ]


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _value(call: ast.Call, word: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == word), None)


def _text(value: ast.expr | None) -> str:
    return str(value.value) if isinstance(value, ast.Constant) else ""


def _what(call: ast.Call) -> str:
    words = (_text(_value(call, word)) for word in ("model_name", "name", "old_name"))
    return " ".join([_name(call), *(word for word in words if word)])


def keeps_writers_waiting(path: Path) -> list[str]:
    """Indexes of tables that there were before which are not added by AddIndexWhileRunning."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {_text(_value(call, "name")).lower() for call in _operations(tree) if _name(call) == "CreateModel"}
    added = [call for call in _operations(tree) if _name(call) == "AddIndex"]
    return [f"{path.name}: {_what(call)}" for call in added if _text(_value(call, "model_name")).lower() not in made]


def cannot_be_applied_again(path: Path) -> bool:
    """Whether something of it stays when it was interrupted, and is in its way the next time.

    A migration whose lock was refused is applied again (`manage.py migrate`). One transaction leaves nothing behind.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    is_atomic = not any(
        isinstance(node, ast.Assign) and ast.unparse(node) == "atomic = False" for node in ast.walk(tree)
    )
    return not is_atomic and any(_name(call) != "swappable_dependency" for call in _operations(tree))


def new_migrations() -> list[Path]:
    files = [path for folder in FOLDERS for path in (ROOT / folder / "migrations").glob("[0-9]*.py")]
    return sorted(path for path in files if int(path.name[:4]) >= SINCE)


def test_the_release_before_can_live_with_them() -> None:
    assert [each for path in new_migrations() for each in breaks(path) if each not in ALLOWED] == []


def test_an_index_is_added_while_others_write() -> None:
    assert [each for path in new_migrations() for each in keeps_writers_waiting(path)] == []


def test_a_migration_can_be_applied_again() -> None:
    assert [path.name for path in new_migrations() if cannot_be_applied_again(path)] == []


def test_what_is_allowed_is_there() -> None:
    files = {path.name for path in new_migrations()}

    assert [each for each in ALLOWED if each.partition(":")[0] not in files] == []


@pytest.mark.parametrize(
    ("operation", "is_breaking"),
    [
        ('RemoveField(model_name="vehicle", name="vin")', True),
        ('RenameField(model_name="vehicle", old_name="vin", new_name="number")', True),
        ('DeleteModel(name="Vehicle")', True),
        ('AlterField(model_name="vehicle", name="vin", field=models.CharField(max_length=3))', True),
        ('AddField(model_name="vehicle", name="x", field=models.TextField(default=""))', True),
        ('AddField(model_name="vehicle", name="x", field=models.TextField(null=True))', False),
        ('AddField(model_name="vehicle", name="x", field=models.TextField(db_default=""))', False),
        ('AddConstraint(model_name="vehicle", constraint=models.CheckConstraint(name="x"))', True),
        ('RunSQL("DROP TABLE x")', True),
        ('CreateModel(name="Thing", fields=[])', False),
        ('AddIndex(model_name="vehicle", index=models.Index(fields=["vin"], name="x"))', False),
        ('RemoveConstraint(model_name="vehicle", name="x")', False),
    ],
)
def test_what_would_break_is_found(operation: str, is_breaking: bool, tmp_path: Path) -> None:
    path = tmp_path / "9999_x.py"
    path.write_text(f"operations = [migrations.{operation}]\n", encoding="utf-8")

    assert bool(breaks(path)) is is_breaking


ON_VEHICLE = "migrations.AddIndex(model_name='vehicle', index=models.Index(fields=['vin'], name='x'))"


@pytest.mark.parametrize(
    ("text", "is_waiting", "is_left"),
    [
        (f"operations = [{ON_VEHICLE}]", True, False),
        (f"operations = [migrations.CreateModel(name='Vehicle', fields=[]), {ON_VEHICLE}]", False, False),
        (f"atomic = False\noperations = [{ON_VEHICLE}]", True, True),
        ("atomic = False\noperations = [AddIndexWhileRunning(model_name='vehicle', index=x)]", False, False),
    ],
)
def test_what_waits_and_what_is_left_are_found(text: str, is_waiting: bool, is_left: bool, tmp_path: Path) -> None:
    path = tmp_path / "9999_x.py"
    path.write_text(f"{text}\n", encoding="utf-8")

    assert (bool(keeps_writers_waiting(path)), cannot_be_applied_again(path)) == (is_waiting, is_left)


def test_a_rule_for_a_new_table_breaks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "9999_x.py"
    new = 'migrations.CreateModel(name="Thing", fields=[])'
    rule = 'migrations.AddConstraint(model_name="thing", constraint=models.CheckConstraint(name="x"))'
    path.write_text(f"operations = [{new}, {rule}]\n", encoding="utf-8")

    assert breaks(path) == []
