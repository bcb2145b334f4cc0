"""A simulated car at the end of a line that may be bad, and that may say otherwise than it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_reading import telemetry
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.core.facts import CommandKind, Hold, Reading


class Line(Enum):
    """How the car can be reached."""

    GOOD = "good"
    DEAF = "commands are refused, readings come"
    LOST = "commands arrive, replies are lost"
    DOWN = "neither commands nor readings"


@dataclass
class FarCar:
    """`odd` is what its readings say otherwise than it is."""

    car: SimulatedCar
    line: Line = Line.GOOD
    odd: dict[str, object] = field(default_factory=dict)

    def act(self, action: Callable[[SimulatedCar], SimulatedCar], now: datetime) -> None:
        """Something happens to the car; it tells of it when it is asked next."""
        self.car = action(advance(self.car, now))

    def read(self, now: datetime) -> Reading | None:
        """What it says, None while the line is down."""
        self.car = advance(self.car, now)
        if self.line is Line.DOWN:
            return None
        reading = telemetry(self.car)
        return replace(reading, **self.odd) if self.odd else reading  # type: ignore[arg-type]

    def command(self, number: int, kind: CommandKind, hold: Hold | None, now: datetime) -> bool | None:
        """Sends a command. Returns whether it was accepted, None where no answer came."""
        accepted = False
        if self.line in {Line.GOOD, Line.LOST}:
            accepted = self._send(UUID(int=number), kind, hold, now)
        return None if self.line in {Line.LOST, Line.DOWN} else accepted

    def _send(self, command_id: UUID, kind: CommandKind, hold: Hold | None, now: datetime) -> bool:
        if kind == CommandKind.START:
            return self._gateway().start(command_id=command_id, now=now).accepted
        return self._gateway().stop(command_id=command_id, hold=hold, now=now).accepted

    def renew(self, hold: Hold, now: datetime) -> bool:
        return self.line is Line.GOOD and self._gateway().renew(hold=hold, now=now).accepted

    def _gateway(self) -> SimulatorGateway:
        return SimulatorGateway(load=lambda: self.car, save=self._save)

    def _save(self, car: SimulatedCar) -> None:
        self.car = car
