"""The card of a connection that its driver has to look after: what is the matter, and where it is put right."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charging.views.card_actions import Action
from charging.views.connection_words import connection_of, trouble_of
from charging.views.repair import Repair
from charging.views.situation import Situation


def connection_card(situation: Situation) -> Repair | None:
    """The card where only the driver can help, and for a car that was not heard of for a while; else None."""
    words, connection = trouble_of(situation.vehicle), connection_of(situation.vehicle)
    if words is None:
        return None
    is_drivers = connection is None or connection.is_sign_in_needed
    if not is_drivers and (situation.silent_for is None or connection is None):
        return None
    label = _("Look at the connection")
    if is_drivers:
        label = _("Connect again") if connection is None else _("Sign in again")
    page = Action(label, reverse("car_connection", args=[situation.vehicle.public_id]), is_link=True)
    return Repair(
        id="connection",
        title=str(words.headline),
        # What the driver alone can mend stands in the status card already.
        sentence="" if is_drivers else str(words.sentence),
        is_problem=is_drivers and connection is not None,
        actions=(page,),
    )
