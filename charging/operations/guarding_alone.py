"""The very last line: the guardian starts held cars whose hour has come while the database is away.

It sends a START and nothing else. What it is about to send is on the disk before it goes out, under the id that the
database would have given it, so that whoever sends it again, here or later, changes nothing. After a refusal it goes
out under the next id, as from the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from charging.adapters import guardian_files
from charging.adapters.guardian_files import Entry
from charging.adapters.vehicles.gateway import GatewayError
from charging.core.commands import sending_key
from charging.core.trouble import ENDED_IN_VAIN
from charging.operations.guardian_snapshot import HeldCar, load_held_cars
from charging.operations.guarding import GRACE

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(minutes=1)
"""A START without an answer, or one that was refused, is sent again after this."""
AT_ONCE = 8
SENDING, ACCEPTED, REFUSED, NO_ANSWER = "sending", "accepted", "refused", "no answer"


def start_without_database(*, at_wall: datetime) -> int:
    """Sends a START to every car of the snapshot whose hold ended GRACE ago. Returns to how many. Asks no database.

    Raises OSError where what is sent cannot be written down first; then nothing is sent.
    """
    late = [car for car in load_held_cars() if car.start_at + GRACE <= at_wall]
    if not late:
        return 0
    with guardian_files.alone():
        told = guardian_files.read_journal()
        newest = {entry.get("command"): entry for entry in told}
        due = [car for car in late if _is_due(newest.get(str(car.command_id)), at_wall)]
        guardian_files.append_journal(_line(car, SENDING, at_wall) for car in due)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda car: _start(car, refusals_in(told, str(car.command_id)), at_wall), due))
    with guardian_files.alone():
        guardian_files.append_journal(_line(car, said, at_wall) for car, said in zip(due, outcomes, strict=True))
    return len(due)


def _is_due(last: Entry | None, at_wall: datetime) -> bool:
    if last is None:
        return True
    if last.get("event") == ACCEPTED:
        return False
    return datetime.fromisoformat(last["at"]) + AGAIN_AFTER <= at_wall


def refusals_in(entries: Iterable[Entry], command_id: str) -> int:
    """Returns how often a command was refused by the lines of a journal."""
    return sum(entry.get("command") == command_id and entry.get("event") == REFUSED for entry in entries)


def _start(car: HeldCar, refusals: int, at_wall: datetime) -> str:
    known = {"vehicle": str(car.vehicle_id), "command": str(car.command_id)}
    try:
        answer = car.gateway.start(command_id=sending_key(car.command_id, refusals), now=at_wall)
    except GatewayError as error:
        log.warning("no answer to a start without the database", kind=error.kind.value, **known)
        return REFUSED if error.kind in ENDED_IN_VAIN else NO_ANSWER
    except Exception:
        log.exception("a start without the database failed", **known)
        return NO_ANSWER
    log.warning("car told to start without the database", accepted=answer.accepted, **known)
    return ACCEPTED if answer.accepted else REFUSED


def _line(car: HeldCar, event: str, at_wall: datetime) -> Entry:
    ids = {"vehicle": str(car.vehicle_id), "command": str(car.command_id), "plan": car.plan_id}
    return {**ids, "event": event, "at": at_wall.isoformat()}
