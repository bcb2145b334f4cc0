"""The groups of staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from charging.operations.roles import ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def permissions_of(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_they_are_written_once_and_brought_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_roles")
    Group.objects.get(name="Viewer").permissions.set(Permission.objects.filter(codename="delete_user"))

    assert ensure_roles() == len(ROLES) == Group.objects.count()

    assert "delete_user" not in permissions_of("Viewer")
    assert "Viewer" in capsys.readouterr().out


def test_each_may_more_than_the_one_before() -> None:
    ensure_roles()
    viewer, support, operator, administrator = (permissions_of(name) for name in ROLES)
    assert viewer < support < operator < administrator
    assert all(code.startswith("view_") for code in viewer)
    assert support - viewer == {
        *("change_vehicle", "change_policy", "change_finding", "act_for_driver", "see_as_driver")
    }
    assert "change_user" in administrator - operator
