"""The catalogs of translations: `make messages` collects every marked text, and compiles what translators wrote.

Needs Babel, which is installed for development only: the compiled catalogs are kept beside the written ones.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "config" / "locale"
WIDTH = 120
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""The hour of a run is none of a catalog's business: the same texts are the same file."""
# Of each function: which of its arguments are the text, its plural, and what tells equal texts apart ("c").
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Found = tuple[str | tuple[str, ...], str | None]
"""A text, or the text and its plural, and its context."""

_CALL = re.compile(r"\b(n?)(p?)gettext\(")
_LEFT_OUT = re.compile(
    rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    rb"|Generated-By)[^\n]*\n"
)
# The texts of bundled data that pages show: by file, the names of the values.
_DATA_TEXTS = {"guides/*.json": ("steps", "signs", "notes"), "price_areas.json": ("name",)}


def translated_languages() -> list[str]:
    """The languages that have a catalog: all but the one that the texts are written in."""
    return [code for code, _ in LANGUAGES if code != "en"]


def path_of(language: str, suffix: str = "po") -> Path:
    """Where the catalog of a language is written."""
    return FOLDER / language / "LC_MESSAGES" / f"django.{suffix}"


def collect() -> Catalog:
    """Every text that a page, a mail or a guide shows, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in _files("*.py", "charging", "config", "onboarding"):
        for text, context in _of_python(path):
            _add(catalog, path, text, context)
    for path in [*_files("*.html", "templates"), *_files("*.txt", "templates"), *_files("*.js", "templates")]:
        for text, context in _of_template(path.read_text(encoding="utf-8")):
            _add(catalog, path, text, context)
    for path, text in _of_data():
        _add(catalog, path, text, None)
    return catalog


def read(language: str) -> Catalog:
    """What translators wrote. Raises OSError where there is no catalog yet."""
    with path_of(language).open("rb") as file:
        catalog = read_po(file, locale=language, charset="utf-8")
    catalog.creation_date = catalog.revision_date = NO_DATE
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalog as it is kept: in the order of its texts, without lines and dates that change by themselves."""
    file = BytesIO()
    write_po(file, catalog, width=WIDTH, omit_header=False, sort_output=True, include_lineno=False)
    return _LEFT_OUT.sub(b"", file.getvalue())


def as_mo(catalog: Catalog) -> bytes:
    """The catalog as it is read when the product runs."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update() -> None:
    """Brings every catalog up to date with the texts, and compiles it. What is no longer said is forgotten."""
    collected = collect()
    for language in translated_languages():
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(language) if path.exists() else Catalog(locale=language, charset="utf-8")
        catalog.header_comment = f"# Readyby in the language {language}."
        catalog.fuzzy = False
        catalog.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        path.write_bytes(as_po(catalog))
        path_of(language, "mo").write_bytes(as_mo(read(language)))


def _files(pattern: str, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]
    return [path for path in found if "migrations" not in path.parts]


def _add(catalog: Catalog, path: Path, text: str | tuple[str, ...], context: str | None) -> None:
    catalog.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)], context=context)


def _of_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as file:
        for _, text, _, context in extract("python", file, KEYWORDS, options={"encoding": "utf-8"}):
            yield text, context


def _of_template(source: str) -> Iterator[Found]:
    """The texts of a Django template, from the calls that Django itself makes of it."""
    calls = templatize(source)
    for match in _CALL.finditer(calls):
        words = _strings(calls[match.end() :])
        context = words.pop(0) if match[2] else None
        yield (tuple(words[:2]) if match[1] else words[0]), context


def _of_data() -> Iterator[tuple[Path, str]]:
    for pattern, names in _DATA_TEXTS.items():
        for path in sorted((ROOT / "charging" / "data").glob(pattern)):
            for row in json.loads(path.read_text(encoding="utf-8")):
                for value in (row[name] for name in names):
                    yield from ((path, text) for text in ([value] if isinstance(value, str) else value))


def _strings(arguments: str) -> list[str]:
    """The strings that a call begins with."""
    found = []
    while match := re.match(r"\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?", arguments):
        found.append(ast.literal_eval(match[1]))
        arguments = arguments[match.end() :]
    return found


if __name__ == "__main__":
    update()
