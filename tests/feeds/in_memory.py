"""The services that publish prices, without a socket: for tests of what is asked, in which order, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import httpx

from charging.adapters.prices import elering, energy_charts, entsoe, nord_pool, octopus
from charging.adapters.prices.reading import make_client
from tests.feeds.answers import Day, make_day, write
from tests.feeds.server import HOSTS, delivery_date_of

Answer = httpx.Response | type[httpx.TransportError]
CODES = {
    energy_charts.NAME: ("bzn", energy_charts.CODES),
    nord_pool.NAME: ("deliveryArea", nord_pool.CODES),
    entsoe.NAME: ("in_Domain", entsoe.CODES),
}


class Services:
    """Answers like the services for the days that are `published`; `failure` answers for everything else.

    `asked` remembers source, area and day of each question. `failing` are areas and sources that have nothing,
    `prices` may tell another day, and `meanwhile` happens while an answer is on its way.
    """

    def __init__(self, *published: date) -> None:
        self.asked: list[tuple[str, str, date]] = []
        self.published = set(published)
        self.failure: Answer = httpx.Response(204)
        self.failing: set[str] = set()
        self.prices: Callable[[str, str, date], Day] = lambda source, area_code, day: make_day(area_code, day)
        self.meanwhile: Callable[[], object] = lambda: None

    def client(self) -> httpx.Client:
        """A client like the one of the product, whose every request ends up here."""
        return make_client(httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        source = HOSTS[request.url.host]
        day, area_code = delivery_date_of(source, str(request.url)), self._area(source, request.url)
        self.asked.append((source, area_code, day))
        self.meanwhile()
        if day in self.published and self.failing.isdisjoint({source, area_code}):
            return _response(200, write(source, self.prices(source, area_code, day)))
        if isinstance(self.failure, httpx.Response):
            return _response(self.failure.status_code, self.failure.content, self.failure.headers)
        raise self.failure("no way")

    def _area(self, source: str, url: httpx.URL) -> str:
        """The area that is asked for; Elering always tells all of its areas, of which the tests have one."""
        if source == octopus.NAME:
            return _region(url.path)
        if source == elering.NAME:
            return "FI"
        name, codes = CODES[source]
        return next(code for code, known in codes.items() if known == url.params[name])


def _response(status: int, content: bytes, headers: httpx.Headers | None = None) -> httpx.Response:
    """A response that is still to be read, as if it came over a network."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


def _region(path: str) -> str:
    tariff = path.split("/electricity-tariffs/")[1].split("/", maxsplit=1)[0]
    return f"GB-{tariff[-1]}"
