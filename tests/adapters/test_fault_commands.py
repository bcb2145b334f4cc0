"""What becomes of commands to a car with faults, seen through the gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from charging.adapters.vehicles.fault_parts import Period
from charging.adapters.vehicles.faults import Faults
from charging.adapters.vehicles.gateway import Acknowledgement, GatewayError
from charging.adapters.vehicles.simulated_car import advance
from charging.adapters.vehicles.simulator import SimulatorGateway
from charging.core.facts import PowerDelivery
from tests.adapters.gateway_contract import FIRST, MINUTE, NOW, REACTION, SECOND, THIRD, make_hold, read
from tests.adapters.simulated_cars import Store, make_faulty

HOUR = timedelta(hours=1)


def hold_car(gateway: SimulatorGateway, hours: float = 6) -> None:
    """Stops the car at NOW for some hours."""
    held = make_hold(NOW, until=hours * HOUR, renew_by=hours * HOUR)
    assert gateway.stop(command_id=FIRST, hold=held, now=NOW).accepted


def test_as_many_starts_as_said_are_acknowledged_and_ignored() -> None:
    gateway, store = make_faulty(Faults(starts_to_ignore=2))
    hold_car(gateway)

    seen = []
    for number in range(3):
        now = NOW + (number + 1) * HOUR
        assert gateway.start(command_id=UUID(int=10 + number), now=now).accepted
        seen.append(read(gateway, now + REACTION).is_charging)

    assert seen == [False, False, True]
    assert store.load().faults.starts_to_ignore == 0


def test_an_ignored_start_that_is_sent_again_is_carried_out() -> None:
    gateway, _ = make_faulty(Faults(starts_to_ignore=1))
    hold_car(gateway)

    for now in (NOW + HOUR, NOW + HOUR + REACTION):
        gateway.start(command_id=SECOND, now=now)

    assert read(gateway, NOW + HOUR + 2 * REACTION).is_charging


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(Faults(starts_to_ignore=1), id="starts ignored"),
        pytest.param(Faults(conflicts=(Period(NOW, NOW + 2 * HOUR),)), id="conflict"),
    ],
)
def test_while_no_start_reaches_the_car_the_end_of_a_hold_starts_nothing_either(faults: Faults) -> None:
    gateway, store = make_faulty(faults)
    hold_car(gateway, hours=1)

    assert read(gateway, NOW + 3 * HOUR).power_delivery is PowerDelivery.STOPPED

    assert advance(store.load(), NOW + 3 * HOUR).hold is None
    gateway.start(command_id=SECOND, now=NOW + 3 * HOUR)
    gateway.start(command_id=THIRD, now=NOW + 3 * HOUR)
    assert read(gateway, NOW + 3 * HOUR + REACTION).is_charging


def test_an_ignored_stop_is_the_next_one_only_and_no_start() -> None:
    gateway, _ = make_faulty(Faults(stops_to_ignore=1))
    hold_car(gateway)
    assert read(gateway, NOW + REACTION).is_charging
    gateway.start(command_id=SECOND, now=NOW + REACTION)

    gateway.stop(command_id=THIRD, hold=make_hold(NOW + HOUR), now=NOW + HOUR)

    assert not read(gateway, NOW + HOUR + REACTION).is_charging


@pytest.mark.parametrize(
    ("after", "accepted"),
    [
        pytest.param(HOUR - timedelta(seconds=1), True, id="before"),
        pytest.param(HOUR, False, id="from its first instant"),
        pytest.param(2 * HOUR - timedelta(seconds=1), False, id="to the last"),
        pytest.param(2 * HOUR, True, id="its end is after it"),
    ],
)
def test_a_start_in_conflict_with_a_schedule_is_refused_and_says_so(after: timedelta, accepted: bool) -> None:
    gateway, store = make_faulty(Faults(conflicts=(Period(NOW + HOUR, NOW + 2 * HOUR),)))
    hold_car(gateway)

    answer = gateway.start(command_id=SECOND, now=NOW + after)

    assert (answer.accepted, answer.is_schedule_conflict) == (accepted, not accepted)
    assert read(gateway, NOW + after + REACTION).is_charging is accepted
    assert (str(SECOND) in store.load().seen_command_ids) is accepted


def test_a_conflict_refuses_no_stop() -> None:
    gateway, _ = make_faulty(Faults(conflicts=(Period(NOW, NOW + HOUR),)))

    hold_car(gateway)

    assert not read(gateway, NOW + REACTION).is_charging


def test_a_deep_sleeper_takes_longer_to_wake_and_no_longer_while_awake() -> None:
    slow, plain = make_faulty(Faults(extra_wake_up=4 * MINUTE)), make_faulty(Faults())
    for gateway, _ in (slow, plain):
        hold_car(gateway)
        gateway.start(command_id=SECOND, now=NOW + HOUR)

    assert effect_of(slow[1]) - effect_of(plain[1]) == 4 * MINUTE
    for gateway, _ in (slow, plain):
        gateway.stop(command_id=THIRD, hold=None, now=NOW + 2 * HOUR)
    assert effect_of(slow[1]) == effect_of(plain[1])


def effect_of(store: Store) -> datetime:
    pending = store.load().pending
    assert pending is not None
    return pending.effect_at


def test_the_first_command_to_a_sleeping_car_is_lost_and_wakes_it() -> None:
    gateway, _ = make_faulty(Faults(lost_after_sleep_share=1.0))
    hold_car(gateway)

    assert gateway.start(command_id=SECOND, now=NOW + HOUR).accepted
    assert not read(gateway, NOW + HOUR + REACTION).is_charging
    gateway.start(command_id=SECOND, now=NOW + HOUR + REACTION)

    assert read(gateway, NOW + HOUR + 2 * REACTION).is_charging


def test_only_a_share_is_lost_after_sleep_and_always_the_same_ones() -> None:
    def lost() -> list[int]:
        gateway, store = make_faulty(Faults(lost_after_sleep_share=0.5))
        hold_car(gateway)
        asleep = store.load()
        found = []
        for number in range(40):
            store.save(asleep)
            gateway.start(command_id=SECOND, now=NOW + HOUR + number * MINUTE)
            found += [] if store.load().pending else [number]
        return found

    assert 8 < len(lost()) < 32
    assert lost() == lost()


Wish = Callable[[SimulatorGateway], Acknowledgement]
WISHES: dict[str, Wish] = {
    "start": lambda gateway: gateway.start(command_id=SECOND, now=NOW + HOUR),
    "stop": lambda gateway: gateway.stop(command_id=SECOND, hold=make_hold(NOW), now=NOW + HOUR),
    "renew": lambda gateway: gateway.renew(hold=make_hold(NOW + HOUR), now=NOW + HOUR),
}


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
def test_a_lost_reply_leaves_the_car_as_an_answer_would(wish: Wish) -> None:
    (lossy, lost), (plain, answered) = make_faulty(Faults(lost_reply_share=1.0)), make_faulty(Faults())
    with pytest.raises(GatewayError):
        hold_car(lossy)
    hold_car(plain)

    with pytest.raises(GatewayError, match="reply was lost"):
        wish(lossy)

    assert wish(plain).accepted
    after = advance(lost.load(), NOW + 2 * HOUR)
    assert (after.hold, after.wants_charge) == (
        advance(answered.load(), NOW + 2 * HOUR).hold,
        advance(answered.load(), NOW + 2 * HOUR).wants_charge,
    )


def test_readings_are_no_replies_to_commands_and_arrive() -> None:
    gateway, _ = make_faulty(Faults(lost_reply_share=1.0))

    assert read(gateway, NOW + HOUR).is_charging


def test_a_share_of_the_replies_is_lost_and_always_the_same_ones() -> None:
    def lost() -> list[int]:
        gateway, _ = make_faulty(Faults(lost_reply_share=0.5))
        found = []
        for number in range(60):
            try:
                gateway.start(command_id=UUID(int=number), now=NOW + number * MINUTE)
            except GatewayError:
                found.append(number)
        return found

    assert 15 < len(lost()) < 45
    assert lost() == lost()


def test_what_was_saved_stays_saved_when_the_reply_is_lost() -> None:
    _, store = make_faulty(Faults(lost_reply_share=1.0))
    inside: list[str] = []

    @contextmanager
    def alone() -> Iterator[None]:
        try:
            yield
        except GatewayError:
            inside.append("the failure would undo the transaction")
            raise

    make_alone: Callable[[], AbstractContextManager[object]] = alone
    gateway = SimulatorGateway(load=store.load, save=store.save, alone=make_alone)

    with pytest.raises(GatewayError):
        gateway.stop(command_id=FIRST, hold=None, now=NOW)

    assert inside == []
    assert store.load().pending is not None
