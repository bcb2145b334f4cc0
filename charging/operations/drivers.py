"""The people: known by a client's own id, by a login, or as guests who only try."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from charging.models import Client, Driver
from charging.operations.attempts import seconds_to_wait
from charging.operations.clients import ensure_built_in_client
from charging.operations.issues import Issue, Refused

EXTERNAL_ID = re.compile(r"[A-Za-z0-9._~@:-]{1,255}", re.ASCII)
GUESTS_LIVE_FOR = timedelta(days=30)
LONGEST_EMAIL = 254
"""What an account can store; Django's own check of addresses allows more."""
MOST_ADDRESSES = 20
"""So many a guest may try within an hour: the answer says whether there is an account with one."""
TRIED_WITHIN_SECONDS = 3600


def create_driver(
    *, client: Client, external_id: str, now: datetime, account: User | None = None, is_guest: bool = False
) -> Driver:
    """Makes a driver whose clock runs with the wall. Raises ValueError for an id outside `A-Z a-z 0-9 . _ ~ @ : -`."""
    if not EXTERNAL_ID.fullmatch(external_id):
        raise ValueError("A user id has 1 to 255 characters of A-Z a-z 0-9 . _ ~ @ : -")
    return Driver.objects.create(
        client=client,
        external_id=external_id,
        account=account,
        is_guest=is_guest,
        created_at=now,
        clock_wall_anchor=now,
        clock_own_anchor=now,
    )


@transaction.atomic
def create_guest(*, now: datetime) -> Driver:
    """Makes a guest: a real account without a password, deleted after 30 days unless an e-mail address is added."""
    name = f"guest-{uuid.uuid4()}"
    account = User.objects.create_user(username=name)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    client = ensure_built_in_client(now=now)
    return create_driver(client=client, external_id=name, now=now, account=account, is_guest=True)


def speak(*, driver: Driver, language: str) -> None:
    """Remembers the language that the driver reads, for what is written when nobody looks."""
    if driver.language != language:
        driver.language = language
        driver.save(update_fields=["language"])


@transaction.atomic
def driver_of_account(*, account: User, now: datetime) -> Driver:
    """Returns the driver of a login, made at the first call."""
    driver = Driver.objects.of_account(account).select_related("client").first()
    if driver is not None:
        return driver
    # The first two pages of a new account may be asked for at once: both get the same driver.
    driver, _was_created = Driver.objects.get_or_create(
        account=account,
        defaults={
            "client": ensure_built_in_client(now=now),
            "external_id": f"account-{account.pk}",
            "created_at": now,
            "clock_wall_anchor": now,
            "clock_own_anchor": now,
        },
    )
    return driver


def keep_guest(*, driver: Driver, email: str) -> Driver:
    """Turns a guest into a lasting account with this e-mail address; the driver and the cars stay the same.

    Raises Refused for an address that is not one or that another account has, and after too many of those.
    """
    email = email.strip()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_EMAIL)(email)
    except ValidationError as fault:
        raise Refused([Issue("EMAIL_INVALID", "email", _("Enter an email address, like name@example.com"))]) from fault
    if (
        seconds_to_wait(name=f"keep {driver.public_id}", limit=MOST_ADDRESSES, window_seconds=TRIED_WITHIN_SECONDS)
        is not None
    ):
        raise Refused([Issue("TOO_MANY_TRIES", "email", _("Too many addresses were tried. Try again in an hour"))])
    account = driver.account
    if account is None or User.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise Refused([Issue("EMAIL_TAKEN", "email", _("There is an account with this email address. Sign in to it"))])
    try:
        with transaction.atomic():
            account.email = email
            account.username = email[:150]
            account.save(update_fields=["email", "username"])
            driver.is_guest = False
            driver.save(update_fields=["is_guest"])
    except IntegrityError as fault:
        raise Refused([Issue("EMAIL_TAKEN", "email", _("There is an account with this email address"))]) from fault
    return driver


def expire_guests(*, at_wall: datetime) -> int:
    """Deletes guests older than 30 days with everything of theirs. Returns how many."""
    guests = User.objects.filter(driver__is_guest=True, driver__created_at__lte=at_wall - GUESTS_LIVE_FOR)
    count = guests.count()
    guests.delete()
    return count
