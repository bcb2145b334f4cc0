"""The deadline for one plug-in only, and its end."""

from __future__ import annotations

from charging.models import Policy, Vehicle


def forget_one_off_deadline(*, vehicle: Vehicle) -> None:
    """Takes back the deadline for one plug-in only: the car was unplugged."""
    Policy.objects.filter(vehicle=vehicle, one_off_deadline_at__isnull=False).update(one_off_deadline_at=None)
