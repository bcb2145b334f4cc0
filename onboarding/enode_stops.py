"""The pages on which connecting by Enode does not go on by itself: what is the matter, and what to press."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Stop:
    """A headline and sentences. `checks_again`: the page itself may be different in a moment; `links_again`: the way
    to the maker's account is offered.
    """

    headline: Promise
    sentences: tuple[Promise, ...] = ()
    checks_again: bool = False
    links_again: bool = False
    simulates: bool = False


STOPS = {
    "cancelled": Stop(
        _("Your car is not connected yet"),
        (_("You came back before the connection was finished. Nothing was saved."),),
        links_again=True,
        simulates=True,
    ),
    "over": Stop(
        _("This way back is over"),
        (_("It is good for one day, and for the account that began it. Nothing was changed."),),
        links_again=True,
    ),
    "other_tab": Stop(_("Connected in another tab"), (_("Your car is connected already. You can go on."),)),
    "no_cars": Stop(
        _("There is no car in this account"),
        (
            _("Add the car in its maker’s app first, or use another account."),
            _("Some makers take a minute to tell of a car that was connected just now."),
        ),
        checks_again=True,
        links_again=True,
    ),
    "signed_out": Stop(
        _("The maker of your car did not accept the sign-in"),
        (_("Check that you can sign in to your car’s app, then connect again."),),
        links_again=True,
    ),
    "scope": Stop(
        _("We may not start and stop your car"),
        (
            _(
                "We were not given permission to start and stop charging. Connect again and allow it, or we cannot"
                " smart charge."
            ),
        ),
        links_again=True,
    ),
    "another_account": Stop(
        _("This car is already smart charging from another account"),
        (
            _("Only one account may decide when a car charges."),
            _("Turn smart charging off there, or forget the car there, then check again."),
        ),
        checks_again=True,
    ),
    "missing": Stop(
        _("Your car cannot be started and stopped from here"),
        (
            _("Its maker does not let anybody do that. The prices of your places are shown all the same."),
            _("A charger or a plug that Home Assistant can switch is another way."),
        ),
        simulates=True,
    ),
    "blocked": Stop(_("One thing to switch on in your car"), checks_again=True),
    "silent": Stop(_("Enode does not answer"), (_("Nothing was changed."),), checks_again=True),
    "smart_charging": Stop(
        _("Enode is smart charging this car"),
        (
            _("Only one of us may decide when it charges, or both work against each other."),
            _("Switched off there, it charges as soon as it is plugged in until you turn smart charging on here."),
        ),
    ),
}
"""By what stopped it."""
