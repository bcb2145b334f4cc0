"""The list of static files, which every new client of a test would put together for itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

_lists: dict[tuple[Any, ...], dict[str, Any]] = {}
list_files = WhiteNoiseMiddleware.add_files_from_finders


def list_once() -> None:
    """From now on this process looks for them once: a client of Django's has middleware of its own."""
    WhiteNoiseMiddleware.add_files_from_finders = add_files_from_finders


def add_files_from_finders(self: Any) -> None:
    """The files that were found under the same settings before."""
    folders = (*map(str, settings.STATICFILES_DIRS), *settings.STATICFILES_FINDERS, *settings.INSTALLED_APPS)
    served = (self.static_prefix, self.max_age, self.allow_all_origins, self.charset, self.index_file)
    key = (*folders, *served, type(self), self.add_headers_function)
    if key not in _lists:
        before = set(self.files)
        list_files(self)
        _lists[key] = {url: file for url, file in self.files.items() if url not in before}
    self.files.update(_lists[key])
