"""One row of the wording of the status card."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Words:
    """Headline, sentences and the likeliest action; `tone` is neutral, active, needs or problem.

    `announce` says how a change to this row is read out: politely, assertively, or not at all.
    """

    headline: Promise
    sentences: tuple[Promise, ...]
    primary: str
    tone: str
    announce: str


def say(
    headline: Promise, *sentences: Promise, primary: str = "", tone: str = "neutral", announce: str = "polite"
) -> Words:
    return Words(headline, sentences, primary, tone, announce)
