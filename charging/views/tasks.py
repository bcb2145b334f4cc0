"""The periodic job of mails: it needs the words of the pages, so it lives here."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from charging.operations.clocks import wall_now
from charging.views.alert_mails import send_alerts


@shared_task
def mail_alerts(**_: Any) -> None:
    """Mails drivers what they have to know."""
    send_alerts(at_wall=wall_now())
