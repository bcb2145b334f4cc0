"""Whatever JSON is sent, the answer is a success or a problem that says what to change, never a fault of ours."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.callers import assert_is_problem, everything_stored, make_caller, send
from tests.factories import make_driver, make_location, make_parked_car

pytestmark = pytest.mark.django_db
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats()
    | st.text(st.characters(), max_size=120)
    | st.sampled_from(["07:00", "24:00", "Europe/Oslo", "NO2", "UTC", "", "\x00", "\ud800", 0, 90, -90, 180, 100])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
POLICY_KEYS = ("isEnabled", "deadline", "minimumChargeLimit")
LOCATION_KEYS = ("name", "longitude", "latitude", "timezoneName", "userId", "radiusMeters", "priceArea")


def bodies(keys: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """Mostly objects with our keys, now and then another key or no object at all."""
    known = st.dictionaries(st.sampled_from(keys), values)
    return known | st.dictionaries(st.sampled_from(keys) | st.text(max_size=20), values, max_size=8) | values


many = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def assert_success_or_problem(caller: Any, method: str, path: str, body: Any) -> None:
    before = everything_stored()

    answer = send(caller, method, path, body)

    assert answer.status_code in {200, 400, 404}
    if answer.status_code != 200:
        assert_is_problem(answer)
        assert everything_stored() == before


def test_any_policy_is_taken_or_refused() -> None:
    car = make_parked_car()
    caller = make_caller(car.driver.client)

    @many
    @given(body=bodies(POLICY_KEYS) | st.binary(max_size=200))
    def put(body: Any) -> None:
        assert_success_or_problem(caller, "PUT", f"/api/vehicles/{car.public_id}/smart-charging-policy", body)

    put()


def test_any_new_place_is_taken_or_refused() -> None:
    caller = make_caller(make_driver(external_id="alice").client)

    @many
    @given(body=bodies(LOCATION_KEYS))
    def post(body: Any) -> None:
        assert_success_or_problem(caller, "POST", "/api/charging-locations", body)

    post()


def test_any_change_of_a_place_is_taken_or_refused() -> None:
    place = make_location(driver=make_driver())
    caller = make_caller(place.driver.client)

    @many
    @given(body=bodies(LOCATION_KEYS))
    def put(body: Any) -> None:
        assert_success_or_problem(caller, "PUT", f"/api/charging-locations/{place.public_id}", body)

    put()


def test_any_query_is_answered() -> None:
    caller = make_caller(make_parked_car().driver.client)
    keys = st.sampled_from(("after", "before", "pageSize", "userId", "x"))

    @many
    @given(query=st.dictionaries(keys, st.text(st.characters(codec="utf-8"), max_size=60)))
    def get(query: dict[str, str]) -> None:
        for path in ("/api/vehicles", "/api/charging-locations"):
            answer = caller.get(path, query)
            assert answer.status_code in {200, 400}
            if answer.status_code == 400:
                assert_is_problem(answer)

    get()
