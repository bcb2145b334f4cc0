"""What a finding of interference says: one row for each cause (UX 3.3).

Every text is a tuple of wordings, from the fullest to the barest; the values they name are in finding_values.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charging.core.causes import Cause
from charging.operations.guides import Kind

Wordings = tuple[Promise, ...]

SWITCHED_OFF = _("I have switched it off")
PUT_RIGHT = _("I have put it right")


@dataclass(frozen=True, slots=True)
class FindingWords:
    """What we saw, what it probably is, what to do, and what we do meanwhile.

    `places` are where to look, the likeliest first; `done` is the button of a driver who has done it.
    """

    title: Wordings
    saw: Wordings
    means: Wordings
    to_do: Promise
    meanwhile: Wordings
    places: tuple[Kind, ...]
    done: Promise = SWITCHED_OFF


WE_STEP_BACK = (_("When it happens we step back and let your car charge: it will be ready, but it may cost more."),)

FINDING_WORDS: dict[Cause, FindingWords] = {
    Cause.SECOND_ACCOUNT: FindingWords(
        title=(_("Another account controls this car too"),),
        saw=(_("Smart charging is on for this car in two accounts on this server."),),
        means=(_("Perhaps somebody else in the household has set it up as well."),),
        to_do=_("Turn smart charging off in one of the two, or remove the car there."),
        meanwhile=(_("Until then only one of the two accounts can steer it."),),
        places=(),
    ),
    Cause.CHARGER_REFUSES: FindingWords(
        title=(_("Your charger is not offering power"),),
        saw=(
            _("We asked your car to charge, and the answer was that it gets no power, or that a schedule forbids it."),
        ),
        means=(_("The charger may be locked, waiting for a card, or following its own schedule."),),
        to_do=_("Look at the charger: unlock it, show it your card, and switch its schedule off."),
        meanwhile=(_("We ask again as long as your car can still be ready in time."),),
        places=(Kind.CHARGER, Kind.CAR),
        done=PUT_RIGHT,
    ),
    Cause.CHARGER_PAUSES: FindingWords(
        title=(_("Something pauses your car each time we start it"),),
        saw=(_("%(nights)s your car began to charge when we asked, and was paused again within a minute, each time."),),
        means=(
            _("That looks like the charger’s own eco mode or schedule, which lets nothing charge outside its hours."),
        ),
        to_do=_("Switch off the eco mode and the schedule of the charger, and see that it is unlocked."),
        meanwhile=(_("We start it again some minutes later, a few times, so that it is ready in time."),),
        places=(Kind.CHARGER, Kind.CAR),
    ),
    Cause.TUG_OF_WAR: FindingWords(
        title=(_("Something else starts and stops your car too"),),
        saw=(_("It starts or stops your car a few minutes after us, again and again."),),
        means=(_("That looks like another smart charging service. Common ones are %(apps)s."),),
        to_do=_("Sign your car out of every other service that steers charging, and your charger too."),
        meanwhile=(
            _("When it happens we step back for the night, so that the charger does not switch on and off all night."),
        ),
        places=(Kind.APP, Kind.CHARGER),
    ),
    Cause.TIMER: FindingWords(
        title=(_("Your car seems to wait for a timer at %(time)s"), _("Your car seems to wait for a timer")),
        saw=(
            _("%(nights)s your car waited until %(time)s, although we had asked it to start at %(asked)s."),
            _("%(nights)s your car waited until %(time)s, although we had asked it to start earlier."),
            _("%(nights)s your car did not start when we asked it to. It started later, by itself."),
        ),
        means=(
            _("That looks like a timer set to %(time)s in the car or the charger."),
            _("That looks like a timer in the car or the charger."),
        ),
        to_do=_("Switch the timer off. Leave the charge limit as it is."),
        meanwhile=(
            _("Until then we plan as if charging can only begin at %(time)s, if that leaves enough time."),
            _("Until then we ask it to start, and ask again."),
        ),
        places=(Kind.CAR, Kind.CHARGER),
    ),
    Cause.WINDOW_END: FindingWords(
        title=(_("Something ends charging at %(time)s"), _("Something ends charging too early")),
        saw=(
            _("%(nights)s charging ended at %(time)s, although your ready-by time is %(deadline)s."),
            _("%(nights)s charging ended at %(time)s, although your car was not full."),
            _("%(nights)s charging ended at the same time, although your car was not full."),
        ),
        means=(
            _("That looks like an off-peak setting, or charging hours until %(time)s, in the car or the charger."),
            _("That looks like an off-peak setting, or charging hours, in the car or the charger."),
        ),
        to_do=_("Switch the off-peak setting off, or let its hours end after your ready-by time."),
        meanwhile=(
            _("Until then we plan as if charging has to be done by %(time)s, if that leaves enough time."),
            _("Until then we start it again when we can."),
        ),
        places=(Kind.CAR, Kind.CHARGER),
    ),
    Cause.CEILING: FindingWords(
        title=(_("Something stops charging at %(percent)s"), _("Something stops charging before your car is full")),
        saw=(
            _("Charging always ends at %(percent)s. Your car’s own limit is %(limit)s."),
            _("Charging always ends at %(percent)s, before your car is full."),
            _("Charging always ends at the same level, before your car is full."),
        ),
        means=(_("That looks like an energy or percent target in the charger’s app, in another app, or in the car."),),
        to_do=_("Look for such a target, and raise it or take it away."),
        meanwhile=(
            _("Until then expect about %(percent)s in the morning."),
            _("Until then expect less than a full battery in the morning."),
        ),
        places=(Kind.CHARGER, Kind.APP, Kind.CAR),
    ),
    Cause.LIMIT_AUTOMATION: FindingWords(
        title=(_("Something changes the charge limit of your car"),),
        saw=(
            _("%(nights)s the charge limit in your car changed at %(time)s, last to %(percent)s. We did not do that."),
            _("%(nights)s the charge limit in your car changed, last to %(percent)s. We did not do that."),
            _("%(nights)s the charge limit in your car changed. We did not do that."),
        ),
        means=(_("Some apps set the limit by the clock, to steer charging in their own way."),),
        to_do=_("Look in the apps that may reach your car for such an automation, and switch it off."),
        meanwhile=(_("Until then we plan to the limit that your car shows, and your minimum is never above it."),),
        places=(Kind.APP, Kind.CAR),
    ),
    Cause.UNDONE: FindingWords(
        title=(_("Something stops your car after we have started it"),),
        saw=(_("%(nights)s charging stopped soon after we had started it, and not because we asked for it."),),
        means=(_("That looks like another app, or a timer, that wants your car to wait."),),
        to_do=_("Sign your car out of other smart charging, and switch off the schedules of car and charger."),
        meanwhile=(_("We start it again some minutes later, a few times, so that it is ready in time."),),
        places=(Kind.APP, Kind.CAR, Kind.CHARGER),
    ),
    Cause.REPORTED_SCHEDULE: FindingWords(
        title=(_("A charging schedule is on in your car"),),
        saw=(
            _("Your car itself says that a charging schedule is on, from %(time)s."),
            _("Your car itself says that a charging schedule is on."),
        ),
        means=(_("With it your car may wait when it should charge, or charge when it should wait."),),
        to_do=_("Switch the schedule off. Leave the charge limit as it is."),
        meanwhile=(
            _("Until then we plan as if charging can only begin at %(time)s, if that leaves enough time."),
            _("Until then we start and stop your car as planned, but it may do something else."),
        ),
        places=(Kind.CAR,),
    ),
    Cause.FOREIGN_START: FindingWords(
        title=(_("Something starts your car while it should wait"),),
        saw=(
            _("%(nights)s charging began at %(time)s, not by us."),
            _("%(nights)s charging began while your car should wait, not by us."),
        ),
        means=(_("If that was you, all is well. If not: a timer, the charger’s schedule, or another app."),),
        to_do=_("Switch off the schedules of car and charger, and sign your car out of other smart charging."),
        meanwhile=WE_STEP_BACK,
        places=(Kind.CAR, Kind.CHARGER, Kind.APP),
    ),
    Cause.OTHER_OPTIMISER: FindingWords(
        title=(_("Something else charges your car by the price"),),
        saw=(_("%(nights)s your car was charged, not by us, in the cheapest hours before another time than yours."),),
        means=(
            _("That looks like another service that goes by the price, such as %(apps)s, or the charger’s eco mode."),
        ),
        to_do=_("Sign your car out of other services that charge by the price, and switch the charger’s eco mode off."),
        meanwhile=WE_STEP_BACK,
        places=(Kind.APP, Kind.CHARGER),
    ),
    Cause.RANDOM_STARTS: FindingWords(
        title=(_("Your car starts by itself at odd times"),),
        saw=(_("%(nights)s your car started by itself, each time at another hour."),),
        means=(_("That is often the car’s own software rather than a schedule."),),
        to_do=_("See whether there is an update for your car, and whether another app may start it."),
        meanwhile=WE_STEP_BACK,
        places=(Kind.CAR, Kind.APP),
        done=PUT_RIGHT,
    ),
}
"""In the order in which they are shown: what keeps the car from being ready comes first."""
