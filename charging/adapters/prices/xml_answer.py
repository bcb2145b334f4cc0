"""Reads XML that nobody vouches for, with the parser of the standard library and its dangers shut off.

A document that declares a type or entities is refused before any of them is used, so that none can be expanded or
fetched; so is one that nests deeper than any answer does, and whatever is not UTF-8. The caller limits the size.
"""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from charging.adapters.prices.price_day import PriceAnswerError

DEEPEST = 20


class _ForbiddenError(Exception):
    """Something that an honest answer has no use for."""


def parse(content: bytes) -> Element:
    """The root of the document; names are without their namespace. Raises PriceAnswerError."""
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _ForbiddenError("nested too deeply")
        builder.start(_local(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        # As text, so that it does not matter which encoding the document claims to have.
        parser.Parse(content.decode("utf-8"), True)
        return builder.close()
    except UnicodeDecodeError as error:
        raise PriceAnswerError("not XML", "not UTF-8") from error
    except _ForbiddenError as error:
        raise PriceAnswerError("forbidden XML", str(error)) from error
    except expat.ExpatError as error:
        raise PriceAnswerError("not XML", expat.errors.messages.get(error.code, "")) from error


def text_of(element: Element, name: str) -> str:
    """The text of the child of that name, without space around it; empty where there is none."""
    return (element.findtext(name) or "").strip()


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_declaration: object) -> NoReturn:
    raise _ForbiddenError("a declaration")
