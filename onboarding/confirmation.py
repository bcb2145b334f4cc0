"""The mail that confirms that smart charging was turned on, for accounts with an email address."""

from __future__ import annotations

from urllib.parse import urljoin

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from charging.models import Policy
from charging.views import formatting
from charging.views.deadline_words import deadlines_in_words


def send_now(*, vehicle_id: int, server_url: str, language: str) -> bool:
    """Sends the mail; returns False where car, address or policy are gone. Raises what the mail server raises."""
    policies = Policy.objects.filter(vehicle_id=vehicle_id, is_enabled=True)
    policy = policies.select_related("vehicle__driver__account").first()
    account = policy.vehicle.driver.account if policy is not None else None
    if policy is None or account is None or not account.email:
        return False
    with override(language):
        subject = formatting.one_line(gettext("Smart charging is on: %(car)s") % {"car": policy.vehicle})
        text = render_to_string("onboarding/confirmation.txt", _words(policy, server_url))
    send_mail(subject, text, None, [account.email])
    return True


def _words(policy: Policy, server_url: str) -> dict[str, str]:
    vehicle = policy.vehicle
    places = vehicle.driver.locations.order_by("created_at", "pk").values_list("name", flat=True)
    return {
        "car": str(vehicle),
        "ready_by": deadlines_in_words(policy),
        "minimum": formatting.percent(policy.minimum_charge_limit),
        "places": ", ".join(places),
        "dashboard_url": urljoin(server_url, reverse("car", args=[vehicle.public_id])),
        "settings_url": urljoin(server_url, reverse("settings")),
    }
