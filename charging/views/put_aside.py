"""Repair cards that the driver has put aside: each stays away until what it tells of happens again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from charging.operations.repair_cards import put_card_aside
from charging.views.access import own_vehicle
from charging.views.answers import SeeOther, back_to_car
from charging.views.card_actions import Action
from charging.views.repair import Repair
from charging.views.situation import Situation

LONGEST = 100


def put_aside(card: Repair, situation: Situation) -> Repair | None:
    """The card with a button that puts it aside, as it is where it cannot be, or None where it was."""
    if not card.occasion:
        return card
    if situation.vehicle.put_aside.get(card.id) == card.occasion:
        return None
    url = reverse("car_put_aside", args=[situation.vehicle.public_id])
    later = Action(_("Not now"), url, fields={"card": card.id, "occasion": card.occasion})
    return replace(card, actions=(*card.actions, later))


@require_POST
@login_required
def put_card(request: HttpRequest, public_id: UUID) -> SeeOther:
    """Puts aside the card and the occasion that the button names."""
    vehicle = own_vehicle(request, public_id)
    card, occasion = (request.POST.get(name, "")[:LONGEST].replace("\0", "") for name in ("card", "occasion"))
    if card and occasion:
        put_card_aside(vehicle=vehicle, card=card, occasion=occasion)
    return back_to_car(request, vehicle, _("Put aside. We show it again when it happens the next time."))
