"""Periodic jobs. They only ring a bell: what there is to do stands in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.db import connection
from oauth2_provider.models import clear_expired

from charging.operations import (
    attempts,
    audit,
    charge_actions,
    decision_log,
    drivers,
    enode_deliveries,
    farewells,
    guarding,
    idempotency,
    price_fetching,
    replanning,
    retention,
    sending,
    storage,
    telemetry,
    webhook_queue,
    wizard_funnel,
)
from charging.operations import sweep as sweeping
from charging.operations.clocks import wall_now
from charging.operations.database_clock import follow_later_clock

log = structlog.get_logger(__name__)


@shared_task
def sweep(**_: Any) -> None:
    """Looks at every car whose time has come."""
    offset = follow_later_clock()
    now = wall_now()
    sweeping.sweep(at_wall=now)
    guarding.guard(at_wall=now)
    sweeping.beat(name="sweep", at_wall=now, clock_offset=offset)


@shared_task
def send_commands(**_: Any) -> None:
    """Sends what is due and was not sent right after its decision, and what was asked for by hand."""
    follow_later_clock()
    now = wall_now()
    sending.send_due_commands(at_wall=now)
    charge_actions.advance_actions(at_wall=now)


@shared_task
def fetch_prices(**_: Any) -> None:
    """Asks the price services for today and tomorrow."""
    price_fetching.fetch_prices(now=wall_now(), hand_out=lambda shard: replan_shard.delay(**asdict(shard)))


@shared_task
def replan_shard(*, area_code: str, first_id: int, last_id: int, **_: Any) -> None:
    """Plans a part of an area again. A bell that is lost costs minutes: each car's next evaluation sees new prices."""
    replanning.replan_shard(area_code=area_code, first_id=first_id, last_id=last_id, at_wall=wall_now())


@shared_task
def say_farewells(**_: Any) -> None:
    """Tells Enode whom to forget."""
    farewells.send_farewells(at_wall=wall_now())


CLEANING: tuple[tuple[str, Callable[[datetime], object]], ...] = (
    ("positions", lambda now: retention.forget_old_positions(at_wall=now)),
    ("guests", lambda now: drivers.expire_guests(at_wall=now)),
    ("commands", lambda now: retention.forget_old_commands(at_wall=now)),
    ("sign-ins", lambda now: retention.forget_old_sign_ins(at_wall=now)),
    ("attempts", lambda now: attempts.forget_old_attempts(at_wall=now)),
    ("audit events", lambda now: audit.forget_old_events(at_wall=now)),
    ("links", lambda now: farewells.forget_links_left(at_wall=now)),
    ("calls", lambda now: idempotency.forget_old_calls(at_wall=now)),
    ("steps of the setup", lambda now: wizard_funnel.forget_old_steps(at_wall=now)),
    ("deliveries", lambda now: enode_deliveries.forget_old_deliveries(at_wall=now)),
    ("webhook events", lambda now: webhook_queue.forget_old_events(at_wall=now)),
    ("sessions", lambda _now: call_command("clearsessions")),
    ("tokens", lambda _now: clear_expired()),
    ("readings", lambda now: telemetry.forget_old_readings(at_wall=now)),
    ("decisions", lambda now: decision_log.forget_old_decisions(at_wall=now)),
    ("journal", lambda _now: storage.empty_journal()),
)
"""Where cars are goes first. Of the others another one is the next each hour: what takes long stops none for ever."""


@shared_task
def clean_up(**_: Any) -> None:
    """Deletes guests who did not stay, what is long ago, expired tokens and sessions; forgets positions.

    What fails is logged and comes again within the hour; only when the time is up the rest has to wait.
    """
    now = wall_now()
    first, *others = CLEANING
    turn = int(now.timestamp()) // 3600 % max(len(others), 1)
    for name, step in (first, *others[turn:], *others[:turn]):
        try:
            step(now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("cleaning up failed", step=name)
            connection.close_if_unusable_or_obsolete()
