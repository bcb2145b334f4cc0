"""What is wrong with the form of a value, in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charging.operations.issues import Issue

FORMS: dict[str, tuple[str, Promise]] = {
    "isEnabled": ("ENABLED", gettext_lazy("Use true or false.")),
    "deadline": ("DEADLINE", gettext_lazy("Use HH:MM, 00:00 to 23:59.")),
    "minimumChargeLimit": ("MINIMUM", gettext_lazy("Use a number from 0 to 100.")),
    "name": ("NAME", gettext_lazy("Use a text of 1 to 100 characters.")),
    "latitude": ("LATITUDE", gettext_lazy("Use a number from -90 to 90.")),
    "longitude": ("LONGITUDE", gettext_lazy("Use a number from -180 to 180.")),
    "timezoneName": ("TIMEZONE", gettext_lazy("Use the name of a time zone, such as Europe/Oslo.")),
    "userId": ("USER", gettext_lazy("Use the id of one of your users.")),
    "radiusMeters": ("RADIUS", gettext_lazy("Use a whole number from 50 to 500.")),
    "priceArea": ("PRICE_AREA", gettext_lazy("Use the code of a price area, such as NO2, or null.")),
    "type": ("TYPE", gettext_lazy("Use one of the types that are documented here.")),
    "vendor": ("VENDOR", gettext_lazy("Use the name of one of the vendors.")),
    "batteryCapacityKwh": ("CAPACITY", gettext_lazy("Use a number from 1 to 1000.")),
    "maxChargingPowerKw": ("POWER", gettext_lazy("Use a number from 0.5 to 500.")),
    "chargeLimit": ("CHARGE_LIMIT", gettext_lazy("Use a number from 50 to 100.")),
    "action": ("ACTION", gettext_lazy("Use one of the actions that are documented here.")),
    "maxCurrent": ("MAX_CURRENT", gettext_lazy("Use a number from 1 to 1000.")),
    "cost": ("COST", gettext_lazy("Use a decimal number as a text, such as 0.21.")),
    "tariffId": ("TARIFF", gettext_lazy("Use the id of one of your tariffs.")),
    "tariffIntervals": ("INTERVALS", gettext_lazy("Use a list of at most 200 times.")),
    "from": ("FROM", gettext_lazy("Use HH:MM, 00:00 to 23:59.")),
    "to": ("TO", gettext_lazy("Use HH:MM, 00:00 to 24:00.")),
    "weekdays": ("WEEKDAYS", gettext_lazy("Use whole numbers from 0, Monday, to 6, Sunday.")),
    "startDate": ("START_DATE", gettext_lazy("Use an instant such as 2026-01-31T00:00:00Z.")),
    "endDate": ("END_DATE", gettext_lazy("Use an instant such as 2026-01-31T00:00:00Z.")),
    "utcOffset": ("UTC_OFFSET", gettext_lazy("Use hours from -14 to 14, such as 2, -3.5 or +02:00.")),
    "resolution": ("RESOLUTION", gettext_lazy("Use one of the resolutions that are documented here.")),
    "observedAt": ("OBSERVED_AT", gettext_lazy("Use an instant such as 2026-01-31T00:00:00Z.")),
    "batteryLevel": ("BATTERY_LEVEL", gettext_lazy("Use a number from 0 to 100.")),
    "vehicleId": ("VEHICLE", gettext_lazy("Use the id of one of your cars.")),
    "url": ("URL", gettext_lazy("Use a public address such as https://app.example/hooks.")),
    "secret": ("SECRET", gettext_lazy("Use a secret of at least 16 bytes.")),
    "events": ("EVENTS", gettext_lazy("Use names of events that are documented here.")),
    "apiVersion": ("API_VERSION", gettext_lazy("Use 2024-10-01 or null.")),
    "since": ("SINCE", gettext_lazy("Use an instant such as 2026-01-31T00:00:00Z.")),
    "until": ("UNTIL", gettext_lazy("Use an instant such as 2026-01-31T00:00:00Z.")),
    "scopes": ("SCOPES", gettext_lazy("Use scopes that are documented here.")),
    "language": ("LANGUAGE", gettext_lazy("Use one of the languages that are documented here.")),
    "redirectUri": ("REDIRECT", gettext_lazy("Use an address such as https://app.example/done.")),
    "pageSize": ("PAGE_SIZE", gettext_lazy("Use a whole number from 1 to 200.")),
}
"""Key of the wire format -> first part of the issue's code, and the form that is asked for."""

SHOWN = 100
"""How much of an unknown key is repeated."""

ANY_FORM = ("VALUE", gettext_lazy("Use a value of the form that is documented here."))


def form_issues(errors: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    """Returns one issue for each error of pydantic; `loc` of an error is its path in the body, or the query's key."""
    found = {_form_issue(error["type"], tuple(error["loc"])): None for error in errors}
    return tuple(found)


def _form_issue(error_type: str, loc: tuple[str | int, ...]) -> Issue:
    path = ".".join(str(part) for part in loc)[:SHOWN]
    if not loc:
        return Issue("BODY_INVALID", "", _("Send one JSON object."))
    if error_type == "extra_forbidden":
        return Issue("KEY_UNKNOWN", path, _("There is no such key here."))
    code, message = next((FORMS[key] for key in map(str, reversed(loc)) if key in FORMS), ANY_FORM)
    if error_type == "missing":
        return Issue(f"{code}_MISSING", path, _("This value is missing."))
    return Issue(f"{code}_INVALID", path, str(message))
