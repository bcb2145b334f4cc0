"""Random moments of simulated nights: the status card says why and when, and what it says is what was decided."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

import pytest

from charging.core.states import EXECUTING, State
from charging.models import DecisionLog, StateEvent, Vehicle
from charging.operations import overrides, simulated_faults, simulation
from charging.operations.fault_presets import PRESETS
from charging.operations.issues import Refused
from charging.views.situation import load_situation
from charging.views.status_card import make_card
from tests.operations.night import Night, make_night

pytestmark = pytest.mark.django_db

MOMENTS = 200
NEVER_SAID = re.compile(r"[A-Z]{2,}[_:][A-Z]|_|%\(|None|Traceback|\berror\b", re.IGNORECASE)


def happens(night: Night, chance: random.Random) -> None:
    """One of the things that drivers do and cars suffer."""
    vehicle, now = night.vehicle, night.now
    what = chance.choice(["charge", "back", "unplug", "plug", "fault", "well again", "battery", "nothing", "nothing"])
    try:
        match what:
            case "charge":
                overrides.charge_now(vehicle=vehicle, now=now)
            case "back":
                overrides.end_override(vehicle=vehicle, now=now)
            case "unplug":
                simulation.unplug(vehicle=vehicle, now=now)
            case "plug":
                simulation.plug_in(vehicle=vehicle, now=now)
            case "fault":
                simulated_faults.set_fault(vehicle=vehicle, fault_name=chance.choice(sorted(PRESETS)), now=now)
            case "well again":
                simulated_faults.clear_faults(vehicle=vehicle, now=now)
            case "battery":
                simulation.set_battery(vehicle=vehicle, soc_percent=chance.uniform(5, 79), now=now)
    except Refused:
        pass


def said_wrongly(pk: int, now: datetime) -> list[str]:
    """What the card at `now` says that was not decided, that nobody understands, or that is over."""
    vehicle = Vehicle.objects.with_everything_shown().get(pk=pk)
    situation = load_situation(vehicle, now)
    card = make_card(situation)
    found = [f"unclear: {text}" for text in (card.headline, card.sentence, card.notice) if NEVER_SAID.search(text)]
    if not card.headline or not card.sentence:
        found.append("nothing said")
    event = StateEvent.objects.filter(vehicle=vehicle).order_by("-seq").first()
    if event is not None and event.to_state != card.state:
        found.append(f"{card.state} said, {event.to_state} written down")
    log = DecisionLog.objects.filter(vehicle=vehicle).order_by("-at", "-pk").first()
    if log is not None and vehicle.evaluated_at == log.at and log.state_after != card.state:
        found.append(f"{card.state} said, {log.state_after} decided")
    if card.next_time is not None and datetime.fromisoformat(card.next_time.at) <= now:
        found.append("the next time is over")
    if situation.state in {State.STOPPED, State.STOPPING} and situation.next_window is not None:
        planned = situation.next_window.start
        if planned > now and (card.next_time is None or card.next_time.at != planned.isoformat()):
            found.append("waits, and does not say until when")
    if situation.state in EXECUTING and situation.plan is None:
        found.append("a plan that is not there")
    return [f"{now:%d %H:%M} {vehicle.state} {vehicle.rule}: {text}" for text in found]


@pytest.mark.parametrize("seed", range(2))
def test_ux_25_the_card_says_why_and_when_and_agrees_with_what_was_decided(seed: int) -> None:
    chance = random.Random(seed)
    night = make_night()
    night.add_place()
    night.turn_on(minimum=chance.choice([0, 40]))
    moments, wrong = 0, []

    while moments < MOMENTS / 2:
        happens(night, chance)
        for minutes in (0, chance.randint(1, 12), chance.randint(10, 50)):
            night.let_pass(timedelta(minutes=minutes))
            wrong += said_wrongly(night.vehicle.pk, night.now)
            moments += 1

    assert wrong == []
