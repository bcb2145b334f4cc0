"""What is left of a user that a client removes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from charging.models import Driver
from charging.operations import users
from tests.factories import NOW, make_account, make_driver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_staff", [True, False], ids=["an operator's stays", "another's goes"])
def test_the_login_of_a_removed_user(is_staff: bool) -> None:
    account = make_account(is_staff=is_staff)
    driver = make_driver(account=account)

    users.remove_user(driver=driver, last_known=[], at_wall=NOW)

    assert not Driver.objects.exists()
    assert User.objects.filter(pk=account.pk).exists() is is_staff


def test_a_user_without_a_login_goes_too() -> None:
    users.remove_user(driver=make_driver(account=None), last_known=[], at_wall=NOW)

    assert not Driver.objects.exists()
