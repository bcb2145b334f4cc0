"""The promises of a gateway about what goes wrong: the right kind of trouble, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from charging.adapters.vehicles.gateway import GatewayError
from charging.core.trouble import Trouble
from tests.adapters.gateway_contract import FIRST, NOW, GatewayFactory, make_hold


def a_reading_in_trouble_is_none_and_says_why(make_gateway: GatewayFactory, kind: Trouble) -> None:
    with pytest.raises(GatewayError) as raised:
        make_gateway().read(now=NOW)

    assert raised.value.kind is kind


def a_start_in_trouble_is_not_taken_and_says_why(make_gateway: GatewayFactory, kind: Trouble) -> None:
    with pytest.raises(GatewayError) as raised:
        make_gateway().start(command_id=FIRST, now=NOW)

    assert raised.value.kind is kind


def a_stop_in_trouble_is_not_taken_and_says_why(make_gateway: GatewayFactory, kind: Trouble) -> None:
    with pytest.raises(GatewayError) as raised:
        make_gateway().stop(command_id=FIRST, hold=make_hold(NOW), now=NOW)

    assert raised.value.kind is kind


def only_being_asked_too_often_names_an_end(make_gateway: GatewayFactory, kind: Trouble) -> None:
    with pytest.raises(GatewayError) as raised:
        make_gateway().read(now=NOW)

    assert (raised.value.retry_after is not None) is (kind is Trouble.RATE_LIMITED)


TROUBLE_PROMISES: tuple[Callable[[GatewayFactory, Trouble], None], ...] = (
    a_reading_in_trouble_is_none_and_says_why,
    a_start_in_trouble_is_not_taken_and_says_why,
    a_stop_in_trouble_is_not_taken_and_says_why,
    only_being_asked_too_often_names_an_end,
)
