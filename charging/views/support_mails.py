"""Mails about what support has done for a driver."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext, override

from charging.models import Vehicle

log = structlog.get_logger(__name__)


def tell_driver(*, vehicle: Vehicle, told: Promise, reason: str) -> bool:
    """Mails the driver what was done and why, in their language. Returns whether a mail went out."""
    account = vehicle.driver.account
    if account is None or not account.email:
        return False
    with override(vehicle.driver.language):
        title = gettext("Support has changed something")
        because = gettext("The reason given: %(reason)s") % {"reason": reason}
        paragraphs = (str(told), because, gettext("You can change it back at any time."))
        values = {"car": str(vehicle), "title": title, "paragraphs": paragraphs, "url": ""}
        text = render_to_string("charging/alert.txt", values)
    try:
        send_mail(f"{vehicle}: {title}", text, None, [account.email])
    except (OSError, SMTPException):
        log.warning("mail not sent", vehicle=vehicle.pk, about="support")
        return False
    return True
