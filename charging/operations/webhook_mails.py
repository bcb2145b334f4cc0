"""Telling the operator of a receiver that fails: in the log, and by mail where an address is known."""

from __future__ import annotations

from smtplib import SMTPException
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext

from charging.models import Webhook

log = structlog.get_logger(__name__)


def tell_operator(*, webhook: Webhook, answer: str, pending_events: int) -> None:
    """Says that a receiver fails, or that it was disabled. A mail server that is down is logged.

    Neither says what was to be told, nor the address beyond its host: what follows may be a key of the receiver.
    """
    host = urlsplit(webhook.url).hostname or ""
    what = "webhook failing" if webhook.is_active else "webhook disabled"
    log.warning(what, webhook=str(webhook.public_id), host=host, answer=answer)
    contact = operator_address()
    if contact is None:
        return
    subject = gettext("A webhook fails and will be disabled: %(host)s")
    if not webhook.is_active:
        subject = gettext("A webhook was disabled: %(host)s")
    context = {"webhook": webhook, "host": host, "answer": answer, "pending_events": pending_events}
    text = render_to_string("charging/webhook_mail.txt", context)
    try:
        send_mail(subject % {"host": host}, text, None, [contact])
    except (OSError, SMTPException):
        log.exception("mail to the operator not sent", webhook=str(webhook.public_id))


def operator_address() -> str | None:
    """Returns the operator's mail address, None where the contact is something else, such as a phone number."""
    contact: str = settings.READYBY_OPERATOR_CONTACT.strip()
    try:
        validate_email(contact)
    except ValidationError:
        return None
    return contact
