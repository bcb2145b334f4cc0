"""Interference, found and stored: judged when a car is unplugged and when something has happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from charging.core.causes import Cause
from charging.core.decide import MAKES_PLAN
from charging.core.decision import Decision
from charging.core.interference import Finding as Found
from charging.core.interference import judge
from charging.core.nights import Night
from charging.core.patterns import Sightings
from charging.core.signatures import REPLACED_BY
from charging.core.standing import is_gone, seen_again
from charging.core.states import Event, State
from charging.models import Finding, Vehicle
from charging.models.findings import Answer
from charging.operations.facts import is_enabled_elsewhere
from charging.operations.finding_rows import (
    close_finding,
    open_finding,
    refresh_finding,
    replace_finding,
    see_again,
    take_in,
)
from charging.operations.merged_findings import merged_causes
from charging.operations.nights import MOST_PLUG_INS, load_nights

log = structlog.get_logger(__name__)

NEWS = MAKES_PLAN | {
    *(Event.POLICY_ON, Event.FOREIGN_START, Event.CHARGE_LOST, Event.CHARGE_SEEN, Event.CAR_FULL),
    *(Event.SENDINGS_USED_UP, Event.DEADLINE_MISSED),
}
"""Steps after which there may be something to find. Unplugging is one too, with a plan or without."""


def has_news(decision: Decision) -> bool:
    """Whether a decision has brought something that interference can be told from."""
    return any(move.event in NEWS for move in decision.moves)


def look_for_interference(*, vehicle: Vehicle, now: datetime) -> None:
    """Judges the last nights of a car. A fault in that is logged: it never keeps a car from being charged."""
    with _without_a_fault(vehicle), transaction.atomic():
        _judge_nights(_locked(vehicle), now)


def look_at_nights(*, vehicle: Vehicle, now: datetime) -> None:
    """As `look_for_interference`, for a car that is kept from all others and is as it is stored."""
    with _without_a_fault(vehicle), transaction.atomic():
        _judge_nights(vehicle, now)


@transaction.atomic
def judge_interference(*, vehicle: Vehicle, now: datetime) -> list[Finding]:
    """Judges the last nights of a car and opens, updates or closes its findings. Returns those that are open then."""
    _judge_nights(_locked(vehicle), now)
    return list(Finding.objects.open().filter(vehicle=vehicle).order_by("first_seen_at", "pk"))


def _locked(vehicle: Vehicle) -> Vehicle:
    locked = Vehicle.objects.select_for_update().get(pk=vehicle.pk)
    # Not joined: what is joined to a row that had to be waited for is as it was before the wait.
    locked.driver = vehicle.driver
    return locked


@contextmanager
def _without_a_fault(vehicle: Vehicle) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("interference not judged", vehicle=str(vehicle.public_id))


def _judge_nights(vehicle: Vehicle, now: datetime) -> None:
    nights = load_nights(vehicle=vehicle, now=now)
    has_second_account = vehicle.state != State.DISABLED and is_enabled_elsewhere(vehicle)
    rows, alarms, merged = _known(vehicle)
    found = {item.cause: item for item in judge(nights, now=now, has_second_account=has_second_account)}
    for cause, at in alarms.items():
        found.pop(cause, None)
        after = _after(nights, at)
        anew = judge(after, now=now, has_second_account=has_second_account and bool(after))
        found |= {item.cause: item for item in anew if item.cause is cause}
    standing = {row.cause: row for row in rows if row.gone_at is None}
    for cause, kept in merged.items():
        if cause in found and cause.value not in standing:
            take_in(standing[kept], found.pop(cause), now)
    for row in rows:
        of_it = _after(nights, alarms.get(Cause(row.cause)))
        if row.gone_at is None:
            _follow(row, found, of_it, now)
        elif row.cause not in standing and (again := _again(row, of_it, row.gone_at)):
            see_again(row, again, now)
            standing[row.cause] = row
    for cause, item in found.items():
        if cause.value not in standing:
            open_finding(vehicle, item, now, instead_of=_meant_on_purpose(cause, rows))


@transaction.atomic
def answer_finding(*, finding: Finding, answer: str, now: datetime) -> Finding:
    """The driver's word on an open finding; an empty one takes it back. Returns it as stored; a gone one unchanged.

    "on_purpose" silences it and keeps its hours; after "switched_off" it is watched without them. Raises ValueError for
    any other answer. What an operator calls it is in operations/finding_verdicts.py.
    """
    word = Answer(answer)
    if word == Answer.FALSE_ALARM:
        raise ValueError("that is an operator's word, not a driver's")
    finding = Finding.objects.select_for_update(of=("self",)).select_related("vehicle").get(pk=finding.pk)
    if finding.gone_at is None:
        finding.answer = word
        finding.answered_at = now if word != Answer.NONE else None
        finding.save(update_fields=["answer", "answered_at"])
    return finding


def _known(vehicle: Vehicle) -> tuple[list[Finding], dict[Cause, datetime], dict[Cause, Cause]]:
    """The findings that are open or watched, newest gone first; when what spoke for each cause, or for what that turns
    into, was settled last: called a false alarm, or over as a part of another finding; and which open one stands for
    each cause that is a part of it.
    """
    counts = Q(gone_at__isnull=True) | Q(answer__in=(Answer.SWITCHED_OFF, Answer.FALSE_ALARM))
    known = list(
        Finding.objects.filter(counts | Q(merged_into__isnull=False), vehicle=vehicle)
        .select_related("vehicle", "merged_into")
        .order_by("-gone_at", "-pk")
    )
    said = [(row.answered_at, Cause(row.cause)) for row in known if row.answer == Answer.FALSE_ALARM]
    merged, settled = merged_causes(known)
    for at, cause in sorted((at, cause) for at, cause in said if at is not None):
        for each in {cause} | REPLACED_BY.get(cause, frozenset()):
            settled[each] = max(at, settled.get(each, at))
    watched = (row for row in known if row.answer == Answer.SWITCHED_OFF and row.merged_into is None)
    followed = dict.fromkeys((*(row for row in known if row.gone_at is None), *watched))
    return list(followed), settled, merged


def _after(nights: Sequence[Night], at: datetime | None) -> Sequence[Night]:
    """The nights that began after an instant: all before them, with the one of that time, were a false alarm."""
    return nights if at is None else tuple(night for night in nights if night.plugged_in_at > at)


def _follow(row: Finding, found: dict[Cause, Found], nights: Sequence[Night], now: datetime) -> None:
    """Brings an open finding up to date, or closes it."""
    cause = Cause(row.cause)
    if cause in found:
        refresh_finding(row, found[cause], now)
    elif REPLACED_BY.get(cause, frozenset()) & found.keys():
        replace_finding(row, now)
    elif again := _again(row, nights, row.last_seen_at):
        see_again(row, again, now)
    elif _is_over(cause, row, nights):
        close_finding(row, now)


def _meant_on_purpose(cause: Cause, rows: Sequence[Finding]) -> Finding | None:
    """What the driver has said is on purpose, and has turned out to be this cause just now."""
    gone = (row for row in rows if row.gone_at is not None and row.answer == Answer.ON_PURPOSE)
    return next((row for row in gone if cause in REPLACED_BY.get(Cause(row.cause), frozenset())), None)


def _again(row: Finding, nights: Sequence[Night], since: datetime) -> Sightings:
    return seen_again(Cause(row.cause), nights, since=since, clock_time=row.clock_time, percent=row.percent)


def _is_over(cause: Cause, row: Finding, nights: Sequence[Night]) -> bool:
    """Gone, or so long ago that nothing speaks for it any more: only what is there on purpose stays without a sign."""
    is_forgotten = len(nights) == MOST_PLUG_INS and row.last_seen_at < nights[0].plugged_in_at
    if cause is Cause.SECOND_ACCOUNT or (is_forgotten and row.answer != Answer.ON_PURPOSE):
        return True
    return is_gone(cause, nights, since=row.last_seen_at, clock_time=row.clock_time, percent=row.percent)
