"""Rules of random lives: something happens, and then some time passes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import rule


class Timed(Protocol):
    """A life in which time passes."""

    def time_passes(self, minutes: int | None) -> None: ...


def steps(
    then: st.SearchStrategy[int | None], *, refusals: tuple[type[Exception], ...] = ()
) -> Callable[..., Callable[[Callable[..., None]], Any]]:
    """Returns the decorator of rules after which `then` minutes pass; who is refused what he asks lives on."""

    def step(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
        def of(happens: Callable[..., None]) -> Any:
            def happens_and_time_passes(self: Timed, then: int | None, **values: object) -> None:
                with suppress(*refusals):
                    happens(self, **values)
                self.time_passes(then)

            happens_and_time_passes.__name__ = happens.__name__
            strategies: dict[str, Any] = {"then": then, **drawn}
            as_rule: Callable[..., Any] = rule(**strategies)
            return as_rule(happens_and_time_passes)

        return of

    return step
