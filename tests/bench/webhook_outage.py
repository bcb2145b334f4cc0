"""`python -m tests.bench.webhook_outage`: a receiver is away for six hours, senders are killed, nothing is lost (G13).

Time travels: every run of the periodic job is told its hour. Each is a process of its own, and some are killed at one
of the failpoints of sending. Every event must arrive, every signature hold, and the order of a car be restorable.
How soon a good receiver is told beside 50 dead ones is measured by `python -m tests.bench.webhooks`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.bench.reevaluation import database
from tests.faults.figures import Figures, show

BEGIN = datetime(2026, 1, 13, 12, 0, tzinfo=UTC)
EVENTS_FOR = timedelta(hours=8)
DOWN_FROM, DOWN_UNTIL = timedelta(hours=1), timedelta(hours=7)
MOST_TIME = timedelta(days=3)
CARS = 20
SECRET = "a secret of sixteen bytes or more"
POINTS = ("webhooks:queued", "webhooks:bundled", "webhooks:leased", "webhooks:sent")


@dataclass
class Outage:
    """`share` of what the receiver is sent it refuses while it is up; one job in `kill_one_in` is killed.

    The job runs once in each `step`.
    """

    events: int
    share: float
    kill_one_in: int
    draw: Random
    step: timedelta = timedelta(minutes=3)
    now: datetime = BEGIN
    made: Counter[int] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    jobs: int = 0
    refused: Counter[int] = field(default_factory=Counter)

    def answer(self, _number: int) -> int:
        is_down = DOWN_FROM <= self.now - BEGIN < DOWN_UNTIL
        status = 503 if is_down else 500 if self.draw.random() < self.share else 200
        if status != 200:
            self.refused[status] += 1
        return status

    def live(self, client: Any) -> None:
        """Makes the events and runs the job until nothing waits any more. Raises AssertionError after three days."""
        while self.now - BEGIN < EVENTS_FOR or self._next_at() is not None:
            assert self.now - BEGIN < MOST_TIME, "something still waits"
            self._make_events(client)
            self._run_job()
            self.now += self.step
            if self.now - BEGIN >= EVENTS_FOR:
                self.now = max(self.now, self._next_at() or self.now)

    def _make_events(self, client: Any) -> None:
        from charging.models import OutboxMessage  # noqa: PLC0415 - needs the settings

        share = min((self.now - BEGIN + self.step) / EVENTS_FOR, 1.0)
        new = []
        for _ in range(round(share * self.events) - self.made.total()):
            car = self.draw.randrange(CARS)
            self.made[car] += 1
            payload = {"event": "user:vehicle:updated", "car": car, "seq": self.made[car]}
            values = {"event": "user:vehicle:updated", "seq": self.made[car], "created_at": self.now}
            new.append(OutboxMessage(client=client, payload=payload, **values))
        OutboxMessage.objects.bulk_create(new)

    def _run_job(self) -> None:
        """The periodic job in a process of its own, without its threads."""
        from django.db import connection  # noqa: PLC0415 - needs the settings

        point = self.draw.choice(POINTS) if self.draw.randrange(self.kill_one_in) == 0 else ""
        self.jobs += 1
        connection.close()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run_job(self.now, point)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.killed[point] += 1
        else:
            assert os.WEXITSTATUS(status) == 0, "the job itself failed"

    def _next_at(self) -> datetime | None:
        """When anything is to be done next; None where nothing waits."""
        from charging.models import OutboxMessage, Webhook, WebhookDelivery, WebhookEvent  # noqa: PLC0415

        is_new = OutboxMessage.objects.filter(is_spread=False).exists()
        if is_new or WebhookEvent.objects.filter(delivery__isnull=True, is_held=False).exists():
            return self.now
        waiting = WebhookDelivery.objects.filter(next_attempt_at__isnull=False)
        first = waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
        rests = [at for at in Webhook.objects.values_list("resumes_at", flat=True) if at is not None]
        return None if first is None else max(first, *rests, self.now)


def run_job(now: datetime, point: str) -> None:
    """Does what the job does at `now`; is killed at `point`, if it comes there."""
    from charging.operations import failpoints, webhook_queue, webhook_sending  # noqa: PLC0415 - needs the settings

    if point:
        failpoints.arm(point, failpoints.Way.KILL)
    webhook_queue.spread(envelope_of=lambda message: dict(message.payload), at_wall=now)
    webhook_queue.bundle(at_wall=now)
    for webhook_id, _is_failing in webhook_sending.due_webhooks(at_wall=now):
        webhook_sending.drain(webhook_id=webhook_id, clock=lambda: now)


def measure(outage: Outage) -> Figures:
    """Lives through it, and compares what was made with what was taken."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    from charging.adapters.sealed import seal  # noqa: PLC0415
    from charging.models import Webhook  # noqa: PLC0415
    from tests.contracts.receiver import listening  # noqa: PLC0415
    from tests.factories import make_client  # noqa: PLC0415

    settings.READYBY_WEBHOOK_PRIVATE = True
    client = make_client()
    with listening() as receiver:
        receiver.answer = outage.answer
        values = {"url": receiver.url, "encrypted_secret": seal(SECRET), "events": ["*"]}
        Webhook.objects.create(client=client, created_at=BEGIN, **values)
        outage.live(client)
    rows: dict[str, object] = {"events": outage.made.total(), "jobs": outage.jobs, "killed": dict(outage.killed)}
    rows |= {"requests": len(receiver.got), "refused": dict(outage.refused)}
    rows["hours until all was taken"] = round((outage.now - BEGIN) / timedelta(hours=1), 1)
    return Figures(rows | {"received more than once": doubled(receiver.events)}, faults(outage, receiver))


def named(events: list[dict[str, Any]]) -> Counter[tuple[int, int]]:
    """How often each event was received; by its car and its number."""
    return Counter((event["car"], event["seq"]) for event in events if event["event"] == "user:vehicle:updated")


def doubled(events: list[dict[str, Any]]) -> int:
    return sum(count > 1 for count in named(events).values())


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """Whether both signatures hold, at the hour at which it was sent."""
    import time_machine  # noqa: PLC0415 - of the tests alone

    from tests.contracts.signatures import signatures_that_hold  # noqa: PLC0415

    with time_machine.travel(int(headers["webhook-timestamp"]), tick=False):
        return all(signatures_that_hold((headers, body), SECRET))


def faults(outage: Outage, receiver: Any) -> dict[str, int]:
    expected = {(car, seq) for car, count in outage.made.items() for seq in range(1, count + 1)}
    got = set(named(receiver.events))
    unsigned = sum(not is_signed(headers, body) for headers, body in receiver.got)
    return {
        "events never received": len(expected - got),
        "events that there were not": len(got - expected),
        "requests whose signatures do not hold": unsigned,
        "points at which nobody was killed": len(set(POINTS) - set(outage.killed)) if outage.killed else 0,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--failing", type=float, default=0.2, help="share of requests that are refused at random")
    parser.add_argument("--kill-one-in", type=int, default=5, help="jobs")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    begun = time.monotonic()
    with database():
        figures = measure(Outage(asked.events, asked.failing, asked.kill_one_in, Random(asked.seed)))
    figures.rows["seed"] = asked.seed
    return show(figures, seconds=time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
