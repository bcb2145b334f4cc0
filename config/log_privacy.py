"""What no line of a log may hold: secrets, places, and who somebody is. Looked for by name, and in every text."""

import re
from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict, WrappedLogger

LEFT_OUT = "[left out]"
PRIVATE_NAMES = re.compile(
    r"password|secret|token|authorization|cookie|credential|api_?key|latitude|longitude|^lat$|^lon$|^lng$|position"
    r"|address|e_?mail|username|vin$",
    re.IGNORECASE,
)
PRIVATE_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Searches, coordinates and codes of a sign-in stand in queries; links that let somebody in have them in the path.
    (re.compile(r"\?[\w.\[\]-]+=[^\s\"']*"), ""),
    (re.compile(r"(/link/(?:leave/)?|/reset/key/|/confirm-email/)[^\s/\"']+"), rf"\1{LEFT_OUT}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+"), rf"\1 {LEFT_OUT}"),
    (re.compile(r"(?<=://)[^\s/@]+(?=@)"), LEFT_OUT),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), LEFT_OUT),
    # Two numbers with many decimals side by side are a place.
    (re.compile(r"-?\b\d{1,3}\.\d{3,}[\s,;/]+-?\d{1,3}\.\d{3,}\b"), LEFT_OUT),
    # PostgreSQL tells the values of a row that it refuses.
    (re.compile(r"^(DETAIL: ).*$", re.MULTILINE), rf"\1{LEFT_OUT}"),
)


def leave_out_private_values(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The event as it may be written: what has a private name is left out, however deep, and so is private text."""
    return {name: _of(name, value) for name, value in event_dict.items()}


def _of(name: str, value: Any) -> Any:
    if PRIVATE_NAMES.search(name):
        return LEFT_OUT
    # Whatever follows the path of a request is its sender's own.
    return _public(value.partition("?")[0] if name == "request" and isinstance(value, str) else value)


def _public(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _of(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_public(inner) for inner in value]
    return public_text(str(value))


def public_text(text: str) -> str:
    """Returns the text without what would tell a secret, an email address or a place."""
    for pattern, instead in PRIVATE_TEXTS:
        text = pattern.sub(instead, text)
    return text
