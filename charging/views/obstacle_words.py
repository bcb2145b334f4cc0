"""What keeps a car that was connected well from being started, stopped or seen, in words for its driver."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charging.core.obstacle import Obstacle
from charging.core.states import State
from charging.models import ConnectedCar, Vehicle
from charging.models.connections import ConnectionKind
from charging.views import formatting
from charging.views.card_actions import Action
from charging.views.repair import Repair


@dataclass(frozen=True, slots=True)
class ObstacleWords:
    """A headline, a sentence that may name what is gone, and what to do about it, step by step."""

    headline: Promise
    sentence: Promise
    steps: tuple[Promise, ...]


CHECK_AGAIN = _("Then press “Check again” here.")
ANOTHER_WAY = _("A charger or a plug that Home Assistant can switch is another way to smart charge it.")

WORDS: dict[Obstacle, ObstacleWords] = {
    Obstacle.CONTROL_GONE: ObstacleWords(
        _("Home Assistant has lost what starts and stops your car"),
        _("There is no %(names)s any more: it was renamed, removed or switched off there."),
        (
            _("Look in Home Assistant for the switch or the buttons of your car."),
            _("Switch them on again there, or choose the new ones here."),
            CHECK_AGAIN,
        ),
    ),
    Obstacle.READING_GONE: ObstacleWords(
        _("Home Assistant has lost what tells us about your car"),
        _("There is no %(names)s any more: it was renamed, removed or switched off there."),
        (
            _("Look in Home Assistant for the battery level and the plug of your car."),
            _("Switch them on again there, or choose the new ones here."),
            CHECK_AGAIN,
        ),
    ),
    Obstacle.SCOPE_WITHDRAWN: ObstacleWords(
        _("We may not start and stop your car any more"),
        _("The permission to control its charging was taken back."),
        (
            _("Connect with Enode again."),
            _("Allow reading and controlling the charging when you are asked."),
        ),
    ),
    Obstacle.BLOCKED: ObstacleWords(
        _("One thing to switch on in your car"),
        _("Something has to be switched on in it first. Until then it lets nobody start and stop it from outside."),
        (_("Look into your car’s app for what keeps others from starting and stopping it."), CHECK_AGAIN),
    ),
    Obstacle.NOT_POSSIBLE: ObstacleWords(
        _("Your car cannot be started and stopped from here any more"),
        _("Its maker does not let anybody do that now. The prices of your places are shown all the same."),
        (ANOTHER_WAY,),
    ),
}
OTHERWISE: dict[tuple[str, Obstacle], ObstacleWords] = {
    (ConnectionKind.MQTT, Obstacle.READING_GONE): ObstacleWords(
        _("Nothing is published about your car any more"),
        _("Your MQTT broker answers, but there is nothing at %(names)s."),
        (
            _("Look whether what publishes your car is running."),
            _("If the topics have other names now, enter them here."),
            CHECK_AGAIN,
        ),
    ),
    (ConnectionKind.MQTT, Obstacle.SCOPE_WITHDRAWN): ObstacleWords(
        _("Your MQTT broker does not let us read your car any more"),
        _("We may not read %(names)s."),
        (
            _("Let our user of the broker read these topics again, and write those that start and stop the car."),
            CHECK_AGAIN,
        ),
    ),
    (ConnectionKind.ENODE, Obstacle.READING_GONE): ObstacleWords(
        _("Your car does not tell its battery level any more"),
        _("Sharing it was switched off in the car or its app, or its maker has taken it back."),
        (_("Look into your car’s app whether it shares its data, and switch that on."), CHECK_AGAIN),
    ),
}
"""What is said otherwise, by the kind of the connection."""

MEND: dict[str, tuple[Promise, str]] = {
    ConnectionKind.HOME_ASSISTANT: (_("Choose again what is used"), "setup_entities"),
    ConnectionKind.MQTT: (_("Change the topics of the car"), "setup_topics"),
    ConnectionKind.ENODE: (_("Connect with Enode again"), "setup_enode"),
}
"""Where the driver puts it right here: a page of the wizard."""


def obstacle_of(vehicle: Vehicle) -> Obstacle | None:
    """What is in the way of a car; None where nothing is, or not for long."""
    car: ConnectedCar | None = getattr(vehicle, "connected", None) if vehicle.needs_connection else None
    return None if car is None else car.lasting_obstacle


def words_of(vehicle: Vehicle) -> ObstacleWords | None:
    """What is in the way, in words; None where nothing is."""
    obstacle = obstacle_of(vehicle)
    if obstacle is None:
        return None
    return OTHERWISE.get((vehicle.connected.connection.kind, obstacle)) or WORDS[obstacle]


def sentence_of(vehicle: Vehicle) -> str:
    """The sentence with the names of what is gone; empty where nothing is."""
    words = words_of(vehicle)
    if words is None:
        return ""
    return str(words.sentence) % {"names": formatting.enumeration(vehicle.connected.obstacle_names)}


def what_now(vehicle: Vehicle) -> str:
    """What becomes of the car meanwhile."""
    if obstacle_of(vehicle) == Obstacle.READING_GONE:
        return gettext("We need it to plan: put it right before the next night.")
    if vehicle.hold_until is not None:
        return gettext("Your car was waiting for cheap hours, and we cannot start it. Start it yourself.")
    return gettext("Your car charges as soon as it is plugged in.")


def mend_action(vehicle: Vehicle) -> Action:
    """Leads to where the driver puts it right here."""
    connection = vehicle.connected.connection
    label, name = MEND[connection.kind]
    args = [] if connection.kind == ConnectionKind.ENODE else [connection.public_id]
    return Action(label, f"{reverse(name, args=args)}?car={vehicle.public_id}", is_link=True)


def obstacle_card(vehicle: Vehicle) -> Repair | None:
    """The card on the dashboard; None where nothing is in the way."""
    words = words_of(vehicle)
    if words is None:
        return None
    page = Action(_("See what to do"), reverse("car_control", args=[vehicle.public_id]), is_link=True)
    # A car without control says in the status card what is in the way.
    is_told_above = vehicle.state == State.UNKNOWN
    return Repair(
        id="control",
        title=str(words.headline),
        sentence=str(words.steps[0]) if is_told_above else f"{sentence_of(vehicle)} {what_now(vehicle)}",
        is_problem=obstacle_of(vehicle) != Obstacle.READING_GONE,
        actions=(page,),
    )
