"""The pages before the questions, and what they are made of."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from charging.models import Vehicle
from charging.operations import guides
from onboarding.countries import covered_countries
from onboarding.example_night import example_night
from tests import factories
from tests.onboarding.walk import URLS, answer_until, begin, h1, page


def test_the_example_night_charges_in_recorded_prices_and_names_their_days(client: Client) -> None:
    night = example_night(now=factories.NOW)

    assert [day.isoformat() for day in night.recorded_on] == ["2025-12-09", "2025-12-10"]
    for url in ("/", "/setup/how/"):
        text = page(client, url)
        assert "sample prices from 9 and 10 December 2025" in text
        assert "Bundesnetzagentur | SMARD.de, CC BY 4.0" in text
        assert f"<time>{night.start}</time>" in text


@pytest.mark.parametrize("url", ["/", "/setup/start/"])
def test_visitors_are_offered_both_ways_in(client: Client, url: str) -> None:
    text = page(client, url)

    assert "Set up my car" in text
    assert "Try it with a simulated car" in text
    assert "I started already" in text
    assert h1(text)


@pytest.mark.parametrize("url", ["/", "/setup/start/"])
def test_the_simulated_car_is_the_filled_button_while_nothing_else_can_be_connected(client: Client, url: str) -> None:
    buttons = re.findall(r'<(?:a|button) class="(button[^"]*)"[^>]*>([^<]+)<', page(client, url))

    assert ("button", "Try it with a simulated car") in buttons
    assert ("button second", "Set up my car") in buttons


@pytest.mark.parametrize("url", ["/", "/setup/start/", "/setup/how/", "/help/"])
def test_a_page_answers_to_its_head_alone(client: Client, url: str) -> None:
    response = client.head(url)

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize("url", [*list(URLS.values())[:2], "/setup/ready/", "/accounts/login/"])
def test_a_page_with_a_form_answers_to_its_head_alone(client: Client, url: str) -> None:
    begin(client)

    response = client.head(url)

    assert response.status_code in {200, 302, 303}
    assert response.content == b""


def test_the_start_says_who_runs_the_server(client: Client, settings: Settings) -> None:
    assert "Whoever gave you this address" in page(client, "/setup/start/")

    settings.READYBY_OPERATOR_NAME, settings.READYBY_OPERATOR_CONTACT = "Fjord Energy <AS>", "help@fjord.example"

    text = page(client, "/setup/start/")
    assert "Fjord Energy &lt;AS&gt;." in text
    assert "Questions: help@fjord.example" in text
    assert "Whoever gave you" not in text


def test_ux_10_every_question_has_one_title_and_its_number(client: Client) -> None:
    begin(client)
    titles = []
    for number, (step, url) in enumerate(URLS.items(), start=1):
        text = page(client, url)
        titles.append(h1(text))
        assert f"<title>{h1(text)} - Step {number} of 6 - Readyby</title>" in text
        assert " required" not in re.sub(r"<p.*?</p>", "", text, flags=re.DOTALL)
        answer_until(client, list(URLS)[number]) if step != "check" else None

    assert len(set(titles)) == len(titles)


def test_the_steps_of_a_charger_come_as_a_fragment_and_without_a_script(client: Client) -> None:
    assert "Steps for Zaptec shown" in page(client, "/fragments/charger-steps/?charger_brand=Zaptec")
    begin(client)
    answer_until(client, "other_control")

    response = client.post(
        URLS["other_control"], {"show_steps": "1", "charger_brand": "Zaptec", "other_control": "unsure"}
    )

    text = page(client, response.headers["Location"])
    assert "Steps for Zaptec</h2>" in text
    assert re.search(r'value="unsure"[^>]*checked', text)


def test_the_common_services_stand_in_the_page_with_steps_and_source_and_need_no_script(client: Client) -> None:
    begin(client)
    answer_until(client, "other_control")

    text = page(client, URLS["other_control"])

    services = text[text.index("Services that may control your charging") : text.index("Have you switched off")]
    assert services.count("<details>") == len(guides.of_kind(guides.Kind.APP))
    assert "<summary>Tibber</summary>" in services
    assert "Switch its smart charging off." in services
    assert 'href="https://support.tibber.com/' in services
    assert services.count("with a stored copy of a page that it comes from. We have not tried it.") == len(
        [guide for guide in guides.of_kind(guides.Kind.APP) if guide.checked_on is not None]
    )


def test_the_page_has_the_steps_of_the_car_and_says_how_sure_they_are(client: Client) -> None:
    begin(client)
    answer_until(client, "other_control")
    Vehicle.objects.update(vendor="HYUNDAI", brand="Hyundai")

    text = page(client, URLS["other_control"])

    assert "<summary>Steps for Hyundai</summary>" in text
    assert "Not yet confirmed." in text
    assert "No page of its maker confirms this yet." in text


def test_a_car_whose_model_is_not_known_has_the_steps_of_every_model(client: Client) -> None:
    begin(client)
    answer_until(client, "other_control")
    Vehicle.objects.update(vendor="POLESTAR", brand="Polestar", model="")

    text = page(client, URLS["other_control"])

    assert "Steps for Polestar 2</summary>" in text
    assert "Steps for Polestar 3 and 4</summary>" in text


@pytest.mark.parametrize("brand", ["", "\0", "nobody", "x" * 10_000])
def test_an_unknown_charger_has_no_steps(client: Client, brand: str) -> None:
    response = client.get("/fragments/charger-steps/", {"charger_brand": brand})

    assert response.status_code == 200
    assert "<ol>" not in response.content.decode()


def test_countries_are_called_by_their_names() -> None:
    words = covered_countries()

    assert "Norway, Sweden" in words
    assert not re.search(r"\b[A-Z]{2}\b", words)


def test_the_three_things_to_understand_are_explained_before_the_page_that_asks(client: Client) -> None:
    begin(client)
    answer_until(client, "check")

    how, minimum, other = (page(client, url) for url in ("/setup/how/", "/setup/minimum/", "/setup/other-control/"))

    assert "It charges in the cheapest hours." in how
    assert "Ready-by always beats price." in how
    assert "Below the minimum your car charges at once and without a break, whatever the price." in minimum
    assert "Only one system may decide when your car charges." in other
