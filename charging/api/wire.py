"""How values look on the wire: camelCase keys, instants in UTC with a Z."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from charging.core.states import State
from charging.core.vendors import VENDORS

ANSWER = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)
"""For what is sent: built by our names, dumped by those of the wire."""

BODY = ConfigDict(alias_generator=to_camel, strict=True, extra="forbid", allow_inf_nan=False)
"""For what is received: nothing is converted, nothing unknown is passed over."""


def written(instant: datetime) -> str:
    """Returns the instant in UTC, with milliseconds where there are some: 2025-12-09T21:04:00Z."""
    precision = "milliseconds" if instant.microsecond >= 1000 else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    PlainSerializer(written, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Vendor = Annotated[str, WithJsonSchema({"type": "string", "enum": list(VENDORS)})]
StateName = Annotated[str, WithJsonSchema({"type": "string", "enum": [state.value for state in State]})]
EndedStateName = Annotated[
    str, WithJsonSchema({"type": "string", "enum": [s.value for s in State if s.value.startswith("PLAN:ENDED:")]})
]
