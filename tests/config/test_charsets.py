"""An encoding that makes no text, named in a header, is no fault of the server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils.module_loading import import_string

pytestmark = pytest.mark.django_db

NO_TEXT = ("rot13", "base64", "hex", "zlib", "undefined", "idna", "no-such-thing", "*=no-such-thing''x", "\x00")
FORM = b'--b\r\nContent-Disposition: form-data; name="theme"\r\n\r\ndark\r\n--b--\r\n'


@pytest.fixture(autouse=True)
def _open_transaction() -> Iterator[None]:
    """A request through all of the application leaves the transaction of the test open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def status_of(method: str, path: str, content_type: str, body: bytes = b"") -> str:
    """What the application that a server starts answers."""
    statuses: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "a=%41",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    application = import_string(settings.WSGI_APPLICATION)
    b"".join(application(environ, lambda status, _headers: statuses.append(status)))
    return statuses[-1]


@pytest.mark.parametrize("charset", NO_TEXT)
@pytest.mark.parametrize("path", ["/", "/livez", "/api/health/ready"])
def test_a_question_in_no_text_is_answered_all_the_same(path: str, charset: str) -> None:
    assert status_of("GET", path, f"text/plain; charset={charset}") < "4"


@pytest.mark.parametrize("charset", NO_TEXT)
@pytest.mark.parametrize("path", ["/theme/", "/oauth2/token"])
def test_a_form_in_no_text_is_refused(path: str, charset: str) -> None:
    assert "400" <= status_of("POST", path, f"multipart/form-data; boundary=b; charset={charset}", FORM) < "5"
