"""Draws the table of transitions as a diagram, into the README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from charging.core.states import draw

BEGIN, END = "<!-- states: begin -->\n", "<!-- states: end -->\n"


class Command(BaseCommand):
    help = "Draws the state diagram into README.md; with --check only says whether the README is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail when the diagram is out of date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        readme = Path(settings.BASE_DIR) / "README.md"
        before = readme.read_text(encoding="utf-8")
        if BEGIN not in before or END not in before:
            raise CommandError(f"README.md has no place for the diagram: the lines {BEGIN.strip()} and {END.strip()}")
        head, rest = before.split(BEGIN, 1)
        tail = rest.split(END, 1)[1]
        after = f"{head}{BEGIN}```mermaid\n{draw()}```\n{END}{tail}"
        if check and after != before:
            raise CommandError("The state diagram in README.md is out of date: run manage.py draw_states")
        if not check:
            readme.write_text(after, encoding="utf-8")
