"""What members of staff may do, as groups that an operator puts accounts into."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

OURS = ("charging", "onboarding")

READS = Q(codename__startswith="view_", content_type__app_label__in=OURS)
HELPS = Q(
    codename__in=["change_vehicle", "change_policy", "change_finding", "act_for_driver", "see_as_driver"],
    content_type__app_label="charging",
)
RUNS = Q(content_type__app_label="charging")
ACCOUNTS = Q(content_type__app_label__in=["auth", "account", "mfa", "oauth2_provider", "axes"])

ROLES: Mapping[str, Q] = {
    "Viewer": READS,
    "Support": READS | HELPS,
    "Operator": READS | RUNS,
    "Administrator": READS | RUNS | ACCOUNTS,
}
"""By name, from those who look to those who may do everything; support acts for drivers and changes nothing else."""


@transaction.atomic
def ensure_roles() -> int:
    """Writes the groups or brings their permissions up to date; returns how many there are. May run again and again."""
    for name, allowed in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(allowed))
    return len(ROLES)
