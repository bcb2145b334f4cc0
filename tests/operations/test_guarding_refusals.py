"""The guardian without the database where a car refuses its START."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.core.commands import sending_key
from charging.core.trouble import Trouble
from charging.models import Command, Vehicle
from charging.operations import guardian_snapshot
from charging.operations.guardian_journal import import_journal
from charging.operations.guardian_snapshot import Snapshot
from charging.operations.guarding_alone import AGAIN_AFTER, start_without_database
from charging.operations.releasing import release_id
from tests.adapters.home_assistant_server import serve_home_assistant
from tests.operations.held_cars import LATE, make_held_car

pytestmark = pytest.mark.django_db


@pytest.fixture
def car(tmp_path: Path, settings: Settings) -> Iterator[Vehicle]:
    settings.DATA_DIR = tmp_path
    with serve_home_assistant() as server:
        car = make_held_car(server)
        Snapshot().refresh()
        yield car


def test_after_a_refusal_it_goes_out_under_the_next_id_as_from_the_database(
    car: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[UUID] = []
    answers: list[Acknowledgement | GatewayError] = [
        GatewayError("lost"),
        Acknowledgement(accepted=False),
        GatewayError(kind=Trouble.ASLEEP),
        Acknowledgement(accepted=True),
    ]

    class Keyed:
        def start(self, *, command_id: UUID, now: datetime) -> Acknowledgement:
            keys.append(command_id)
            answer = answers[len(keys) - 1]
            if isinstance(answer, GatewayError):
                raise answer
            return answer

    monkeypatch.setattr(guardian_snapshot, "restored", lambda _description: Keyed())
    for minute in range(6):
        start_without_database(at_wall=LATE + minute * AGAIN_AFTER)

    told = [sending_key(release_id(car), refusals) for refusals in (0, 0, 1, 2)]
    assert keys == told
    import_journal(at_wall=LATE)
    assert Command.objects.get().sending_key == told[-1]
