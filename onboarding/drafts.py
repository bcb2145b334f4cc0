"""Which car a driver sets up: one draft for each of their cars, and one for a car that is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from charging.models import Driver, Vehicle
from charging.operations import clients
from charging.operations.issues import Issue, refuse_if_any
from onboarding.models import OnboardingDraft
from onboarding.operations import policy_version
from onboarding.steps import CAR

MOST_CARS = 10
"""So many cars of one driver are more than a household has, and too few to be a burden."""


@transaction.atomic
def open_draft(*, driver: Driver, now: datetime) -> OnboardingDraft:
    """Returns the draft the driver turned to last, made at the first call, for a car that was added elsewhere too."""
    _lock(driver)
    draft = OnboardingDraft.objects.current_of(driver)
    if draft is not None:
        return draft
    return _new(driver, Vehicle.objects.of_driver(driver).order_by("-linked_at").first(), now)


@transaction.atomic
def open_draft_of(*, vehicle: Vehicle, now: datetime) -> OnboardingDraft:
    """Turns to the draft of this car, made at the first call: with it the wizard goes on."""
    _lock(vehicle.driver)
    draft = OnboardingDraft.objects.filter(vehicle=vehicle).select_related("driver", "vehicle").first()
    return turn_to(draft=draft, now=now) if draft is not None else _new(vehicle.driver, vehicle, now)


@transaction.atomic
def add_car(*, driver: Driver, now: datetime) -> OnboardingDraft:
    """Turns to the draft of a car that is still to come; what was answered for the other cars stays as it is.

    Raises Refused for a driver who has as many cars as one may have.
    """
    _lock(driver)
    refuse_if_any(_too_many(driver))
    drafts = OnboardingDraft.objects.filter(driver=driver, vehicle__isnull=True).select_related("driver", "vehicle")
    draft = drafts.first()
    return turn_to(draft=draft, now=now) if draft is not None else _new(driver, None, now)


def _too_many(driver: Driver) -> list[Issue]:
    if Vehicle.objects.of_driver(driver).count() >= MOST_CARS:
        message = _("You have %(count)d cars, and no more can be added") % {"count": MOST_CARS}
        return [Issue("TOO_MANY_CARS", "", message)]
    try:
        clients.check_connection_limit(client=driver.client)
    except clients.ConnectionLimitReached:
        return [Issue("CONNECTION_LIMIT", "", _("No more cars can be added from this app at the moment"))]
    return []


def turn_to(*, draft: OnboardingDraft, now: datetime) -> OnboardingDraft:
    """Makes a draft the one that the wizard goes on with. Returns it."""
    current = OnboardingDraft.objects.current_of(draft.driver)
    if current is None or current == draft:
        return draft
    # A clock may have been set back since the other one was written.
    draft.updated_at = max(now, current.updated_at + timedelta(microseconds=1))
    draft.save(update_fields=["updated_at"])
    return draft


def _lock(driver: Driver) -> None:
    """Keeps a second tab from making a second draft."""
    Driver.objects.select_for_update().get(pk=driver.pk)


def _new(driver: Driver, vehicle: Vehicle | None, now: datetime) -> OnboardingDraft:
    """A new draft, later than all others; the first question is answered where the car is there already."""
    draft = OnboardingDraft.objects.create(
        driver=driver,
        vehicle=vehicle,
        answers={CAR.key: {"value": {}, "version": 1, "at": now.isoformat()}} if vehicle else {},
        policy_version=policy_version(vehicle),
        created_at=now,
        updated_at=now,
    )
    return turn_to(draft=draft, now=now)
