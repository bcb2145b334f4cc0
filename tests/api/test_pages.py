"""Lists come in pages: nothing twice, nothing left out, forwards and backwards."""

from datetime import timedelta
from typing import Any

import pytest

from charging.models import Driver
from tests.api.callers import codes_of, make_caller
from tests.factories import NOW, make_driver, make_location, make_vehicle

pytestmark = pytest.mark.django_db


def make_seven_cars(driver: Driver) -> list[str]:
    """In the order of the list; pairs are linked at the same instant."""
    cars = [make_vehicle(driver=driver, linked_at=NOW + timedelta(microseconds=n // 2)) for n in range(7)]
    return [str(car.public_id) for car in sorted(cars, key=lambda car: (car.linked_at, car.public_id))]


def ids(page: Any) -> list[str]:
    return [entry["id"] for entry in page["data"]]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_forwards_and_back_again_show_every_car_once(size: int) -> None:
    alice = make_driver()
    expected = make_seven_cars(alice)
    caller = make_caller(alice.client)

    pages = [caller.get("/api/vehicles", {"pageSize": size}).json()]
    while after := pages[-1]["pagination"]["after"]:
        pages.append(caller.get("/api/vehicles", {"pageSize": size, "after": after}).json())
    back = [pages[-1]]
    while before := back[-1]["pagination"]["before"]:
        back.append(caller.get("/api/vehicles", {"pageSize": size, "before": before}).json())

    assert [one for page in pages for one in ids(page)] == expected
    assert [ids(page) for page in reversed(back)][1:] == [ids(page) for page in pages][1:]
    assert pages[0]["pagination"]["before"] is None
    assert pages[-1]["pagination"]["after"] is None


def test_the_first_page_holds_fifty() -> None:
    alice = make_driver()
    for _ in range(51):
        make_location(driver=alice)
    caller = make_caller(alice.client)

    first = caller.get("/api/charging-locations").json()
    second = caller.get("/api/charging-locations", {"after": first["pagination"]["after"]}).json()

    assert (len(first["data"]), len(second["data"])) == (50, 1)


def test_a_page_after_the_last_car_is_empty() -> None:
    alice = make_driver()
    make_seven_cars(alice)
    caller = make_caller(alice.client)
    after = caller.get("/api/vehicles", {"pageSize": 6}).json()["pagination"]["after"]
    alice.vehicles.all().delete()

    assert caller.get("/api/vehicles", {"after": after}).json() == {
        "data": [],
        "pagination": {"after": None, "before": None},
    }


@pytest.mark.parametrize("path", ["/api/vehicles", "/api/charging-locations"])
@pytest.mark.parametrize(
    ("query", "code", "key"),
    [
        ("pageSize=0", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=201", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=-1", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=5.0", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=true", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=%D9%A5", "PAGE_SIZE_INVALID", "pageSize"),
        ("pageSize=" + "9" * 5000, "PAGE_SIZE_INVALID", "pageSize"),
        ("after=", "CURSOR_INVALID", "after"),
        ("after=x", "CURSOR_INVALID", "after"),
        ("before=%00", "CURSOR_INVALID", "before"),
        ("before=%FF", "CURSOR_INVALID", "before"),
        ("after=x&before=y", "CURSORS_INVALID", "after"),
    ],
)
def test_a_page_that_cannot_be_is_refused(path: str, query: str, code: str, key: str) -> None:
    answer = make_caller(make_driver().client).get(f"{path}?{query}")

    assert answer.status_code == 400
    assert codes_of(answer) == {(code, key)}


def test_a_cursor_of_another_list_is_refused() -> None:
    alice = make_driver()
    make_seven_cars(alice)
    caller = make_caller(alice.client)
    after = caller.get("/api/vehicles", {"pageSize": 2}).json()["pagination"]["after"]

    answer = caller.get("/api/charging-locations", {"after": after})

    assert codes_of(answer) == {("CURSOR_INVALID", "after")}
