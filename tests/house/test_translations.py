"""UX-36: every text is translated into every language, and says the same."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from config import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
TAG = re.compile(r"<[^>]+>")

pytestmark = pytest.mark.parametrize("language", messages.translated_languages())


@cache
def collected() -> Catalog:
    return messages.collect()


@cache
def written(language: str) -> Catalog:
    return messages.read(language)


def texts(catalog: Catalog) -> list[Message]:
    """Every text, without the head of the catalog."""
    return [message for message in catalog if message.id]


def keys(catalog: Catalog) -> set[tuple[object, object]]:
    return {(message.id, message.context) for message in texts(catalog)}


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def test_the_catalog_has_exactly_the_texts_of_the_product(language: str) -> None:
    """If this fails: `make messages`, and translate what is new."""
    assert keys(written(language)) == keys(collected())


def test_every_text_is_translated(language: str) -> None:
    open_texts = [m.id for m in texts(written(language)) if m.fuzzy or not all(forms(m.string))]

    assert open_texts == []


def test_every_plural_has_the_forms_of_the_language(language: str) -> None:
    catalog = written(language)

    plurals = [message for message in texts(catalog) if message.pluralizable]

    assert plurals
    assert {len(forms(message.string)) for message in plurals} == {catalog.num_plurals}


def test_placeholders_and_tags_stay(language: str) -> None:
    """A first plural form may say its number in words, and so may the English one."""
    lost: dict[object, object] = {}
    for message in texts(written(language)):
        sources, translations = forms(message.id), forms(message.string)
        for source, translation in zip((sources[0], sources[-1]), (translations[0], translations[-1]), strict=True):
            for pattern in (PLACEHOLDER, TAG):
                before, after = set(pattern.findall(source)), set(pattern.findall(translation))
                allowed = set(pattern.findall(sources[-1])) if message.pluralizable else before
                needed = before if source == sources[-1] else set()
                if not needed <= after <= allowed | before:
                    lost[message.id] = (before, after)

    assert lost == {}


def test_line_breaks_and_blanks_at_the_ends_stay(language: str) -> None:
    moved = [
        message.id
        for message in texts(written(language))
        for source, translation in zip(forms(message.id), forms(message.string), strict=True)
        if (source[:1].isspace(), source[-1:].isspace()) != (translation[:1].isspace(), translation[-1:].isspace())
    ]

    assert moved == []


def test_the_files_are_what_make_messages_writes(language: str) -> None:
    catalog = written(language)

    assert messages.path_of(language).read_bytes() == messages.as_po(catalog)
    assert messages.path_of(language, "mo").read_bytes() == messages.as_mo(catalog)
