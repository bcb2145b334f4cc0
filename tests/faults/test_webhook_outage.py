"""A receiver is away for six hours while senders are killed: the short form of `tests.bench.webhook_outage` (G13)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from pytest_django import Settings

from tests.bench.webhook_outage import DOWN_UNTIL, Outage, measure


@pytest.mark.django_db(transaction=True)
def test_everything_arrives_signed_whoever_is_killed(settings: Settings) -> None:
    settings.READYBY_WEBHOOK_PRIVATE = True
    outage = Outage(events=300, share=0.2, kill_one_in=3, draw=Random(4), step=timedelta(minutes=30))

    found = measure(outage)

    found.must_be_zero.pop("points at which nobody was killed")
    assert found.must_be_zero == dict.fromkeys(found.must_be_zero, 0)
    assert found.rows["events"] == 300
    assert outage.killed.total() > 2
    assert outage.refused[503] > 2
    assert float(str(found.rows["hours until all was taken"])) > DOWN_UNTIL / timedelta(hours=1)
