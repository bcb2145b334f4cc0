"""What the status card says: one row for each state and sub-reason (UX 2.3).

A sentence names its values as `%(name)s`, see blanks.py; one whose value is not known is left out.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from charging.core.states import State
from charging.views.words import Words, say

S = State


CHARGING_AS_ASKED = say(
    _("Charging now, as you asked"),
    _("Until %(override_end)s. Smart charging is waiting."),
    primary="back",
    tone="active",
)
CHARGES_NORMALLY = _("Your car charges as soon as it is plugged in.")
LEFT_BEHIND = _("%(level)s instead of %(limit)s.")
SAVED = (_("Saved about %(saving)s."), _("It cost about %(extra)s more than charging at once."))

WORDING: dict[tuple[State, str], Words] = {
    (S.DISABLED, ""): say(
        _("Smart charging is off"),
        _("Your car charges as soon as it is plugged in, unless the car, charger or another app decides otherwise."),
        primary="turn_on",
        announce="",
    ),
    (S.DISABLED, "not_set_up"): say(
        _("Smart charging is off"),
        CHARGES_NORMALLY,
        _("Tell us when it should be ready, and we charge it in the cheapest hours before."),
        primary="set_up",
        announce="",
    ),
    (S.DISABLED, "paused_until_next_plug_in"): say(
        _("Smart charging is paused"),
        CHARGES_NORMALLY,
        _("Smart charging comes back the next time you plug in."),
        primary="turn_on",
        announce="",
    ),
    (S.DISABLED, "paused_until"): say(
        _("Smart charging is paused"),
        CHARGES_NORMALLY,
        _("Smart charging comes back %(pause_end)s."),
        primary="turn_on",
        announce="",
    ),
    (S.CONSIDERING, "making_plan"): say(
        _("Making a plan"),
        _("We have seen that you plugged in. Your car may charge for a few minutes while we work this out."),
    ),
    (S.CONSIDERING, "measuring_power"): say(
        _("Making a plan"),
        _("Your car charges for a few minutes, so that we see how fast it is. Then we pick the cheapest hours."),
    ),
    (S.CONSIDERING, "not_plugged_in"): say(
        _("Ready when you are"),
        _("Plug in at %(place)s."),
        _("If you plug in now, we charge %(what_if_windows)s."),
        _("If you plug in now, it charges at once and is ready about %(ready_if_at_once)s."),
        primary="what_if",
    ),
    (S.CONSIDERING, "not_at_a_place"): say(
        _("Not at one of your places"),
        _("Your car is about %(distance)s from %(place)s, so it charges normally here."),
        primary="add_place",
    ),
    (S.CONSIDERING, "position_unknown"): say(
        _("We cannot see where your car is"),
        _("Share its position in the %(brand)s app. Until then it charges normally."),
        _("You can also tell us where it is."),
        primary="is_here",
        tone="needs",
    ),
    (S.CONSIDERING, "charge_now"): CHARGING_AS_ASKED,
    (S.CONSIDERING, "no_place"): say(
        _("Tell us where you charge"),
        _("Smart charging needs at least one place. Until then your car charges normally."),
        primary="add_place",
        tone="needs",
        announce="",
    ),
    (S.CONSIDERING, "no_estimate"): say(
        _("Waiting for your car’s numbers"),
        _("%(brand)s has not told us how much it needs. Until then it charges normally, so you will not be late."),
        primary="check_now",
    ),
    (S.CONSIDERING, "not_fresh"): say(
        _("Waiting for your car to answer"),
        _("Last heard %(age)s ago."),
        _("Until it answers it charges normally, so you will not be late."),
        primary="check_now",
    ),
    (S.CONSIDERING, "old_level"): say(
        _("Waiting for the battery level"),
        _("The newest that we know is %(level_age)s old, from before your car came."),
        _("Until a newer one comes it charges normally, so you will not be late."),
        primary="check_now",
    ),
    (S.CONSIDERING, "too_little_time"): say(
        _("No time to wait"),
        _("All the time until %(deadline)s is needed, so your car charges right away."),
        primary="ready_by",
        tone="active",
    ),
    (S.CONSIDERING, "late"): say(
        _("Charging, but it will be late"),
        _("Ready about %(ready_at)s, %(late_by)s after your time."),
        primary="ready_by",
        tone="needs",
    ),
    (S.CONSIDERING, "turned_on_late"): say(
        _("Charging right away"),
        _("There was too little time before %(deadline)s to wait for cheaper hours. Ready about %(ready_at)s."),
        _("The next time you plug in, we choose the cheapest hours until %(following_deadline)s."),
        primary="ready_by",
        tone="active",
    ),
    (S.CONSIDERING, "nothing_to_save"): say(
        _("Nothing to save right now"),
        _("Waiting until %(deadline)s would save next to nothing, so your car charges normally."),
        primary="prices",
        announce="",
    ),
    (S.CONSIDERING, "below_minimum"): say(
        _("Charging to your minimum"),
        _("Battery %(level)s. Up to %(minimum)s we charge at any price. Then we wait for cheap hours."),
        primary="minimum",
        tone="active",
    ),
    (S.CONSIDERING, "old_session"): say(
        _("Still charging from before"),
        _("This charge began before your ready-by time, which has passed. We leave it alone until you plug in again."),
    ),
    (S.CONSIDERING, "another_account"): say(
        _("Another account controls this car"),
        _("Only one account can smart charge a car."),
        primary="help_account",
        tone="needs",
    ),
    (S.FULLY_CHARGED, ""): say(
        _("Charged"), _("%(level)s, the limit set in your car."), _("For more, change the limit in the car.")
    ),
    (S.UNKNOWN, "no_prices"): say(
        _("No prices for this place"),
        _("We have no market prices for %(place)s, so the car charges normally."),
        primary="tariff",
        tone="needs",
    ),
    (S.UNKNOWN, "not_capable"): say(
        _("This car can no longer be started and stopped from here"),
        _("%(brand)s has withdrawn remote charging, or it was switched off. The car charges normally."),
        primary="help_remote",
        tone="needs",
    ),
    (S.STOPPING, ""): say(
        _("Pausing until it is cheaper"),
        _("We have asked your car to wait for cheaper hours."),
        _("It starts %(next_start)s."),
        primary="charge_now",
    ),
    (S.STOP_FAILED, ""): say(
        _("Your car did not stop"),
        _("Asked: %(attempts)s."),
        _("It keeps charging at %(power)s; you will be ready, but it costs more."),
        primary="what_to_check",
        tone="problem",
        announce="assertive",
    ),
    (S.STOPPED, ""): say(
        _("Waiting for cheaper hours"),
        _("Starts %(next_start)s."),
        _("Ready by %(deadline)s."),
        _("Waiting saves about %(saving)s."),
        primary="charge_now",
    ),
    (S.AWAITING_PRICES, ""): say(
        _("Waiting for tomorrow’s prices"),
        _("They usually come in the early afternoon."),
        _("If they do not, we still charge in time, at the latest from %(latest_start)s."),
        primary="charge_now",
        announce="",
    ),
    (S.STARTING, ""): say(
        _("Starting"), _("We have asked your car to charge. This can take a few minutes."), tone="active"
    ),
    (S.START_FAILED, ""): say(
        _("Your car did not start"),
        _("We asked %(attempts)s since %(asked_since)s."),
        _("Next try %(next_try)s."),
        _("You could still be ready by %(deadline)s if it starts before %(latest_start)s."),
        primary="what_to_check",
        tone="problem",
        announce="assertive",
    ),
    (S.STARTED, ""): say(
        _("Charging"),
        _("%(power)s, until %(window_end)s."),
        _("Then again %(next_start)s."),
        _("%(level)s now, %(limit_then)s expected then."),
        _("%(level)s now, %(limit)s expected at %(later_finish)s."),
        primary="pause",
        tone="active",
    ),
    (S.STARTED, "late"): say(
        _("Charging, but it will be late"),
        _("Ready about %(ready_at)s, %(late_by)s after your time."),
        _("It charges at %(power_alone)s."),
        _("It charges at %(power)s instead of %(usual_power)s."),
        _("It was plugged in at %(plugged_in)s, and all the time since was not enough."),
        primary="ready_by",
        tone="needs",
    ),
    (S.CHARGE_INTERRUPTED, ""): say(
        _("Charging stopped unexpectedly"),
        _("It stopped at %(since)s, not by us."),
        _("We try again %(next_try)s."),
        primary="what_to_check",
        tone="needs",
    ),
    (S.OVERRIDDEN, ""): CHARGING_AS_ASKED,
    (S.OVERRIDDEN, "from_elsewhere"): say(
        _("You, or something else, took over"),
        _("Charging was started at %(override_since)s, not by us."),
        _("We have stepped back so that we do not work against you."),
        primary="take_over",
        tone="needs",
    ),
    (S.FINISHED, ""): say(_("Done"), _("%(level)s at %(ended)s."), *SAVED, primary="see_night"),
    (S.FINISHED, "late"): say(
        _("Done, but late"), _("%(level)s at %(ended)s, %(ended_late_by)s after your time."), primary="see_night"
    ),
    (S.UNPLUGGED, ""): say(
        _("Unplugged"),
        _("%(level)s when you left at %(ended)s."),
        _("Charged %(charged)s."),
        *SAVED,
        _("Plug in at %(place)s to get a new plan."),
        primary="see_night",
        announce="",
    ),
    (S.FAILED, "START_FAILED"): say(
        _("Last night did not go as planned"),
        LEFT_BEHIND,
        _("The car did not start when we asked it to."),
        primary="what_to_check",
        tone="problem",
    ),
    (S.FAILED, "STOP_FAILED"): say(
        _("Last night did not go as planned"),
        LEFT_BEHIND,
        _("The car did not wait when we asked it to."),
        primary="what_to_check",
        tone="problem",
    ),
    (S.FAILED, "CHARGE_INTERRUPTED"): say(
        _("Last night did not go as planned"),
        LEFT_BEHIND,
        _("Charging was broken off, not by us, and did not come back."),
        primary="what_to_check",
        tone="problem",
    ),
    (S.FAILED, ""): say(
        _("Last night did not go as planned"),
        LEFT_BEHIND,
        _("We could not reach the car."),
        _("It last answered %(last_heard)s."),
        primary="what_to_check",
        tone="problem",
    ),
    (S.ENDED_DISABLED, ""): say(
        _("Smart charging was switched off"),
        _("By you, at %(off_by_you)s."),
        _("By support, at %(off_by_support)s."),
        _("At %(off_otherwise)s."),
        _("The car charges normally."),
        primary="turn_on",
    ),
    (S.ENDED_DISABLED, "place_removed"): say(
        _("This place was removed"),
        _("Smart charging works only at your places, so the car charges normally here."),
        primary="add_place",
    ),
    (S.DEADLINE_CHANGED, ""): say(_("New plan for %(deadline)s"), _("We are working it out.")),
}
PAUSED = ("paused_until_next_plug_in", "paused_until")
# Whether a plan ran when it was paused makes no difference to what comes now.
WORDING |= {(S.ENDED_DISABLED, sub_reason): WORDING[S.DISABLED, sub_reason] for sub_reason in PAUSED}

SILENT = _("We have lost sight of your car. Last heard %(age)s ago.")
"""Added while a plan runs and the car has not answered for a while."""
