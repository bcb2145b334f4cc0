"""What the matter is with a connection, in words for its driver."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.trouble import Trouble
from charging.models import ConnectedCar, Connection, Vehicle
from charging.models.connections import ConnectionKind
from charging.models.vehicles import GatewayName


@dataclass(frozen=True, slots=True)
class TroubleWords:
    """A headline, and what to do."""

    headline: Promise
    sentence: Promise


DISCONNECTED = TroubleWords(
    _("Your car is not connected"),
    _("We neither see it nor start or stop it. It charges as soon as it is plugged in."),
)
THROUGH: dict[str, Promise] = {
    GatewayName.HOME_ASSISTANT: _("Through Home Assistant"),
    GatewayName.ENODE: _("Through Enode"),
    GatewayName.MQTT: _("Through MQTT"),
}
"""How a car is connected, by its gateway."""

WORDS: dict[Trouble, TroubleWords] = {
    Trouble.SIGN_IN_NEEDED: TroubleWords(
        _("Home Assistant does not let us in any more"),
        _("Sign in again with a new token. Until then we can neither see nor start or stop your car."),
    ),
    Trouble.OFFLINE: TroubleWords(
        _("Home Assistant or your car cannot be reached"),
        _("Look whether Home Assistant is running and shows your car. We keep trying."),
    ),
    Trouble.ASLEEP: TroubleWords(
        _("Your car is asleep"), _("It did not wake up when we asked. Open its app or unlock it. We keep trying.")
    ),
    Trouble.NO_ANSWER: TroubleWords(
        _("Home Assistant gives no answer that we understand"),
        _("Look whether it is starting or being updated. We keep trying."),
    ),
    Trouble.RATE_LIMITED: TroubleWords(
        _("Home Assistant was asked too often"), _("We wait as long as it wants and then go on by ourselves.")
    ),
    Trouble.SCHEDULE_CONFLICT: TroubleWords(
        _("A schedule stands against us"), _("Switch off the schedule in the car or the charger.")
    ),
    Trouble.NOT_ALLOWED: TroubleWords(
        _("This server may not connect to that address any more"),
        _("Ask whoever runs this server, or connect by another address."),
    ),
}

ENODE_WORDS: dict[Trouble, TroubleWords] = {
    Trouble.SIGN_IN_NEEDED: TroubleWords(
        _("Your car’s account does not let us in any more"),
        _("Connect with Enode again. Until then we can neither see nor start or stop your car."),
    ),
    Trouble.OFFLINE: TroubleWords(_("Enode cannot be reached"), _("You need not do anything. We keep trying.")),
    Trouble.ASLEEP: WORDS[Trouble.ASLEEP],
    Trouble.NO_ANSWER: TroubleWords(
        _("Enode gives no answer that we understand"), _("You need not do anything. We keep trying.")
    ),
    Trouble.RATE_LIMITED: TroubleWords(
        _("Enode was asked too often"), _("We wait as long as it wants and then go on by ourselves.")
    ),
    Trouble.SCHEDULE_CONFLICT: WORDS[Trouble.SCHEDULE_CONFLICT],
    Trouble.NOT_ALLOWED: TroubleWords(
        _("Enode does not let this server in"), _("Only whoever runs this server can mend that. Tell them.")
    ),
}
BROKER_WORDS = WORDS | {
    Trouble.SIGN_IN_NEEDED: TroubleWords(
        _("Your MQTT broker does not let us in any more"),
        _("Sign in again with a user and password. Until then we can neither see nor start or stop your car."),
    ),
    Trouble.OFFLINE: TroubleWords(
        _("Your MQTT broker, or what publishes your car, cannot be reached"),
        _("Look whether the broker is running and your car is still published there. We keep trying."),
    ),
    Trouble.NO_ANSWER: TroubleWords(
        _("Your MQTT broker gives no answer that we understand"),
        _("Look whether it is starting or being updated. We keep trying."),
    ),
}
WORDS_OF: dict[str, dict[Trouble, TroubleWords]] = {
    ConnectionKind.HOME_ASSISTANT: WORDS,
    ConnectionKind.ENODE: ENODE_WORDS,
    ConnectionKind.MQTT: BROKER_WORDS,
}


def connection_of(vehicle: Vehicle) -> Connection | None:
    """The connection behind which the car is; None for one without."""
    car: ConnectedCar | None = getattr(vehicle, "connected", None)
    return None if car is None else car.connection


def trouble_of(vehicle: Vehicle) -> TroubleWords | None:
    """What the matter is now; None for a car that is connected well, or needs no connection."""
    if not vehicle.needs_connection:
        return None
    connection = connection_of(vehicle)
    if connection is None:
        return DISCONNECTED
    return WORDS_OF[connection.kind][Trouble(connection.trouble)] if connection.trouble else None
