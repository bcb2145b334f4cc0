"""What a driver calls a car."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import Vehicle
from charging.operations import evaluation
from charging.operations.issues import Issue, refuse_if_any
from charging.operations.names import LONGEST_NAME, is_seen_whole, says_something, tidy_name
from charging.operations.outbox import UPDATED, has_listeners, tell


@transaction.atomic
def rename_car(*, vehicle: Vehicle, name: str, now: datetime) -> Vehicle:
    """Gives the car another name, and tells the app of it. Returns it as stored. Raises Refused, with the path `name`.

    The name that it is called by already is no change.
    """
    name = tidy_name(name)
    refuse_if_any(_issues(name))
    vehicle = evaluation.locked(vehicle=vehicle)
    if name == str(vehicle):
        return vehicle
    vehicle.display_name = name
    vehicle.save(update_fields=["display_name"])
    if has_listeners(client_id=vehicle.driver.client_id):
        tell(vehicle=vehicle, event=UPDATED, payload={"updatedFields": ["information.displayName"]}, now=now)
    return vehicle


def _issues(name: str) -> tuple[Issue, ...]:
    if not says_something(name):
        return (Issue("NAME_MISSING", "name", _("Enter a name for this car")),)
    if len(name) > LONGEST_NAME:
        return (Issue("NAME_TOO_LONG", "name", _("Name must be 100 characters or fewer")),)
    if not is_seen_whole(name):
        return (Issue("NAME_INVALID", "name", _("Name must be letters, numbers and spaces that can be seen")),)
    return ()
