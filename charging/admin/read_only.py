"""What may only be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin

if TYPE_CHECKING:
    # Django's own classes take no type arguments while they run.
    Screen = admin.ModelAdmin[Any]
    Rows = admin.TabularInline[Any, Any]
    AnyScreen = TypeVar("AnyScreen", bound=type[BaseModelAdmin[Any]])
else:
    Screen = admin.ModelAdmin
    Rows = admin.TabularInline
    AnyScreen = TypeVar("AnyScreen", bound=type[BaseModelAdmin])


def _never(*_: object, **__: object) -> bool:
    return False


def read_only(screen: AnyScreen) -> AnyScreen:
    """Returns the screen without adding, changing and deleting, whatever the operator's permissions.

    Lists do not count all their rows either: with a hundred thousand cars that alone takes longer than the page.
    """
    for permission in ("has_add_permission", "has_change_permission", "has_delete_permission"):
        setattr(screen, permission, _never)
    screen.show_full_result_count = False
    return screen


def shown(*names: object) -> Any:
    """Returns the fields of a page that only shows them: names of fields, or functions of the row."""
    return names
