"""Mails from support: what was done for a driver, and fixed texts about what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from smtplib import SMTPException
from urllib.parse import urljoin

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override

from charging.models import Finding, Vehicle
from charging.views import formatting
from charging.views.finding_cards import finding_url
from charging.views.finding_values import title_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FixedText:
    """A mail that support may choose: what operators call it, and its sentences for the driver."""

    label: Promise
    paragraphs: tuple[Promise, ...]


FIXED_TEXTS: Mapping[str, FixedText] = {
    "look": FixedText(
        gettext_lazy("Please look at what was found"),
        (
            gettext_lazy("Something else seems to control the charging of your car, so our plans do not work out."),
            gettext_lazy("The page of this finding shows what we saw, and how to switch off what is in the way."),
        ),
    ),
    "looking": FixedText(
        gettext_lazy("We look into it, nothing to do"),
        (
            gettext_lazy("We have seen that the charging of your car does not follow our plans, and look into it."),
            gettext_lazy("You need not do anything. The car is charged by your ready-by time as far as we can."),
        ),
    ),
    "ask": FixedText(
        gettext_lazy("Was it on purpose?"),
        (
            gettext_lazy("Something else starts or stops the charging of your car. If you want that, all is well."),
            gettext_lazy("Tell us on the page of this finding whether it is on purpose: we ask no more about it then."),
        ),
    ),
}
"""By code. Nothing is typed into them: what a driver reads from support is reviewed and translated."""


def tell_driver(*, vehicle: Vehicle, told: Promise, reason: str) -> bool:
    """Mails the driver what was done and why, in their language. Returns whether a mail went out."""
    with override(vehicle.driver.language):
        because = gettext("The reason given: %(reason)s") % {"reason": reason}
        paragraphs = (str(told), because, gettext("You can change it back at any time."))
        return _mail(vehicle, gettext("Support has changed something"), paragraphs)


def write_about(*, finding: Finding, text: FixedText) -> bool:
    """Mails the driver a fixed text about a finding, in their language. Returns whether a mail went out."""
    vehicle = finding.vehicle
    address = urljoin(settings.READYBY_SERVER_URL, finding_url(finding, vehicle))
    with override(vehicle.driver.language):
        paragraphs = tuple(str(paragraph) for paragraph in text.paragraphs)
        return _mail(vehicle, title_of(finding), paragraphs, address if settings.READYBY_SERVER_URL else "")


def _mail(vehicle: Vehicle, title: str, paragraphs: Sequence[str], url: str = "") -> bool:
    account = vehicle.driver.account
    if account is None or not account.email:
        return False
    values = {"car": str(vehicle), "title": title, "paragraphs": paragraphs, "url": url}
    text = render_to_string("charging/alert.txt", values)
    try:
        send_mail(formatting.one_line(f"{vehicle}: {title}"), text, None, [account.email])
    except (OSError, SMTPException):
        log.warning("mail not sent", vehicle=vehicle.pk, about="support")
        return False
    return True
