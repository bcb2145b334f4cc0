"""Values that a key must not have, by the kind of value that it takes."""

from __future__ import annotations

import json
from typing import Any

NOT_TEXT: tuple[Any, ...] = (None, True, 1, 1.5, [], {}, ["x"], {"a": 1})
NOT_A_NUMBER: tuple[Any, ...] = (None, True, "1", "", [], {}, "NaN", [1])
UNSTORABLE = ("\x00", "a\x00b", "\ud800", "x\udfff")
ENDLESS = ("1e999", "-1e999", "NaN", "Infinity", "-Infinity")

NOT_JSON: tuple[bytes, ...] = (
    *(b"", b"{", b"}", b"[]]", b"{'a':1}", b'{"a":1,}', b"nul", b"\xff\xfe", b'{"a":"\xc3"}', b"NaN", b"{} {}"),
    b'{"a":1,"a":2}',
    b"[" * 100_000,
    b'{"a":' * 30_000,
    b"\xef\xbb\xbf{}",
)
TOO_LARGE = b'{"a":"' + b"x" * 10_000_000 + b'"}'
NO_OBJECTS: tuple[bytes, ...] = (b"null", b"true", b"1", b'"x"', b"[1]", b'[{"a":1}]')
OTHER_TYPES = ("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "")


def bodies_with(body: dict[str, Any], key: str, bad: tuple[Any, ...]) -> list[str]:
    """The body again and again, each time with one bad value at the key (`a.b` reaches inside)."""
    found = []
    for value in bad:
        copy = json.loads(json.dumps(body))
        holder, *rest = key.split(".")
        target = copy
        for part in rest:
            target = target[int(holder)] if isinstance(target, list) else target[holder]
            holder = part
        target[int(holder) if isinstance(target, list) else holder] = value
        found.append(json.dumps(copy))
    return found


def endless(body: dict[str, Any], key: str) -> list[str]:
    """The body with numbers that are none at the key."""
    marked = json.dumps(body | {key: "@@"})
    return [marked.replace('"@@"', number) for number in ENDLESS]
