"""Connecting a car at an MQTT broker in the wizard, without JavaScript."""

from __future__ import annotations

import html
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from charging.adapters.vehicles import mqtt_broker
from charging.models import ConnectedCar, Connection, Driver, Vehicle
from charging.operations.clocks import wall_now
from tests.adapters.mqtt_layouts import EVCC
from tests.adapters.mqtt_server import PASSWORD, USER, FakeBroker, serve_broker
from tests.adapters.test_mqtt_discovery import TESLAMATE
from tests.connections import SECRET, make_connection
from tests.factories import make_driver
from tests.onboarding.walk import ANSWERS, URLS, begin, h1, page, send

URL = "/setup/car/mqtt/"
BROKER = {"user": USER, "password": PASSWORD}
CAR = {"name": "Our car", "make": "VOLVO", "capacity": "77", "kilowatts": "11"}
TOPICS = {
    "level": EVCC.topics.level,
    "plug": EVCC.topics.plug,
    "at_home": "yes",
    "start": EVCC.topics.start,
    "start_payload": "now",
    "stop": EVCC.topics.stop,
    "stop_payload": "off",
    "power_unit": "W",
}


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBroker]:
    monkeypatch.setattr(mqtt_broker, "QUIET", 0.1)
    with serve_broker() as broker:
        broker.now = wall_now().replace(microsecond=0)
        yield broker


def connect(client: Client, broker: FakeBroker) -> str:
    """Sends the first form; returns the address of the second."""
    answer = send(client, URL, address=broker.url, **BROKER)
    assert answer.status_code == 303, html.unescape(answer.content.decode())
    return str(answer.headers["Location"])


def like(url: str, topic: str) -> str:
    return f"{url}?{urlencode({'like': topic})}"


def test_the_way_leads_from_the_first_question_to_a_car_that_answers(
    client: Client, alice: Driver, broker: FakeBroker
) -> None:
    assert send(client, URLS["car"], car="mqtt").headers["Location"] == URL

    answer = send(client, connect(client, broker), **CAR | TOPICS)

    assert answer.headers["Location"] == URLS["minimum"]
    car = Vehicle.objects.get()
    assert (car.gateway, str(car), car.vendor) == ("mqtt", "Our car", "VOLVO")
    assert car.view.is_plugged_in is True
    assert ConnectedCar.objects.get().entities == TOPICS


def test_what_looks_like_a_car_is_filled_in_and_every_topic_is_suggested(
    client: Client, alice: Driver, broker: FakeBroker
) -> None:
    broker.changed = {"evcc/loadpoints/1/vehicleTitle": "The red one"}

    text = html.unescape(page(client, connect(client, broker)))

    assert "We have filled in what looks like a car, evcc: Garage" in text
    for topic in (EVCC.topics.level, EVCC.topics.plug, EVCC.topics.alive, EVCC.topics.start):
        assert f'value="{topic}"' in text
    assert '<option value="yes" selected' in text
    assert '<option value="evcc/status" label="online">' in text
    assert 'list="topics"' in text
    assert 'value="The red one"' in text


def test_another_one_or_none_may_be_filled_in_instead(client: Client, alice: Driver, broker: FakeBroker) -> None:
    broker.changed = dict(TESLAMATE)
    url = connect(client, broker)
    level = "teslamate/cars/2/battery_level"
    assert f'href="?{urlencode({"like": level})}"' in page(client, url)

    text = page(client, like(url, level))

    assert f'name="level" value="{level}"' in text
    assert "TeslaMate: Blue one tells how the car is, and nothing there starts and stops it" in text
    empty = page(client, like(url, "own"))
    assert f'name="level" value="{level}"' not in empty
    assert "Fill in TeslaMate: Blue one instead" in empty
    assert "Start with empty topics" not in empty


def test_a_car_that_nothing_starts_is_not_connected(client: Client, alice: Driver, broker: FakeBroker) -> None:
    answer = send(client, connect(client, broker), **CAR | TOPICS | {"start": "", "stop": ""})

    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert text.count("Enter the topics that start and stop charging: without them nothing can be planned") == 4
    assert not Vehicle.objects.exists()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Enter a name for the car"),
        ({"level": ""}, "Enter the topic that tells the battery level"),
        ({"plug": "a/#"}, "Enter one topic, without + and #. For JSON add what to take of it, like $.battery.level"),
        ({"charging": "a/#"}, "Enter one topic, without + and #. For JSON add what to take of it"),
        ({"at_home": "never"}, "Select a valid choice"),
    ],
    ids=str,
)
def test_each_answer_is_judged_and_no_car_is_made(
    client: Client, alice: Driver, broker: FakeBroker, values: dict[str, str], words: str
) -> None:
    answer = send(client, connect(client, broker), **CAR | TOPICS | values)

    assert answer.status_code == 422
    text = html.unescape(answer.content.decode())
    assert text.count(words) == 2
    assert ("<details open>" in text) is ("charging" in values)
    assert not Vehicle.objects.exists()


def test_nothing_is_stored_before_the_connection_was_tried(client: Client, alice: Driver, broker: FakeBroker) -> None:
    answer = send(client, URL, address=broker.url, user=USER, password="not this one")

    text = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert text.count("The broker did not accept this user with this password") == 2
    assert 'href="#id_user"' in text
    assert "not this one" not in text
    assert not Connection.objects.exists()


def test_what_is_wrong_with_the_address_stands_beside_it(client: Client, alice: Driver, broker: FakeBroker) -> None:
    broker.manner = "another protocol"

    text = html.unescape(send(client, URL, address=broker.url, **BROKER).content.decode())

    assert text.count("What answers at this address does not answer like an MQTT broker") == 2
    assert 'href="#id_address"' in text


def test_the_hint_says_what_the_operator_allows(client: Client, alice: Driver, settings: Settings) -> None:
    assert "Like mqtt://192.168.1.10" in page(client, URL)
    settings.READYBY_LOCAL_GATEWAYS = False

    assert "Where it is reached from the internet, like mqtts://" in page(client, URL)


def test_a_guest_keeps_the_account_first(client: Client) -> None:
    begin(client)

    assert "Keep this account first" in page(client, URL)


def test_a_connection_that_is_there_is_offered_again_and_only_to_its_driver(
    client: Client, alice: Driver, broker: FakeBroker
) -> None:
    url = connect(client, broker)
    mine = make_connection(driver=alice)
    others = make_connection(driver=make_driver(client=alice.client), kind="mqtt", token=SECRET)

    text = page(client, URL)

    assert f'href="{url}"' in text
    assert str(mine.public_id) not in text
    for public_id in (mine.public_id, others.public_id):
        assert client.get(f"{URL}{public_id}/").status_code == 404
    broker_id = Connection.objects.get(driver=alice, kind="mqtt").public_id
    assert client.get(f"/setup/car/home-assistant/{broker_id}/").status_code == 404
    assert str(broker_id) not in page(client, "/setup/car/home-assistant/")


def test_the_way_back_to_the_check_is_kept(client: Client, alice: Driver, broker: FakeBroker) -> None:
    broker.changed = dict(TESLAMATE)
    answer = send(client, f"{URLS['car']}?return=check", car="mqtt")
    assert answer.headers["Location"] == f"{URL}?return=check"
    answer = send(client, answer.headers["Location"], address=broker.url, **BROKER)
    assert "&amp;return=check" in page(client, answer.headers["Location"])

    answer = send(client, answer.headers["Location"], **CAR | TOPICS)

    assert answer.headers["Location"] == URLS["check"]


def test_another_answer_changes_the_car_and_keeps_it(client: Client, alice: Driver, broker: FakeBroker) -> None:
    url = connect(client, broker)
    send(client, url, **CAR | TOPICS)
    text = page(client, url)
    assert 'value="Our car"' in text
    assert f'value="{EVCC.topics.alive}"' not in text.split("<datalist")[0]

    send(client, url, **CAR | TOPICS | {"name": "The red one", "at_home": "", "position": "a/where"})

    assert str(Vehicle.objects.get()) == "The red one"
    assert ConnectedCar.objects.get().entities["position"] == "a/where"


def test_a_tracker_is_left_out_of_a_car_that_counts_as_at_home(
    client: Client, alice: Driver, broker: FakeBroker
) -> None:
    send(client, connect(client, broker), **CAR | TOPICS | {"position": "a/where", "longitude": "a/longitude"})

    assert not {"position", "longitude"} & ConnectedCar.objects.get().entities.keys()


def test_a_simulated_car_stays_beside_it(client: Client, alice: Driver, broker: FakeBroker) -> None:
    send(client, URLS["car"], **ANSWERS["car"])

    send(client, connect(client, broker), **CAR | TOPICS)

    assert sorted(Vehicle.objects.values_list("gateway", flat=True)) == ["mqtt", "simulator"]


def test_a_broker_that_fell_silent_is_told_and_asked_again(client: Client, alice: Driver, broker: FakeBroker) -> None:
    url = connect(client, broker)
    broker.refusal = 3

    assert h1(page(client, url)) == "The broker does not answer"
    assert Connection.objects.get().trouble == "OFFLINE"
    broker.refusal = 0
    assert h1(page(client, url)) == "Which topics are your car?"
    assert Connection.objects.get().trouble == ""


def test_a_broker_without_a_car_says_so(client: Client, alice: Driver, broker: FakeBroker) -> None:
    broker.changed = dict.fromkeys(broker.kept())

    assert "nothing that it keeps looks like a car" in page(client, connect(client, broker))


def test_the_password_is_in_no_page_and_not_in_the_session(client: Client, alice: Driver, broker: FakeBroker) -> None:
    url = connect(client, broker)

    assert PASSWORD not in page(client, url) + page(client, URL)
    assert PASSWORD not in str(dict(client.session))
    assert PASSWORD not in Connection.objects.get().encrypted_secret
