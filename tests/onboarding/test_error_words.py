"""An error calls its field by the name that stands beside it, in every language."""

import re

import pytest
from django.forms import BoundField, Form
from django.utils import translation

from charging.views.habit_form import HabitForm
from charging.views.tariff_form import TariffForm
from config.languages import LANGUAGES
from onboarding.forms import CarForm
from onboarding.place_form import PlaceForm
from tests.factories import make_driver


def faulty_forms() -> list[tuple[Form, tuple[str, ...]]]:
    return [
        (CarForm({"car": "simulated", "model": "family", "soc": "101", "limit": "x"}), ("soc", "limit")),
        (HabitForm({"plugged_in": "17:00", "battery": "90"}, limit_percent=80), ("battery",)),
        (HabitForm({"plugged_in": "17:00", "battery": "-1"}, limit_percent=80), ("battery",)),
        (PlaceForm({"radius": "5"}, driver=make_driver()), ("radius",)),
        (
            TariffForm({"kind": "spot", "vat": "no", "fee": "no"}, market_currency="EUR", own_currency=""),
            ("vat", "fee"),
        ),
        (
            TariffForm(
                {"kind": "by_time", "rate_1": "5", "rate_1_from": "22", "rate_1_to": "25", "rate_other": "?"},
                market_currency="EUR",
                own_currency="",
            ),
            ("rate_1_to", "rate_other"),
        ),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_an_error_calls_its_field_as_the_label_does(language: str) -> None:
    with translation.override(language):
        fields: list[BoundField] = [form[name] for form, names in faulty_forms() for name in names]
        wrong = [(str(field.label), list(field.errors)) for field in fields if not names_its_label(field)]

    assert len(fields) == 9
    assert wrong == []


def names_its_label(field: BoundField) -> bool:
    quoted = re.escape(str(field.label))
    return len(field.errors) == 1 and re.search(rf"[“”„«»]{quoted}[“”»]", str(field.errors[0])) is not None
