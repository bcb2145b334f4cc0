"""Mails about a car, in the words of its dashboard."""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urljoin

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from charging.operations.alerts import Alert, claim, due_alerts, give_back
from charging.views import formatting
from charging.views.finding_cards import finding_card, finding_url
from charging.views.situation import Situation, load_situation
from charging.views.status_card import make_card
from charging.views.what_to_check import what_to_check

log = structlog.get_logger(__name__)


def send_alerts(*, at_wall: datetime) -> int:
    """Mails what is due; returns how many. What a mail server refuses is due again, and ends the round."""
    sent = 0
    for alert in due_alerts(at_wall=at_wall):
        if not claim(alert=alert, at_wall=at_wall):
            continue
        try:
            send(alert, at_wall)
        except (OSError, SMTPException):
            give_back(alert=alert)
            log.warning("mail not sent", vehicle=str(alert.vehicle.public_id), about=alert.subject)
            break
        sent += 1
    return sent


def send(alert: Alert, at_wall: datetime) -> None:
    """Sends one mail. Raises what the mail server raises."""
    driver = alert.vehicle.driver
    situation = load_situation(alert.vehicle, driver.clock.own(at_wall))
    with override(driver.language):
        title, paragraphs = _words(alert, situation)
        values = {
            "car": str(alert.vehicle),
            "title": title,
            "paragraphs": paragraphs,
            "url": urljoin(settings.READYBY_SERVER_URL, _path(alert)) if settings.READYBY_SERVER_URL else "",
        }
        subject, text = formatting.one_line(f"{alert.vehicle}: {title}"), render_to_string("charging/alert.txt", values)
    account = driver.account
    assert account is not None
    send_mail(subject, text, None, [account.email])


def _words(alert: Alert, situation: Situation) -> tuple[str, tuple[str, ...]]:
    if alert.finding is not None:
        card = finding_card(alert.finding, situation)
        return card.title, (card.sentence, *card.also)
    status, check = make_card(situation), what_to_check(situation)
    steps = [f"- {step}" for step in check.steps] if check is not None else []
    return status.headline, (status.sentence, *(["\n".join(steps)] if steps else []))


def _path(alert: Alert) -> str:
    if alert.finding is not None:
        return finding_url(alert.finding, alert.vehicle)
    return reverse("car", args=[alert.vehicle.public_id])
