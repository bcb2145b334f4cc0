"""Values that a key must not have, by the kind of value that it takes."""

from __future__ import annotations

import json
from typing import Any

NOT_TEXT: tuple[Any, ...] = (None, True, 1, 1.5, [], {}, ["x"], {"a": 1})
NOT_A_NUMBER: tuple[Any, ...] = (None, True, "1", "", [], {}, "NaN", [1])
UNSTORABLE = ("\x00", "a\x00b", "\ud800", "x\udfff")
ENDLESS = ("1e999", "-1e999", "NaN", "Infinity", "-Infinity")

NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "an object without an end": b"{",
    "an end without an object": b"}",
    "one end too many": b"[]]",
    "single quotes": b"{'a':1}",
    "a comma too many": b'{"a":1,}',
    "half a word": b"nul",
    "another encoding": '{"a":1}'.encode("utf-16"),
    "a broken letter": b'{"a":"\xc3"}',
    "NaN": b"NaN",
    "a NaN inside": b'{"a":NaN}',
    "infinity inside": b'{"a":-Infinity}',
    "a number beyond all numbers": b'{"a":1e999}',
    "a number of 5,000 digits": b'{"a":' + b"9" * 5_000 + b"}",
    "two documents": b"{} {}",
    "a key twice": b'{"a":1,"a":2}',
    "a key twice inside": b'{"a":{"b":1,"b":1}}',
    "a list 30,000 deep": b"[" * 30_000,
    "an object 10,000 deep": b'{"a":' * 10_000,
    "a whole list 21 deep": b"[" * 21 + b"]" * 21,
    "a whole object 500 deep": b'{"a":' * 500 + b"1" + b"}" * 500,
    "a whole list 30,000 deep": b"[" * 30_000 + b"]" * 30_000,
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a NUL": b"\x00",
    "a line break in a text": b'{"a":"\n"}',
}
LARGE: dict[str, bytes] = {
    "a list 100,000 deep": b"[" * 100_000,
    "10 MB": b'{"a":"' + b"x" * 10_000_000 + b'"}',
}
NO_OBJECTS: tuple[bytes, ...] = (b"null", b"true", b"1", b'"x"', b"[1]", b'[{"a":1}]')
NO_LISTS: tuple[bytes, ...] = (b"null", b"true", b"1", b'"x"', b"{}", b'{"name":"day","cost":"1"}', b"[1]", b"[[]]")
OTHER_TYPES = ("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "")


def bodies_with(body: Any, key: str, bad: tuple[Any, ...]) -> list[str]:
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
