"""The gateway to a simulated car."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from charging.adapters.vehicles import simulated_commands
from charging.adapters.vehicles.gateway import Acknowledgement, Capabilities, GatewayError
from charging.adapters.vehicles.simulated_car import SimulatedCar, advance
from charging.adapters.vehicles.simulated_commands import Outcome, is_reply_lost
from charging.adapters.vehicles.simulated_reading import answer
from charging.core.facts import CommandKind, Hold, Reading
from charging.core.obstacle import WELL, Control

TOLD = (
    *("soc_percent", "charge_limit_percent", "battery_capacity_kwh", "charging_power_kw"),
    *("is_plugged_in", "is_charging", "is_fully_charged", "latitude", "longitude"),
)
TELLS_ALL = Capabilities(is_controllable=True, readings=frozenset(TOLD))


@dataclass(frozen=True, slots=True)
class SimulatorGateway:
    """Reads and commands the car that `load` gives; `save` is called with the car after every command that changed it.

    Reading saves nothing: the car's future follows from its state, so it need not be written to pass. Between loading
    and saving the gateway is within `alone`, which keeps every other change of the car out.
    """

    load: Callable[[], SimulatedCar]
    save: Callable[[SimulatedCar], None]
    alone: Callable[[], AbstractContextManager[object]] = nullcontext
    poll_interval: timedelta = timedelta(minutes=1)
    has_lease: bool = True
    capabilities: Capabilities = TELLS_ALL

    def read(self, *, now: datetime) -> Reading | None:
        """What the car says of itself at `now`."""
        return answer(advance(self.load(), now))

    def control(self, *, now: datetime) -> Control:
        """Nobody takes anything away from a simulated car."""
        return WELL

    def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
        """Let the car charge after the latency of the command; refused while it is unplugged."""
        return self._ask(now, lambda car: simulated_commands.take(car, command_id, CommandKind.START, None))

    def stop(self, *, command_id: UUID, hold: Hold | None, now: datetime) -> Acknowledgement:
        """Let the car wait after the latency of the command, until the hold ends; refused while it is unplugged."""
        return self._ask(now, lambda car: simulated_commands.take(car, command_id, CommandKind.STOP, hold))

    def renew(self, *, hold: Hold, now: datetime) -> Acknowledgement:
        """Replace the hold of the car, or of the stop on its way to it; refused when there is neither."""
        return self._ask(now, lambda car: simulated_commands.renew(car, hold))

    def _ask(self, now: datetime, wish: Callable[[SimulatedCar], Outcome]) -> Acknowledgement:
        with self.alone():
            before = advance(self.load(), now)
            after, acknowledgement = wish(before)
            if after is not before:
                self.save(after)
        # Outside of `alone`: losing the reply must not undo what was saved.
        if is_reply_lost(before):
            raise GatewayError("The reply was lost.")
        return acknowledgement
