"""The decisions of a car as they were logged, with the facts they had: judged like those of the pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charging.core.facts import Facts
from charging.core.facts_json import from_json
from charging.models import DecisionLog
from charging.operations.decision_log import replay
from tests.core import watch
from tests.core.seen import Seen


@dataclass
class LoggedDecisions:
    """Looks at each decision of a car once."""

    vehicle_id: int
    last: int = 0

    def look(self) -> tuple[datetime | None, list[str]]:
        """Returns the instant of the newest decision, and what is wrong with those that are new.

        I14: from the rows alone follows what was decided. I4, I10 to I13 and the contract: as in the pure rules.
        """
        found: list[str] = []
        newest = None
        for row in DecisionLog.objects.filter(vehicle_id=self.vehicle_id, pk__gt=self.last).order_by("pk"):
            self.last, newest = row.pk, row.at
            again = replay(row)
            if not again.is_same:
                found.append(f"I14: decided otherwise from its rows: {again.differences}")
            facts: Facts = from_json(Facts, {**row.facts, "prices": row.prices.prices})
            found += watch.breaches(Seen(facts, row.at, again.decision))
        return newest, found
