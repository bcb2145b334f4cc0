"""Operators' screens: everything can be looked up, facts are read-only, changes go through operations."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin import (
    activities,
    audit,
    charge_actions,
    clients,
    commands,
    connections,
    credentials,
    decision_log,
    drivers,
    due,
    events,
    findings,
    learned_powers,
    link_sessions,
    locations,
    outbox,
    overrides,
    plans,
    policies,
    price_services,
    prices,
    readings,
    sessions,
    vehicles,
    webhook_deliveries,
    webhooks,
    wizard_events,
)

__all__ = [
    "activities",
    "audit",
    "charge_actions",
    "clients",
    "commands",
    "connections",
    "credentials",
    "decision_log",
    "drivers",
    "due",
    "events",
    "findings",
    "learned_powers",
    "link_sessions",
    "locations",
    "outbox",
    "overrides",
    "plans",
    "policies",
    "price_services",
    "prices",
    "readings",
    "sessions",
    "vehicles",
    "webhook_deliveries",
    "webhooks",
    "wizard_events",
]

admin.site.site_header = _("Readyby operations")
admin.site.site_title = _("Readyby operations")
admin.site.index_title = _("Look up and repair")
