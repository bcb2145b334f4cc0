"""Findings as repair cards: the confirmed ones that wait for the driver's answer, most severe first."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from charging.core.causes import Cause, Status
from charging.models import Finding, Vehicle
from charging.models.findings import Answer
from charging.operations import guides
from charging.operations.guides import Guide, Kind
from charging.views.brand_steps import show_steps
from charging.views.card_actions import Action
from charging.views.finding_evidence import evidence_of
from charging.views.finding_values import say, title_of, words_of
from charging.views.finding_words import FINDING_WORDS, FindingWords
from charging.views.repair import Repair
from charging.views.situation import Situation
from charging.views.what_to_check import CHECK, is_serious, trouble_of

SEVERITY = {cause: rank for rank, cause in enumerate(FINDING_WORDS)}


def finding_cards(situation: Situation) -> tuple[Repair, ...]:
    """The cards of one car. One that explains what went wrong tonight stands where "What to check" leads to."""
    waiting = [finding for finding in situation.findings if needs_the_driver(finding)]
    ranked = sorted(waiting, key=lambda finding: SEVERITY[Cause(finding.cause)])
    explaining = _explaining(ranked, situation)
    return tuple(finding_card(finding, situation, explains=finding is explaining) for finding in ranked)


def needs_the_driver(finding: Finding) -> bool:
    """Whether a card asks the driver about it: what is only suspected, or answered, is watched without one."""
    return finding.status == Status.CONFIRMED and finding.answer == Answer.NONE


def finding_card(finding: Finding, situation: Situation, *, explains: bool = False) -> Repair:
    words = words_of(finding)
    paragraphs = (str(words.to_do), say(words.meanwhile, finding, situation))
    return Repair(
        id=CHECK if explains else f"finding-{finding.pk}",
        title=title_of(finding),
        sentence=f"{say(words.saw, finding, situation)} {say(words.means, finding, situation)}",
        also=paragraphs,
        is_problem=explains and is_serious(situation),
        actions=(*_steps(finding, situation.vehicle, words), *answers(finding, situation.vehicle)),
        evidence=evidence_of(finding, situation.now, situation.timezone),
        occasion="" if explains else finding.last_seen_at.isoformat(),
    )


def guides_for(vehicle: Vehicle, words: FindingWords) -> tuple[Guide, ...]:
    """The guides of the car and the charger, as far as one should look there, the likeliest place first."""
    found = {Kind.CAR: guides.car_guides(vehicle.vendor, vehicle.model), Kind.CHARGER: _charger_guides(vehicle)}
    return tuple(guide for place in words.places for guide in found.get(place, ()))


def answers(finding: Finding, vehicle: Vehicle) -> tuple[Action, Action]:
    """The two answers as buttons."""
    url = reverse("car_finding_answer", args=[vehicle.public_id, finding.pk])
    done = Action(words_of(finding).done, url, fields={"answer": Answer.SWITCHED_OFF.value})
    return done, Action(_("That is on purpose"), url, fields={"answer": Answer.ON_PURPOSE.value})


def finding_url(finding: Finding, vehicle: Vehicle) -> str:
    return reverse("car_finding", args=[vehicle.public_id, finding.pk])


def _steps(finding: Finding, vehicle: Vehicle, words: FindingWords) -> tuple[Action, ...]:
    """Buttons to the steps, which stand on the page of the finding: one for each brand, and one for the services."""
    page = finding_url(finding, vehicle)
    found = guides_for(vehicle, words)
    services = Action(_("Show common services"), f"{page}#services", is_link=True)
    first = (services,) if words.places[:1] == (Kind.APP,) else ()
    shown = (*first, *(show_steps(guide, f"{page}#{guide.kind}-{guide.slug}") for guide in found))
    return shown or (Action(_("Show what to do"), f"{page}#steps", is_link=True),)


def _charger_guides(vehicle: Vehicle) -> tuple[Guide, ...]:
    guide = guides.charger_guide(vehicle.charger_brand)
    return (guide,) if guide is not None else ()


def _explaining(findings: list[Finding], situation: Situation) -> Finding | None:
    """The finding that most likely explains what the car does not do tonight."""
    trouble = trouble_of(situation)
    of_cause = {finding.cause: finding for finding in findings}
    causes = trouble.explained_by if trouble is not None else ()
    return next((of_cause[cause] for cause in causes if cause in of_cause), None)
