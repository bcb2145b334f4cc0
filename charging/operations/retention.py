"""What is forgotten after a while, and how long that is."""

from __future__ import annotations

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import Case, F, When
from django.db.models.functions import Round

from charging.models import ChargeAction, Command, VehicleView
from charging.models.charge_actions import ActionState
from charging.models.commands import OPEN
from charging.operations.batches import AT_ONCE, delete_in_batches

SIGN_INS_KEPT_FOR = timedelta(days=30)


def forget_old_positions(*, at_wall: datetime, at_once: int = AT_ONCE) -> int:
    """Forgets where cars were seen longer ago than the setting. Returns of how many cars.

    At which place that was stays known, and the distance to the nearest one roughly: in hundreds of meters, beyond one
    kilometer in kilometers.
    """
    oldest = at_wall - timedelta(hours=settings.READYBY_KEEP_POSITIONS_HOURS)
    old = VehicleView.objects.filter(position_observed_at__lt=oldest, latitude__isnull=False)
    rough = Case(
        When(distance_m__lt=1000, then=Round(F("distance_m") / 100.0) * 100.0),
        default=Round(F("distance_m") / 1000.0) * 1000.0,
    )
    count = 0
    while pks := list(old.order_by().values_list("pk", flat=True)[:at_once]):
        count += old.filter(pk__in=pks).update(latitude=None, longitude=None, distance_m=rough)
    return count


def forget_old_commands(*, at_wall: datetime) -> int:
    """Deletes what was sent to cars, and what operators changed, longer ago than the setting. Returns how many rows."""
    oldest = at_wall - timedelta(days=settings.READYBY_KEEP_COMMANDS_DAYS)
    commands = Command.objects.filter(created_at__lt=oldest).exclude(status__in=OPEN)
    actions = ChargeAction.objects.filter(created_at__lt=oldest).exclude(state=ActionState.PENDING)
    log = LogEntry.objects.filter(action_time__lt=oldest)
    return delete_in_batches(commands) + delete_in_batches(actions) + delete_in_batches(log)


def forget_old_sign_ins(*, at_wall: datetime) -> int:
    """Deletes failed attempts to sign in of more than 30 days ago. Returns how many."""
    return delete_in_batches(AccessAttempt.objects.filter(attempt_time__lt=at_wall - SIGN_INS_KEPT_FOR))
