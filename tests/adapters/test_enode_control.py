"""What a vehicle of Enode's API says of what it can be asked for; what it does not say is no obstacle."""

from __future__ import annotations

from typing import Any

import pytest

from charging.adapters.vehicles.enode_car import control_in
from charging.core.obstacle import WELL, Control, Obstacle
from tests.adapters.enode_server import NEVER, make_content

BLOCKED = {"isCapable": False, "interventionIds": ["int-1", "int-2"]}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, WELL, id="all is well"),
        pytest.param({"scopes": ["vehicle:read:data"]}, Control(Obstacle.SCOPE_WITHDRAWN), id="no scope to control"),
        pytest.param({"scopes": []}, Control(Obstacle.SCOPE_WITHDRAWN), id="no scope at all"),
        pytest.param({"scopes": None}, WELL, id="scopes are not told"),
        pytest.param(
            {"capabilities": {"startCharging": BLOCKED}},
            Control(Obstacle.BLOCKED, ("int-1", "int-2")),
            id="blocked until its driver does something",
        ),
        pytest.param({"capabilities": {"stopCharging": NEVER}}, Control(Obstacle.NOT_POSSIBLE), id="never"),
        pytest.param({"capabilities": {"chargeState": NEVER}}, Control(Obstacle.READING_GONE), id="tells no level"),
        pytest.param({"capabilities": {"location": NEVER}}, WELL, id="tells no place"),
        pytest.param({"capabilities": None}, WELL, id="capabilities are not told"),
        pytest.param({"capabilities": []}, WELL, id="capabilities make no sense"),
    ],
)
def test_what_is_in_the_way(changed: dict[str, Any], expected: Control) -> None:
    assert control_in(make_content(**changed)) == expected
