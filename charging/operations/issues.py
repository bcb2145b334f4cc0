"""What is wrong with what somebody asked for: every fault at once, each with a code, a place and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. `path` is the API's name of the value, `message` a translated sentence that says what to do."""

    code: str
    path: str
    message: str


class Refused(Exception):  # noqa: N818 - nothing went wrong, somebody was told no
    """Nothing was written, for the reasons in `issues`."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__(", ".join(issue.code for issue in self.issues))


def refuse_if_any(issues: Iterable[Issue]) -> None:
    """Raises Refused when there is at least one issue."""
    found = tuple(issues)
    if found:
        raise Refused(found)
