"""Under which name wrong passwords are counted, whichever of the login pages they came in by."""

from collections.abc import Mapping

from django.http import HttpRequest

FIELDS = ("login", "email", "username")
LONGEST = 255
"""What django-axes can store of a name; the form takes longer ones, which are no account's."""


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str | None:
    """The name somebody signs in with: among the credentials that are tried, else among the fields that were sent.

    Without one truth for both, failures are counted under one name and looked up under another, and nobody is locked.
    """
    for values in (credentials or {}, request.POST):
        for field in FIELDS:
            if values.get(field):
                return str(values[field]).strip().lower()[:LONGEST]
    return None
