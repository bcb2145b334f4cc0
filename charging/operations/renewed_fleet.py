"""Cars whose plans new prices have renewed, column by column, as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from charging.core.fleet_facts import COST_STEP, FleetFacts
from charging.core.fleet_renewal import FleetRenewals
from charging.models.planning import windows_as_texts


@dataclass(frozen=True)
class RenewedFleet:
    """Cars by the columns of their rows, the fingerprints of their new prices, and the renewals of some of them."""

    columns: Mapping[str, Sequence[Any]]
    hashes: Sequence[str]
    facts: FleetFacts
    renewals: FleetRenewals

    def column(self, name: str) -> list[Any]:
        """A column of the rows of the renewed cars."""
        column = self.columns[name]
        return list(column) if self._are_all else [column[row] for row in self.rows]

    def only(self, vehicle_ids: set[int]) -> RenewedFleet:
        """The same with the renewals of these cars alone."""
        places = [place for place, pk in enumerate(self.column("vehicle")) if pk in vehicle_ids]
        if len(places) == len(self.rows):
            return self
        renewals = self.renewals.take(np.array(places, dtype=np.int64))
        return RenewedFleet(self.columns, self.hashes, self.facts, renewals)

    @cached_property
    def _are_all(self) -> bool:
        return self.rows == list(range(len(self.hashes)))

    @cached_property
    def rows(self) -> list[int]:
        """Which of the rows are renewed."""
        rows: list[int] = self.renewals.rows.tolist()
        return rows

    @cached_property
    def prices_hashes(self) -> list[str]:
        """The fingerprints of the renewed cars' prices."""
        return [self.hashes[row] for row in self.rows]

    @cached_property
    def has_moved(self) -> list[bool]:
        """Whether the renewed cars charge at other hours, not only for other money."""
        moved: list[bool] = self.renewals.has_moved.tolist()
        return moved

    @cached_property
    def windows(self) -> list[str]:
        """The windows of the renewed cars, as they are stored in their rows."""
        return windows_as_texts(self.renewals.windows)

    @cached_property
    def smart_costs(self) -> list[Decimal]:
        """The costs of the renewed cars' plans."""
        return [steps * COST_STEP for steps in self.renewals.smart_cost_steps.tolist()]
