"""The README's table of settings says what the settings file says."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

BEGIN, END = "<!-- configuration: begin -->\n", "<!-- configuration: end -->\n"


def configuration_table() -> str:
    """One row for each variable that settings.py describes, in its order."""
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    described = re.findall(r"^# ((?:READYBY_|DATABASE_)[A-Z_]+): (.+)$", settings, re.MULTILINE)
    rows = [f"| `{name}` | {meaning} |" for name, meaning in described]
    return "\n".join(["| variable | meaning |", "|---|---|", *rows]) + "\n"


def test_the_readme_describes_every_variable_as_the_settings_do() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert readme.split(BEGIN)[1].split(END)[0] == configuration_table()


def test_every_variable_that_is_read_is_described() -> None:
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings))

    assert {name for name in read if f"# {name}:" not in settings} == set()


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = [ROOT / path for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme)]

    assert len(pictures) >= 3
    assert all(picture.stat().st_size < 120_000 for picture in pictures)
