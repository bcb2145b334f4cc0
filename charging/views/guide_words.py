"""How sure a guide is and where it comes from, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.operations.guides import Confidence, Guide, Kind
from charging.views import date_words

KINDS: dict[Kind, Promise] = {
    Kind.CAR: _("Cars"),
    Kind.CHARGER: _("Chargers"),
    Kind.APP: _("Apps and contracts"),
}

NOT_CHECKED: dict[Confidence, Promise] = {
    Confidence.HIGH: _("Taken from the maker’s page. We have not checked it on the live page yet."),
    Confidence.MEDIUM: _("Put together from what is written about it. We have not checked it with the maker yet."),
    Confidence.LOW: _("No page of its maker confirms this yet."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A page that a guide was taken from. `label` is its host, numbered where several pages are of one host."""

    label: str
    url: str


def provenance(guide: Guide) -> str:
    """Returns how sure the guide is: the day on which it was compared with a source, and that this was no trial.

    A guide that no maker's page confirms says so with a day as well as without one.
    """
    if guide.checked_on is None:
        return str(NOT_CHECKED[guide.confidence])
    day = date_words.day_month_year(guide.checked_on)
    compared = gettext("Compared on %(day)s with a stored copy of a page that it comes from. We have not tried it.")
    sentences = [compared % {"day": day}]
    if not guide.is_confirmed:
        sentences.append(str(NOT_CHECKED[guide.confidence]))
    return " ".join(sentences)


def sources(guide: Guide) -> tuple[Source, ...]:
    """Returns the pages that the guide was taken from, each under a label of its own."""
    seen: Counter[str] = Counter()
    found = []
    for url in guide.sources:
        host = urlsplit(url).netloc.removeprefix("www.")
        seen[host] += 1
        found.append(Source(f"{host} ({seen[host]})" if seen[host] > 1 else host, url))
    return tuple(found)
