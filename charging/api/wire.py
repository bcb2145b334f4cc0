"""How values look on the wire: camelCase keys, instants in UTC with a Z."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from charging.core.states import State
from charging.core.vendors import VENDORS

ANSWER = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)
"""For what is sent: built by our names, dumped by those of the wire."""

SENT_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)

BODY = ConfigDict(alias_generator=to_camel, strict=True, extra="forbid", allow_inf_nan=False)
"""For what is received: nothing is converted, nothing unknown is passed over."""


def written(instant: datetime) -> str:
    """Returns the instant in UTC, with milliseconds where there are some: 2025-12-09T21:04:00Z."""
    precision = "milliseconds" if instant.microsecond >= 1000 else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _sent_instant(text: Any) -> datetime:
    """An instant with its offset; neither a number of seconds nor a day counts as one."""
    if isinstance(text, datetime):
        return text
    if not isinstance(text, str) or not SENT_INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as fault:
        raise ValueError("not an instant") from fault


def limits(**keywords: Any) -> Callable[[dict[str, Any]], None]:
    """For the document: limits of a value that the operations check and name in their own words."""

    def describe(schema: dict[str, Any]) -> None:
        schema.update(keywords)

    return describe


def limits_if_sent(**keywords: Any) -> Callable[[dict[str, Any]], None]:
    """The same of a value whose default only marks that it was left out, and is no value itself."""

    def describe(schema: dict[str, Any]) -> None:
        schema.pop("default", None)
        schema.update(keywords)

    return describe


Instant = Annotated[
    datetime,
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
SentInstant = Annotated[
    datetime, BeforeValidator(_sent_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
"""An id that Readyby gave. Nothing is there under what is none."""

Vendor = Annotated[str, WithJsonSchema({"type": "string", "enum": list(VENDORS)})]
StateName = Annotated[str, WithJsonSchema({"type": "string", "enum": [state.value for state in State]})]
EndedStateName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [s.value for s in State if s.value.startswith("PLAN:ENDED:")]})
]
