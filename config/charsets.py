"""What a request says of its characters, before Django believes it: it may name an encoding that makes no text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def with_readable_charsets(application: Application) -> Application:
    """The WSGI application, for which a content type in an encoding that makes no text has no parameters.

    Django decodes each query and each field with the charset of the request, and knows every codec of Python by its
    name: with `rot13`, `base64` or `undefined` there is none that it could decode, and every address would answer 500.
    """

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE") or ""
        if not _makes_text(content_type):
            environ["CONTENT_TYPE"] = content_type.partition(";")[0]
        return application(environ, start_response)

    return answered


def _makes_text(content_type: str) -> bool:
    """Whether Django can read the header, and bytes of any kind in the charset it names, as it does: with gaps."""
    try:
        _essence, parameters = parse_header_parameters(content_type)
        b"a\xff".decode(parameters.get("charset", "utf-8"), "replace")
    except (LookupError, ValueError):
        return False
    return True
