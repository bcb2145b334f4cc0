"""Whose car is it? Each driver gets their own cars and places, with what pages show of them, whoever came first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from structlog.contextvars import get_contextvars

from charging.models import Driver, Vehicle
from charging.views import access
from tests.factories import (
    NOW,
    make_account,
    make_driver,
    make_location,
    make_override,
    make_parked_car,
    make_terms,
    make_vehicle,
)

pytestmark = pytest.mark.django_db


def request_of(account: User | AnonymousUser | None) -> HttpRequest:
    assert account is not None
    request = RequestFactory().get("/")
    request.user = account
    return request


def known(request: HttpRequest) -> tuple[Driver | None, bool]:
    """What the request remembers of who asks."""
    return request.readyby_driver, request.readyby_has_car  # type: ignore[attr-defined]


@pytest.fixture
def cars() -> list[Vehicle]:
    """Two cars of each of two drivers, the newer one first."""
    drivers = [make_driver(), make_driver()]
    made = [make_parked_car(driver=driver) for _ in range(2) for driver in drivers]
    for days, car in enumerate(made):
        Vehicle.objects.filter(pk=car.pk).update(linked_at=NOW - timedelta(days=days))
    return made


def test_who_is_signed_in_is_the_driver_of_the_account(cars: list[Vehicle], django_assert_num_queries: Any) -> None:
    for car in cars:
        request = request_of(car.driver.account)

        assert access.driver_of(request) == car.driver
        assert known(request) == (car.driver, True)
        with django_assert_num_queries(0):
            assert access.driver_of(request) == car.driver


def test_a_driver_without_a_car_is_one_though_others_have_cars(cars: list[Vehicle]) -> None:
    driver = make_driver()
    request = request_of(driver.account)

    assert access.driver_of(request) == driver
    assert known(request) == (driver, False)


def test_visitors_and_accounts_without_a_driver_are_nobody(cars: list[Vehicle]) -> None:
    operator = request_of(make_account(is_staff=True))

    assert access.driver_of(request_of(AnonymousUser())) is None
    assert access.driver_of(operator) is None
    assert known(operator) == (None, False)


def test_cars_are_the_drivers_own_with_the_oldest_first(cars: list[Vehicle]) -> None:
    for driver in {car.driver for car in cars}:
        own = [car for car in cars if car.driver == driver]

        assert list(access.cars_of(driver)) == own[::-1]


def test_cars_of_one_instant_keep_their_order(cars: list[Vehicle]) -> None:
    Vehicle.objects.update(linked_at=NOW)
    own = [car.pk for car in cars if car.driver == cars[0].driver]

    assert [car.pk for car in access.cars_of(cars[0].driver)] == sorted(own)


def test_each_car_is_given_to_its_driver_and_to_nobody_else(cars: list[Vehicle]) -> None:
    for car in cars:
        for asking in cars:
            request = request_of(asking.driver.account)
            if asking.driver != car.driver:
                with pytest.raises(Http404):
                    access.own_vehicle(request, car.public_id)
                continue
            assert access.own_vehicle(request, car.public_id) == car
            assert known(request) == (car.driver, True)
            assert get_contextvars()["vehicle"] == str(car.public_id)


def test_each_place_is_given_to_its_driver_and_to_nobody_else(cars: list[Vehicle]) -> None:
    drivers = {car.driver for car in cars}
    places = [make_location(driver=driver, name=name) for driver in drivers for name in ("Cabin", "Work")]

    for place in places:
        for driver in drivers:
            request = request_of(driver.account)
            if driver != place.driver:
                with pytest.raises(Http404):
                    access.own_location(request, place.public_id)
                continue
            assert access.own_location(request, place.public_id) == place


def test_what_is_not_there_is_given_to_nobody(cars: list[Vehicle]) -> None:
    request = request_of(cars[0].driver.account)

    for find in (access.own_vehicle, access.own_location):
        with pytest.raises(Http404):
            find(request, uuid4())


def test_a_place_comes_with_its_driver_and_prices(cars: list[Vehicle], django_assert_num_queries: Any) -> None:
    made = make_location(driver=cars[0].driver, name="Cabin")

    place = access.own_location(request_of(cars[0].driver.account), made.public_id)

    with django_assert_num_queries(0):
        assert (place.driver, place.price_area) == (cars[0].driver, made.price_area)


def test_a_car_comes_with_what_its_page_shows(cars: list[Vehicle], django_assert_num_queries: Any) -> None:
    car, home = cars[0], cars[0].driver.locations.get()
    make_terms(location=home)

    shown = access.own_vehicle(request_of(car.driver.account), car.public_id)

    with django_assert_num_queries(0):
        place = shown.view.location
        assert place is not None
        assert (place, place.terms.location_id, place.example_area) == (home, home.pk, None)


def test_a_car_tells_of_its_own_tests_and_starts_elsewhere_alone(cars: list[Vehicle]) -> None:
    tested, started, other = cars[0], cars[1], make_vehicle(driver=cars[0].driver)
    make_override(vehicle=tested, is_test=True)
    make_override(vehicle=other)
    for days in (3, 1, 2):
        make_override(vehicle=started, is_from_elsewhere=True, created_at=NOW - timedelta(days=days), ended_at=NOW)

    found: dict[int, Any] = {car.pk: car for driver in {car.driver for car in cars} for car in access.cars_of(driver)}

    assert [pk for pk, car in found.items() if car.is_tested] == [tested.pk]
    assert {pk: car.started_elsewhere_at for pk, car in found.items() if car.started_elsewhere_at is not None} == {
        started.pk: NOW - timedelta(days=1)
    }
