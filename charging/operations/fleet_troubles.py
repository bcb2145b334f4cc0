"""Which cars of the whole fleet somebody should look at, and how many they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Status
from charging.core.facts import FailureCondition
from charging.core.states import EXECUTING, State
from charging.models import Finding, Plan, Vehicle
from charging.operations.claims import NEEDS_ATTENTION_AFTER

SILENT_AFTER = timedelta(minutes=30)
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind of trouble and which cars have it at an instant of the wall's clock."""

    label: Promise
    cars: Callable[[datetime], Q]


def _silent(now: datetime) -> Q:
    return Q(state__in=sorted(EXECUTING), view__observed_at__lt=now - SILENT_AFTER)


def _late(now: datetime) -> Q:
    missed = Q(failure_condition=FailureCondition.FINISHED_LATE) | Q(final_state=State.FAILED)
    return Q(Exists(Plan.objects.filter(missed, vehicle=OuterRef("pk"), ended_at__gt=now - LATELY)))


def _interfered(_now: datetime) -> Q:
    standing = Finding.objects.open().filter(vehicle=OuterRef("pk"), status=Status.CONFIRMED, answer="")
    return Q(Exists(standing.filter(acknowledged_at__isnull=True)))


TROUBLES: Mapping[str, Trouble] = {
    "not_started": Trouble(_("Did not start when asked"), lambda _now: Q(state=State.START_FAILED)),
    "not_stopped": Trouble(_("Did not stop when asked"), lambda _now: Q(state=State.STOP_FAILED)),
    "silent": Trouble(_("Steered, and silent for half an hour"), _silent),
    "failing": Trouble(_("Could not be evaluated"), lambda _now: Q(due__attempts__gte=NEEDS_ATTENTION_AFTER)),
    "late": Trouble(_("Late or failed within a week"), _late),
    "interfered": Trouble(_("Something else controls charging"), _interfered),
}
"""By code, what costs a driver most first."""


def count_troubles(*, now: datetime) -> dict[str, int]:
    """Returns how many cars have each trouble, in the order of TROUBLES; one query whatever the fleet."""
    counts: dict[str, int] = Vehicle.objects.aggregate(
        **{code: Count("pk", filter=trouble.cars(now)) for code, trouble in TROUBLES.items()}
    )
    return counts
