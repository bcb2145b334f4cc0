"""What every source of prices promises, whatever service stands behind it.

- **A whole day or nothing.** `fetch_day` returns all prices of one area and delivery day, checked by `make_price_day`:
  no gap, no overlap, the right area, currency and unit, no price that the market cannot have. Otherwise it raises a
  PriceAnswerError and nothing is stored, so a good price is never overwritten by half an answer.
- **Published or not.** A day that is not out yet is NOT_PUBLISHED. It is no fault: the next source in the order is
  asked, and this one again later. Preliminary results are not out yet either.
- **Trouble.** A service that cannot be reached, is overloaded, wants to be left alone or refuses the token says so with
  `is_of_service`; it rests as a whole, for at least as long as it asked for. Any other refusal is about this area and
  this day only.
- **Limits.** An answer is read within `reading.WITHIN` and up to `reading.LARGEST_ANSWER_BYTES`, however slowly or
  largely it comes; redirects are not followed, and nothing is taken from the environment.
- **Secrets.** A token is part of `Question.secrets` only. It is in no log, no message and no representation.
- **Time.** A source knows no clock: what is asked for is a delivery day.

A source is one row: its name as it is stored with every document, the areas it has under the names it gives them, how
it is asked and how its answers are read. `source_order` says who is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from charging.adapters.prices.areas import Area
from charging.adapters.prices.price_day import PriceDay


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What the operator allows and provides."""

    entsoe_token: str = field(default="", repr=False)
    allows_nord_pool: bool = False
    octopus_product: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One HTTP GET. `secrets` are parts of the query that nobody may see."""

    address: str
    query: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A service that publishes prices.

    `codes` are its names of our areas; `ask` and `parse` get the area and the delivery day, and `parse` raises
    PriceAnswerError for anything but that whole day.
    """

    name: str
    codes: Mapping[str, str]
    ask: Callable[[Area, date, SourceOptions], Question]
    parse: Callable[[bytes, Area, date], PriceDay]
    is_allowed: Callable[[SourceOptions], bool] = lambda options: True
