"""An hour of a car's evening with everything that runs beside it: sweeps, commands, a guardian, webhooks.

All jobs run one after the other in this process, each as its own task would: what one of them raises does not reach
the next. Every step is two minutes of the driver's clock and of the wall's alike.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from charging.adapters.vehicles.simulated_car import advance
from charging.api.webhook_events import envelope_of
from charging.models import Command, OutboxMessage, StateEvent, Vehicle, Webhook
from charging.operations import guarding, sending, sweep, webhook_queue, webhook_sending
from charging.operations.failpoints import PlantedError
from charging.operations.gateways import load_simulated_car
from tests.operations.night import Night

STEP = timedelta(minutes=2)
TOLD_ONCE = ("user:vehicle:smart-charging-status-updated", "user:vendor-action:updated")


@dataclass
class Story:
    """`inbox` is what the receiver of webhooks got, `pace` where the story stands: files, so that both outlive us."""

    night: Night
    inbox: Path
    pace: Path
    is_swept: bool = True
    failed: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.night.now

    def live_until(self, end: datetime) -> None:
        while self.night.now < end:
            self.night.now += STEP
            self.pace.write_text(self.night.now.isoformat())
            for job in self._jobs():
                try:
                    job()
                except PlantedError as error:
                    self.failed.append(str(error))

    def _jobs(self) -> list[Callable[[], object]]:
        now = self.night.now
        sweeping: list[Callable[[], object]] = [
            lambda: sweep.sweep(at_wall=now),
            lambda: sending.send_due_commands(at_wall=now),
        ]
        return [
            *(sweeping if self.is_swept else []),
            lambda: guarding.guard(at_wall=now),
            lambda: webhook_queue.spread(envelope_of=envelope_of, at_wall=now),
            lambda: webhook_queue.bundle(at_wall=now),
            self._send_webhooks,
        ]

    def _send_webhooks(self) -> None:
        for webhook_id, _is_failing in webhook_sending.due_webhooks(at_wall=self.night.now):
            webhook_sending.drain(webhook_id=webhook_id, clock=self.clock)

    def live_in_a_process_until(self, end: datetime) -> bool:
        """Lives on in a process of its own. Returns whether that was killed; then the story stands where it was."""
        connection.close()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                self.live_until(end)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        self.night.now = datetime.fromisoformat(self.pace.read_text())
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the story itself failed"
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def receive(self, *, delivery_id: object, body: bytes) -> None:
        with self.inbox.open("a", encoding="utf-8") as inbox:
            inbox.write(json.dumps([str(delivery_id), json.loads(body)]) + "\n")


def outcome(story: Story) -> dict[str, Any]:
    """What the story has come to, without its instants: a fault may cost minutes and nothing else."""
    vehicle = Vehicle.objects.get(pk=story.night.vehicle.pk)
    car = advance(load_simulated_car(vehicle), story.night.now)
    commands = Command.objects.order_by("generation")
    events = StateEvent.objects.order_by("seq").values_list("seq", "event", "from_state", "to_state")
    told = OutboxMessage.objects.filter(event__in=TOLD_ONCE).order_by("event", "seq")
    return {
        "state": (vehicle.state, vehicle.event_seq, vehicle.command_generation, vehicle.hold_until is not None),
        "events": list(events),
        "commands": list(commands.values_list("generation", "kind", "purpose", "status")),
        "leases": commands.filter(lease_until__gt=story.night.now).count(),
        "car": (car.is_plugged_in, car.wants_charge, car.is_charging, car.hold is not None, car.event_count),
        "the car was told": car.seen_command_ids == tuple(str(one.public_id) for one in commands),
        "outbox": list(told.values_list("event", "seq", "is_spread")),
        "received": received(story),
        "waiting": (webhook_sending.due_webhooks(at_wall=story.night.now), Webhook.objects.get().failures),
    }


def received(story: Story) -> list[str]:
    """The events that the receiver has, each delivery counted once; not those of readings, which may be fewer."""
    by_id = dict(json.loads(line) for line in story.inbox.read_text(encoding="utf-8").splitlines())
    events = [event for events in by_id.values() for event in events if event["event"] in TOLD_ONCE]
    return sorted(f"{event['event']} {event.get('seq', '')}" for event in events)
