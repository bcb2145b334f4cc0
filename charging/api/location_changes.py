"""Changing a place, whichever of its two names it is called by."""

from __future__ import annotations

from django.utils.translation import gettext as _

from charging.api import schemas
from charging.api.bodies import LocationChange, as_location_values, given, issues_of
from charging.api.location_answers import location_answer
from charging.models import Location
from charging.operations import locations
from charging.operations.clocks import own_now
from charging.operations.issues import Issue, refuse_if_any


def change_location(location: Location, body: LocationChange) -> schemas.Location:
    """Changes what is sent and leaves the rest. Raises Refused."""
    values = as_location_values(given(body))
    user_issues = []
    if values.pop("user_id", location.driver.external_id) != location.driver.external_id:
        user_issues = [Issue("USER_INVALID", "userId", _("A place stays with its user."))]
    refuse_if_any((*issues_of(body), *locations.location_issues(values), *user_issues))
    now = own_now(driver=location.driver)
    return location_answer(locations.update_location(location=location, now=now, **values))
