"""`manage.py enode_webhook`: has Enode send here what happens to cars."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.urls import reverse

from charging.operations import enode


class Command(BaseCommand):
    help = "Subscribe to what Enode tells of cars, at READYBY_SERVER_URL and signed with READYBY_ENODE_WEBHOOK_SECRET."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not enode.is_offered():
            raise CommandError("Set READYBY_ENODE_URL, READYBY_ENODE_CLIENT_ID and READYBY_ENODE_CLIENT_SECRET")
        if not settings.READYBY_SERVER_URL or len(settings.READYBY_ENODE_WEBHOOK_SECRET) < 16:
            raise CommandError("Set READYBY_SERVER_URL, and READYBY_ENODE_WEBHOOK_SECRET to 16 characters or more")
        url = urljoin(settings.READYBY_SERVER_URL, reverse("enode_webhook"))
        try:
            identity = enode.subscribe(url=url, secret=settings.READYBY_ENODE_WEBHOOK_SECRET)
        except enode.NotSubscribed as fault:
            raise CommandError(f"Enode was not told: {fault}") from fault
        self.stdout.write(f"{url} is told, as {identity}")
