"""A sentence in several wordings, from the fullest to the barest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise


def fullest(wordings: Sequence[Promise], values: Mapping[str, str]) -> str:
    """Returns the first wording whose values are all known, filled in. Raises KeyError when there is none."""
    for wording in wordings:
        try:
            return str(wording) % values
        except KeyError:
            continue
    raise KeyError(str(wordings[-1]))
