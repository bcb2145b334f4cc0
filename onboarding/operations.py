"""Writes of the wizard: drafts and their answers. What concerns charging is done by charging's own operations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.db import transaction

from charging.models import Connection, Location, Policy, Vehicle
from charging.operations import connected_cars, locations, policies, vehicles
from charging.operations.linking import LinkedCar
from onboarding.models import OnboardingDraft
from onboarding.steps import CAR, OTHER_CONTROL, Step

TOKENS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Conflict:
    """The answer of a step was changed at `at` after this form was opened; nothing was written."""

    stored: dict[str, Any]
    entered: dict[str, Any]
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Form:
    """What every form carries: the draft's version when it was opened, and a token that names this form."""

    version: int
    token: str


@transaction.atomic
def save_answer(
    *, draft: OnboardingDraft, step: Step, value: dict[str, Any], form: Form, now: datetime
) -> OnboardingDraft | Conflict:
    """Writes the answer of a step and returns the draft; the same form sent twice counts once.

    Returns a Conflict instead when the answer was changed since this form was opened, and to something else.
    """
    draft = OnboardingDraft.objects.select_for_update().get(pk=draft.pk)
    stored = draft.answers.get(step.key)
    if form.token in draft.request_tokens:
        return draft
    if stored is not None and stored["version"] > form.version and stored["value"] != value:
        return Conflict(stored["value"], value, datetime.fromisoformat(stored["at"]), draft.version)
    _remember(draft, form.token)
    if stored is None or stored["value"] != value:
        draft.version += 1
        draft.answers[step.key] = {"value": value, "version": draft.version, "at": now.isoformat()}
    draft.updated_at = now
    draft.save(update_fields=["answers", "version", "request_tokens", "updated_at"])
    return draft


@transaction.atomic
def save_car(
    *, draft: OnboardingDraft, value: dict[str, Any], details: vehicles.CarDetails, form: Form, now: datetime
) -> OnboardingDraft | Conflict:
    """Saves the answer of the first step and stores the simulated car, or changes the one that this draft has made.

    A car that was added elsewhere, by an app for instance, is never made another one here.
    """
    if draft.is_of_a_car_added_elsewhere:
        return draft
    version = draft.version
    saved = save_answer(draft=draft, step=CAR, value=value, form=form, now=now)
    if isinstance(saved, Conflict):
        return saved
    details = replace(details, display_name=_name_of_its_own(saved, details.display_name))
    if saved.vehicle is None or not saved.vehicle.is_simulated:
        _take_car(saved, vehicles.add_simulated_car(driver=saved.driver, details=details, now=now))
    elif saved.version != version:
        vehicles.change_simulated_car(vehicle=saved.vehicle, details=details, now=now)
    return saved


def _name_of_its_own(draft: OnboardingDraft, name: str) -> str:
    """Returns `Family car`, or `Family car 2` for a driver who has one already."""
    taken = set(draft.other_cars.values_list("display_name", flat=True))
    names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 2)))
    return next(each for each in names if each not in taken)


@transaction.atomic
def change_other_control(
    *, draft: OnboardingDraft, value: dict[str, Any], form: Form, now: datetime
) -> OnboardingDraft | Conflict:
    """Saves what else could control the draft's car, and lets it count at once."""
    saved = save_answer(draft=draft, step=OTHER_CONTROL, value=value, form=form, now=now)
    if isinstance(saved, OnboardingDraft) and saved.vehicle is not None:
        _set_other_control(saved, saved.vehicle, now)
    return saved


def save_connected_car(
    *,
    draft: OnboardingDraft,
    value: dict[str, Any],
    connection: Connection,
    car: LinkedCar,
    chosen: dict[str, Any],
    form: Form,
    now: datetime,
) -> OnboardingDraft | Conflict:
    """Saves the answer of the first step and adds the car behind the connection, or connects the draft's own again.

    Then it is read for the first time. Raises charging.operations.issues.Refused; nothing is written then.
    """
    version = draft.version
    with transaction.atomic():
        saved = save_answer(draft=draft, step=CAR, value=value, form=form, now=now)
        if isinstance(saved, Conflict):
            return saved
        if saved.vehicle is None or saved.vehicle.gateway != car.gateway:
            added = connected_cars.connect_car(
                driver=saved.driver, connection=connection, car=car, chosen=chosen, now=now
            )
            _take_car(saved, added)
        elif saved.version != version or not connected_cars.is_behind(saved.vehicle, connection):
            connected_cars.connect_again(vehicle=saved.vehicle, connection=connection, car=car, chosen=chosen, now=now)
    assert saved.vehicle is not None, "a car was added, or was there"
    connected_cars.look_at_first(vehicle=saved.vehicle, now=now)
    return saved


def _take_car(draft: OnboardingDraft, vehicle: Vehicle) -> None:
    """The draft is of this car from now on; one that it was of before stays as it is."""
    draft.vehicle, draft.policy_version, draft.finished_at = vehicle, policy_version(vehicle), None
    draft.save(update_fields=["vehicle", "policy_version", "finished_at"])


@transaction.atomic
def claim_token(*, draft: OnboardingDraft, token: str, now: datetime) -> bool:
    """Returns whether this form is dealt with for the first time, and remembers it."""
    draft = OnboardingDraft.objects.select_for_update().get(pk=draft.pk)
    if token in draft.request_tokens:
        return False
    _remember(draft, token)
    draft.updated_at = now
    draft.save(update_fields=["request_tokens", "updated_at"])
    return True


def keep_place_input(*, draft: OnboardingDraft, values: dict[str, Any], now: datetime) -> None:
    """Keeps a place form that is still being filled in; an empty one forgets it."""
    OnboardingDraft.objects.filter(pk=draft.pk).update(place_input=values, updated_at=now)


@transaction.atomic
def save_place(
    *, draft: OnboardingDraft, stored: Location | None, values: dict[str, Any], token: str, now: datetime
) -> None:
    """Makes a place of the driver, or changes a stored one; the same form sent twice makes one place.

    `values` are the cleaned data of a PlaceForm. Raises charging.operations.issues.Refused.
    """
    if not claim_token(draft=draft, token=token, now=now):
        return
    place = {
        "name": values["name"],
        "latitude": values["latitude"],
        "longitude": values["longitude"],
        "radius_meters": values["radius"],
        "example_area_code": values["example_area"] or None,
    }
    chosen = {"price_area_code": values["price_area"]} if values["price_area"] else {}
    if stored is None:
        locations.create_location(driver=draft.driver, now=now, **place, **chosen)
    else:
        # An empty choice is not "none": it is the area of the point.
        locations.update_location(location=stored, now=now, finds_area=not chosen, **place, **chosen)
    keep_place_input(draft=draft, values={}, now=now)


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The policy was changed elsewhere since the draft began; nothing was written."""

    stored: Policy


@transaction.atomic
def turn_on(
    *, draft: OnboardingDraft, is_enabled: bool, overwrites: bool, now: datetime
) -> OnboardingDraft | PolicyChange:
    """Makes the draft's answers the car's policy. Pressing twice has the effect of once.

    Raises charging.operations.issues.Refused where the answers do not fit together; nothing is written then.
    """
    draft = OnboardingDraft.objects.select_for_update(of=("self",)).select_related("driver", "vehicle").get(pk=draft.pk)
    vehicle = draft.vehicle
    if vehicle is None:
        raise ValueError("A draft without a car cannot be turned on")
    wanted = _wanted_policy(draft)
    policy = Policy.objects.filter(vehicle=vehicle).first()
    is_the_same = policy is not None and (policy.is_enabled, policy.deadline, policy.minimum_charge_limit) == (
        is_enabled,
        *wanted,
    )
    if not is_the_same and policy is not None and policy.version != draft.policy_version and not overwrites:
        return PolicyChange(policy)
    _set_other_control(draft, vehicle, now)
    if not is_the_same:
        deadline, minimum = wanted
        policies.set_policy(
            vehicle=vehicle, is_enabled=is_enabled, deadline=deadline, minimum_charge_limit=minimum, now=now
        )
    draft.policy_version = policy_version(vehicle)
    draft.finished_at = now
    draft.updated_at = now
    draft.save(update_fields=["policy_version", "finished_at", "updated_at"])
    return draft


def policy_version(vehicle: Vehicle | None) -> int:
    """The version of a car's policy, 0 without one."""
    return Policy.objects.filter(vehicle=vehicle).values_list("version", flat=True).first() or 0


def _wanted_policy(draft: OnboardingDraft) -> tuple[time, float]:
    deadline = time.fromisoformat(draft.value_of("ready_by")["time"])
    return deadline, float(draft.value_of("minimum")["percent"])


def _set_other_control(draft: OnboardingDraft, vehicle: Vehicle, now: datetime) -> None:
    answer = draft.value_of("other_control")
    safety_net = answer.get("safety_net_time")
    vehicles.set_other_control(
        vehicle=vehicle,
        other_control=answer["other_control"],
        charger_brand=answer.get("charger_brand", ""),
        safety_net_time=time.fromisoformat(safety_net) if safety_net else None,
        now=now,
    )


def _remember(draft: OnboardingDraft, token: str) -> None:
    draft.request_tokens = [*draft.request_tokens, token][-TOKENS_KEPT:]
