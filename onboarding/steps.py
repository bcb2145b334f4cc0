"""The six questions of the wizard, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """One question page. `key` names its answer in a draft, `name` is its URL name.

    The title is another one in each language, and the same page.
    """

    number: int
    key: str
    title: Promise = field(compare=False)

    @property
    def name(self) -> str:
        return f"setup_{self.key}"

    @property
    def url(self) -> str:
        return reverse(self.name)


CAR = Step(1, "car", _("Connect your car"))
MINIMUM = Step(2, "minimum", _("Protect a minimum charge"))
OTHER_CONTROL = Step(3, "other_control", _("What else could control your car"))
READY_BY = Step(4, "ready_by", _("Ready by"))
PLACES = Step(5, "places", _("Where you charge"))
CHECK = Step(6, "check", _("Check and turn on"))

STEPS = (CAR, MINIMUM, OTHER_CONTROL, READY_BY, PLACES, CHECK)
QUESTIONS = STEPS[:-1]


def first_missing(answered: frozenset[str], before: Step | None = None) -> Step | None:
    """Returns the first question without an answer, only those before a step where one is given; None if all are."""
    for step in QUESTIONS:
        if step == before:
            return None
        if step.key not in answered:
            return step
    return None


def previous_url(step: Step) -> str:
    """Returns where the back link of a step leads: the question before it, or how smart charging works."""
    return STEPS[step.number - 2].url if step.number > 1 else reverse("setup_how")


def next_url(step: Step) -> str:
    """Returns the address of the question after this one; after the check, the readiness check."""
    return STEPS[step.number].url if step != CHECK else reverse("setup_ready")
