"""Lists come in pages, by creation time and then id. A cursor is a signed position and means nothing to clients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from charging.api.schemas import Pagination
from charging.operations.issues import Issue, Refused

Row = TypeVar("Row", bound=Model)


def _digits(value: Any) -> Any:
    """Only plain digits are a number in a query; `+5`, `5_0` and digits of other scripts are not."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("not a number")
    return value


class PageQuery(BaseModel):
    """Which page of a list is asked for."""

    model_config = ConfigDict(populate_by_name=True)

    after: str | None = Field(None, description="Cursor of the page before: what comes after it.")
    before: str | None = Field(None, description="Cursor of the page after: what comes before it. Not with `after`.")
    page_size: Annotated[int, Field(ge=1, le=200), BeforeValidator(_digits)] = Field(
        50, alias="pageSize", description="How many entries a page has, 1 to 200."
    )


def page_of(
    rows: QuerySet[Row], ask: PageQuery, *, created_field: str, newest_first: bool = False
) -> tuple[Sequence[Row], Pagination]:
    """Returns one page of the rows and the cursors of its neighbors; in two queries at most, whatever its size.

    Raises Refused for two cursors at once, and for one that is not of this list.
    """
    if ask.after is not None and ask.before is not None:
        raise Refused([Issue("CURSORS_INVALID", "after", _("Use after or before, not both."))])
    signer = Signer(salt=f"page of {rows.model.__name__}")
    is_backward = ask.before is not None
    is_descending = is_backward is not newest_first
    cursor = ask.before if is_backward else ask.after
    order = (created_field, "public_id")
    side = rows
    if cursor is not None:
        key = "before" if is_backward else "after"
        side = rows.filter(_beyond(created_field, *_position(signer, cursor, key), is_descending=is_descending))
    found = list(side.order_by(*(f"-{name}" if is_descending else name for name in order))[: ask.page_size + 1])
    has_more, found = len(found) > ask.page_size, found[: ask.page_size]
    if not found:
        return [], Pagination(after=None, before=None)
    if is_backward:
        found.reverse()
    edge = found[-1] if is_backward else found[0]
    has_behind = cursor is not None and _exists_beyond(rows, created_field, edge, is_descending=not is_descending)
    has_after, has_before = (has_behind, has_more) if is_backward else (has_more, has_behind)
    return found, Pagination(
        after=_cursor(signer, found[-1], created_field) if has_after else None,
        before=_cursor(signer, found[0], created_field) if has_before else None,
    )


def _cursor(signer: Signer, row: Model, created_field: str) -> str:
    position = [getattr(row, created_field).isoformat(), str(getattr(row, "public_id"))]  # noqa: B009
    signed: str = signer.sign_object(position)
    return signed


def _position(signer: Signer, cursor: str, key: str) -> tuple[datetime, str]:
    try:
        created_at, public_id = signer.unsign_object(cursor)
    except BadSignature as fault:
        raise Refused([Issue("CURSOR_INVALID", key, _("Use a cursor of this list as it was given."))]) from fault
    return datetime.fromisoformat(created_at), public_id


def _beyond(created_field: str, created_at: datetime, public_id: Any, *, is_descending: bool) -> Q:
    than = "lt" if is_descending else "gt"
    later = Q(**{f"{created_field}__{than}": created_at})
    return later | Q(**{created_field: created_at, f"public_id__{than}": public_id})


def _exists_beyond(rows: QuerySet[Any], created_field: str, row: Model, *, is_descending: bool) -> bool:
    position = getattr(row, created_field), getattr(row, "public_id")  # noqa: B009
    return bool(rows.filter(_beyond(created_field, *position, is_descending=is_descending)).exists())
