"""What else could control a car, asked from its settings: of one car, at once, and back."""

from __future__ import annotations

from django.test import Client

from tests.factories import make_account, make_driver, make_location, make_vehicle
from tests.onboarding.test_another_car import add_small_car, set_up_first_car, where
from tests.onboarding.walk import hidden_fields, page, send
from tests.views.cars import sign_in


def test_it_counts_at_once_for_the_car_of_the_row(client: Client) -> None:
    first = set_up_first_car(client)
    second = add_small_car(client)
    url = f"/setup/other-control/?return=settings&car={first.public_id}"
    assert url.replace("&", "&amp;") in page(client, "/settings/")

    answer = send(client, url, other_control="safety_net", safety_net_time="01:30", charger_brand="Zaptec")

    assert where(answer) == "/settings/"
    for car in (first, second):
        car.refresh_from_db()
    assert (first.other_control, f"{first.safety_net_time:%H:%M}", first.charger_brand) == (
        "safety_net",
        "01:30",
        "Zaptec",
    )
    assert (second.other_control, second.charger_brand) == ("", "")
    text = page(client, "/settings/")
    assert '<p class="inset">Saved.</p>' in text
    assert "<dt>Charger</dt><dd>Zaptec</dd>" in text


def test_the_page_stands_alone(client: Client) -> None:
    first = set_up_first_car(client)

    text = page(client, f"/setup/other-control/?return=settings&car={first.public_id}")

    assert "Step 3 of 6" not in text
    assert "when you check and turn on again" not in text
    assert '<a class="back" href="/settings/">' in text


def test_two_services_are_warned_of(client: Client) -> None:
    first = set_up_first_car(client)

    send(client, f"/setup/other-control/?return=settings&car={first.public_id}", other_control="another_service")

    assert "Two services work against each other" in page(client, "/settings/")


def test_two_tabs_disagree_as_in_the_wizard(client: Client) -> None:
    first = set_up_first_car(client)
    url = f"/setup/other-control/?return=settings&car={first.public_id}"
    early, late = (hidden_fields(page(client, url)) for _ in range(2))
    client.post(url, early | {"other_control": "unsure"})

    answer = client.post(url, late | {"other_control": "nothing", "charger_brand": "Zaptec"})

    assert "You changed this in another tab" in answer.content.decode()
    first.refresh_from_db()
    assert first.other_control == "unsure"


def test_a_car_that_an_app_has_added_can_be_asked_too(client: Client) -> None:
    car = make_vehicle(driver=make_driver(account=make_account()))
    make_location(driver=car.driver)
    sign_in(client, car)

    send(client, f"/setup/other-control/?return=settings&car={car.public_id}", other_control="nothing")

    car.refresh_from_db()
    assert car.other_control == "nothing"
