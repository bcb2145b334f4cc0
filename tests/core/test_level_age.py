"""When the level was seen that the view of a car has."""

from charging.core.car_view import fold
from tests.core.test_car_view import MINUTE, NOW, make_history, make_reading


def test_a_level_is_as_old_as_what_told_it() -> None:
    car = make_history(
        make_reading(0, soc_percent=40.0),
        make_reading(10, soc_percent=41.0, observed_each={"soc_percent": NOW + 5 * MINUTE}),
    )

    assert car.soc_observed_at == NOW + 5 * MINUTE
    assert fold(car, make_reading(20)).soc_observed_at == NOW + 5 * MINUTE
    assert fold(car, make_reading(20, soc_percent=42.0)).soc_observed_at == NOW + 20 * MINUTE
