"""What the wizard leaves to a worker."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from celery import shared_task

from onboarding.confirmation import send_now


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=30, max_retries=5)
def send_confirmation(*, vehicle_id: int, server_url: str, language: str, **_: Any) -> None:
    """Sends the mail that confirms turning on; a mail server that is down is asked again, five times in all."""
    send_now(vehicle_id=vehicle_id, server_url=server_url, language=language)
