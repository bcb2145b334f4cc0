"""Rows of what is measured of the wizard."""

from __future__ import annotations

from typing import Any

from charging.models import WizardEvent
from tests.factories import NOW


def make_wizard_event(**values: Any) -> WizardEvent:
    """Somebody on a phone opened the first question."""
    defaults = {"at": NOW, "draft_number": 1, "step": "car", "happened": "entered", "device": "phone", "language": "en"}
    return WizardEvent.objects.create(**defaults | values)
