"""Nothing that somebody adds grows without bound."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from charging.models import Driver, Location, Tariff, TariffRate, Vehicle
from charging.models.vehicles import GatewayName
from charging.operations import caps, linking, locations, tariffs
from charging.operations.issues import Refused
from tests.factories import NOW, make_driver, make_location, make_vehicle
from tests.operations.night import KRISTIANSAND

pytestmark = pytest.mark.django_db

CAR: dict[str, Any] = {
    "vendor": "VOLKSWAGEN",
    "battery_capacity_kwh": 58.0,
    "max_power_kw": 11.0,
    "display_name": "One more",
}


@pytest.fixture
def driver() -> Driver:
    return make_driver()


@pytest.fixture(autouse=True)
def at_most_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOST_CARS", "MOST_PLACES", "MOST_TARIFFS", "MOST_RATES"):
        monkeypatch.setattr(caps, name, 2)


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [issue.code for issue in refused.value.issues]


@pytest.mark.parametrize("gateway", [GatewayName.SIMULATOR, GatewayName.PUSH])
def test_a_driver_has_no_more_cars_than_there_may_be(driver: Driver, gateway: GatewayName) -> None:
    make_vehicle(driver=driver)
    car = linking.LinkedCar(gateway=gateway, **CAR)
    linking.link_car(driver=driver, car=car, now=NOW)

    with pytest.raises(Refused) as refused:
        linking.link_car(driver=driver, car=car, now=NOW)

    assert codes_of(refused) == ["TOO_MANY_CARS"]
    assert Vehicle.objects.count() == 2
    linking.link_car(driver=make_driver(), car=car, now=NOW)


def test_a_driver_has_no_more_places_than_there_may_be(driver: Driver) -> None:
    make_location(driver=driver)
    locations.create_location(driver=driver, name="Cabin", now=NOW, **KRISTIANSAND)

    with pytest.raises(Refused) as refused:
        locations.create_location(driver=driver, name="Work", now=NOW, **KRISTIANSAND)

    assert codes_of(refused) == ["TOO_MANY_PLACES"]
    assert Location.objects.count() == 2


def set_rates(driver: Driver, tariff: str, *names: str) -> None:
    rates = dict.fromkeys(names, Decimal("0.10"))
    tariffs.set_rates(client=driver.client, external_id=tariff, rates=rates, at_wall=NOW)


def test_a_client_has_no_more_tariffs_than_there_may_be_and_those_there_are_can_be_changed(driver: Driver) -> None:
    set_rates(driver, "one", "day")
    set_rates(driver, "two", "day")

    with pytest.raises(Refused) as refused:
        set_rates(driver, "three", "day")

    assert codes_of(refused) == ["TOO_MANY_TARIFFS"]
    assert Tariff.objects.count() == 2
    set_rates(driver, "two", "night")
    set_rates(driver, tariffs.OWN_TARIFF.format(place="what a driver types in"), "day")


def test_a_tariff_has_no_more_rates_than_there_may_be_and_those_there_are_can_be_changed(driver: Driver) -> None:
    set_rates(driver, "one", "day", "night")

    with pytest.raises(Refused) as refused:
        set_rates(driver, "one", "evening")

    assert codes_of(refused) == ["TOO_MANY_RATES"]
    assert TariffRate.objects.count() == 2
    set_rates(driver, "one", "night")
