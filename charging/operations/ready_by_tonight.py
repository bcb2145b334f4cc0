"""Ready by another time: for one plug-in only, or from now on."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db import transaction

from charging.core.market_time import next_deadline
from charging.models import Location, Policy, Vehicle, VehicleView
from charging.models.activities import Actor
from charging.operations import decisions, evaluation, policies
from charging.operations.facts import place_where_it_charges, timezone_name_of


@transaction.atomic
def set_ready_by_tonight(*, vehicle: Vehicle, deadline: time | None, now: datetime) -> Policy:
    """Sets the deadline for the next time only; None takes it back. Raises Policy.DoesNotExist without a policy.

    It holds until it has passed or the car is unplugged, whichever is first.
    """
    vehicle = evaluation.locked(vehicle=vehicle)
    policy = Policy.objects.select_for_update().get(vehicle=vehicle)
    view = VehicleView.objects.select_related("location").filter(vehicle=vehicle).first()
    location = place_where_it_charges(view) if view is not None else None
    places = list(Location.objects.of_driver(vehicle.driver).order_by("created_at", "pk")[:1])
    one_off = None
    if deadline is not None:
        one_off = next_deadline(deadline, timezone_name_of(location, places), now).astimezone(UTC)
    policy.one_off_deadline_at = one_off
    policy.updated_at = now
    policy.save(update_fields=["one_off_deadline_at", "updated_at"])
    decisions.note(
        vehicle=vehicle,
        code="deadline_tonight",
        actor=Actor.DRIVER_HERE,
        now=now,
        deadline=deadline.strftime("%H:%M") if deadline is not None else "",
    )
    evaluation.evaluate(vehicle=vehicle, now=now, trigger="policy")
    return policy


@transaction.atomic
def set_ready_by_every_day(*, vehicle: Vehicle, deadline: time, now: datetime) -> Policy:
    """Sets the deadline of every day that has no time of its own; one for the next time only is taken back.

    Raises Refused with every rule broken, and stores nothing then; Policy.DoesNotExist without a policy.
    """
    policy = Policy.objects.get(vehicle=vehicle)
    if policy.one_off_deadline_at is not None:
        set_ready_by_tonight(vehicle=vehicle, deadline=None, now=now)
    return policies.set_policy(
        vehicle=vehicle,
        is_enabled=policies.KEEP,
        deadline=deadline,
        minimum_charge_limit=policy.minimum_charge_limit,
        now=now,
    )
