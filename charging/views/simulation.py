"""The strip of a simulated car: what the driver would do outside, what goes wrong, and the pace of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from charging.core.geo import distance_m
from charging.models import Vehicle, VehicleView
from charging.operations import simulation
from charging.operations.clocks import set_speed, wall_now
from charging.operations.outside import Outside, outside_of
from charging.operations.simulated_faults import clear_faults, set_fault
from charging.views import formatting
from charging.views.access import now_of, own_vehicle
from charging.views.answers import back_to_car
from charging.views.card_actions import Action
from charging.views.fault_words import FAULT_GROUPS, FAULT_WORDS, Words
from charging.views.situation import Situation

FAST = (60, 600)


@dataclass(frozen=True, slots=True)
class Strip:
    """The sentence about time, the buttons, and what goes wrong (`fault`) or could (`fault_groups`)."""

    sentence: str
    actions: tuple[Action, ...]
    fault: str | Promise = ""
    fault_groups: tuple[tuple[Promise, tuple[Words, ...]], ...] = FAULT_GROUPS


def simulated_time(situation: Situation) -> str:
    """`Simulated time 01:45, 600 times as fast`; empty while time runs as it does outside."""
    speed = situation.vehicle.driver.clock_speed
    if not situation.vehicle.is_simulated or speed == 1:
        return ""
    clock = formatting.clock(situation.now, situation.timezone)
    return _("Simulated time %(clock)s, %(speed)d times as fast") % {"clock": clock, "speed": speed}


def simulation_strip(situation: Situation) -> Strip | None:
    """The strip, or None for a real car. What time that was sped up has to do with real cars stands in it."""
    outside = outside_of(vehicle=situation.vehicle, now=situation.now)
    if outside is None:
        return None
    actions = (*_outside(situation, outside), *_speeds(situation))
    sentence = _sentence(situation)
    if not situation.vehicle.driver.clock.shows_wall_time:
        sentence += " " + _("A real car can be connected after the simulated one is removed.")
    return Strip(sentence, actions, FAULT_WORDS.get(outside.fault_name, ""))


def _sentence(situation: Situation) -> str:
    if situation.vehicle.driver.clock_speed != 1:
        return _("Your car is simulated. Time runs fast until the plan has ended, for 26 hours at most.")
    wall, own = wall_now(), situation.now
    if abs((own - wall).total_seconds()) < 60:
        return _("Your car is simulated. Time runs as it does outside.")
    time = formatting.day_clock(own, wall, situation.timezone)
    return _("Your car is simulated. Its clock is ahead and shows %(time)s.") % {"time": time}


def _outside(situation: Situation, outside: Outside) -> tuple[Action, ...]:
    names = ["unplug" if outside.is_plugged_in else "plug_in"]
    if not _is_away(situation, outside):
        names.append("drive_away")
    elif situation.home is not None:
        names.append("drive_home")
    return tuple(_button(situation, str(DEEDS[name].label), do=name) for name in names)


def _is_away(situation: Situation, outside: Outside) -> bool:
    home = situation.home
    if home is None or outside.latitude is None or outside.longitude is None:
        return True
    return distance_m(outside.latitude, outside.longitude, home.latitude, home.longitude) > home.radius_meters


def _speeds(situation: Situation) -> tuple[Action, ...]:
    speed = situation.vehicle.driver.clock_speed
    labels = {1: _("Normal speed"), 60: _("Speed ×60"), 600: _("Speed ×600")}
    return tuple(_button(situation, labels[pace], speed=str(pace)) for pace in (1, *FAST) if pace != speed)


def _button(situation: Situation, label: str, **fields: str) -> Action:
    return Action(label, reverse("car_simulation", args=[situation.vehicle.public_id]), fields=fields)


A_DAY_TAKES_PERCENT, EMPTIEST_PERCENT = 40, 15
"""A day on the road takes that much of the battery, down to a level at which people charge: the next night has work."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What the driver does to the car, and the sentence that says it was done."""

    label: Promise
    done: Promise
    act: Callable[[Vehicle, datetime], None]


def _drive_home(vehicle: Vehicle, now: datetime) -> None:
    home = vehicle.driver.locations.order_by("created_at", "pk").first()
    if home is None:
        raise Http404
    simulation.drive_home(vehicle=vehicle, location=home, now=now)
    view = VehicleView.objects.get(vehicle=vehicle)
    if view.soc_percent is not None:
        level = max(min(view.soc_percent, EMPTIEST_PERCENT), view.soc_percent - A_DAY_TAKES_PERCENT)
        simulation.set_battery(vehicle=vehicle, soc_percent=level, now=now)


DEEDS: dict[str, Deed] = {
    "plug_in": Deed(
        gettext_lazy("Plug in"),
        gettext_lazy("The simulated car is plugged in."),
        lambda vehicle, now: simulation.plug_in(vehicle=vehicle, now=now),
    ),
    "unplug": Deed(
        gettext_lazy("Unplug"),
        gettext_lazy("The simulated car is unplugged."),
        lambda vehicle, now: simulation.unplug(vehicle=vehicle, now=now),
    ),
    "drive_home": Deed(
        gettext_lazy("Drive home"),
        gettext_lazy("The simulated car is at your place after a day on the road. Plug it in to charge."),
        _drive_home,
    ),
    "drive_away": Deed(
        gettext_lazy("Drive away"),
        gettext_lazy("The simulated car has driven away."),
        lambda vehicle, now: simulation.drive_away(vehicle=vehicle, now=now),
    ),
    "take_fault_away": Deed(
        gettext_lazy("Take the fault away"),
        gettext_lazy("Nothing goes wrong with the simulated car any more."),
        lambda vehicle, now: clear_faults(vehicle=vehicle, now=now),
    ),
}


@require_POST
@login_required
def control(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Does one thing to a simulated car (`do`), lets one go wrong (`fault`), or sets the pace of time (`speed`)."""
    vehicle = own_vehicle(request, public_id)
    if not vehicle.is_simulated:
        raise Http404
    if "speed" in request.POST:
        return _change_speed(request, vehicle)
    if "fault" in request.POST:
        return _let_go_wrong(request, vehicle)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    deed.act(vehicle, now_of(vehicle))
    return back_to_car(request, vehicle, str(deed.done))


def _let_go_wrong(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    name = request.POST["fault"]
    if name not in FAULT_WORDS:
        raise Http404
    set_fault(vehicle=vehicle, fault_name=name, now=now_of(vehicle))
    sentence = _("Simulated from now on: %(fault)s.") % {"fault": FAULT_WORDS[name]}
    return back_to_car(request, vehicle, sentence)


def _change_speed(request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    speeds = {"1": 1, "60": 60, "600": 600}
    speed = speeds.get(request.POST["speed"])
    if speed is None or vehicle.driver.vehicles.exclude(gateway="simulator").exists():
        raise Http404
    set_speed(driver=vehicle.driver, speed=speed, at_wall=wall_now())
    if speed == 1:
        return back_to_car(request, vehicle, _("Time runs at its normal speed again."))
    return back_to_car(
        request,
        vehicle,
        _("Time runs %(speed)d times as fast until the plan has ended, for 26 hours at most.") % {"speed": speed},
    )
