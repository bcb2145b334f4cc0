"""A test with transactions of its own empties the database; what every database has is there for the next test."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from charging.adapters.prices.areas import areas
from charging.models import PriceArea
from tests.factories import make_driver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("turn", ["first", "second"])]


def test_every_test_finds_the_price_areas(turn: str) -> None:
    assert set(PriceArea.objects.values_list("code", flat=True)) == set(areas())


def test_every_test_finds_the_names_of_the_models_and_what_may_be_done_with_them(turn: str) -> None:
    models = {(model._meta.app_label, model._meta.model_name): model for model in apps.get_models()}
    permissions = [len(model._meta.default_permissions) + len(model._meta.permissions) for model in models.values()]

    assert set(ContentType.objects.values_list("app_label", "model")) == set(models)
    assert Permission.objects.count() == sum(permissions)


def test_no_test_finds_the_rows_of_another(turn: str) -> None:
    driver = make_driver()

    assert list(type(driver).objects.all()) == [driver]
