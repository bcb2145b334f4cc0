"""What was said to be the same as another finding of its car: whose it is now, or since when it counts anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from charging.core.causes import Cause
from charging.core.signatures import REPLACED_BY
from charging.models import Finding


def merged_causes(known: Iterable[Finding]) -> tuple[dict[Cause, Cause], dict[Cause, datetime]]:
    """Returns, by cause, that of the open finding which stands for it; where that one is over, since when it is.

    `known` are findings of one car. What a cause turns into is the same thing. The newest word of an operator counts.
    """
    standing: dict[Cause, Cause] = {}
    over: dict[Cause, datetime] = {}
    merged = [(row.gone_at, row.pk, row, row.merged_into) for row in known if row.gone_at and row.merged_into]
    for _gone_at, _pk, row, kept in sorted(merged):
        for cause in ({Cause(row.cause)} | REPLACED_BY.get(Cause(row.cause), frozenset())) - {Cause(kept.cause)}:
            standing.pop(cause, None)
            over.pop(cause, None)
            if kept.gone_at is None:
                standing[cause] = Cause(kept.cause)
            else:
                over[cause] = kept.gone_at
    return standing, over
