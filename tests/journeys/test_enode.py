"""Linking a car by Enode's API in a real browser, where the other end is a Readyby too: away, through its pages, back.

Both are the same server by two names, so that neither sees the other's cookies.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from charging.models import Connection, Vehicle
from charging.operations.clients import add_credentials
from onboarding.enode_links import LinkState, signed
from onboarding.models import OnboardingDraft
from tests.factories import make_client
from tests.journeys.test_home_assistant import SIZES, signed_in
from tests.journeys.test_wizard import AXE_RULES
from tests.journeys.wizard_walk import CUT, Look, Person, let_time_pass

pytestmark = pytest.mark.usefixtures("evening_with_prices")

PICTURES = os.environ.get("READYBY_PICTURES", "")


@pytest.fixture
def peer_url(live_server: LiveServer, settings: Settings) -> str:
    """The address of the other end, which this installation asks."""
    url = live_server.url.replace("localhost", "127.0.0.1")
    assert url != live_server.url
    credentials = add_credentials(client=make_client())
    settings.READYBY_ENODE_URL, settings.READYBY_ENODE_TOKEN_URL = f"{url}/api", "/oauth2/token"
    settings.READYBY_ENODE_CLIENT_ID = credentials.client_id
    settings.READYBY_ENODE_CLIENT_SECRET = credentials.client_secret
    return url


def through_the_other_end(person: Person) -> None:
    """What a user of an app does on the pages of the server that the link leads to, up to the way back."""
    person.press("Continue")
    person.press("Continue", "link")
    person.press("Continue")
    person.press("Continue")
    person.select("Yes, nothing else controls charging")
    person.press("Continue")
    person.press("Continue")
    person.press("Use an example place")
    person.press("Continue")
    person.press("Turn on smart charging")
    let_time_pass()


def look_in_every_size(page: Page, name: str) -> list[object]:
    """What is wrong with a page in any of its sizes and colors; each is pictured where that is wished."""
    faults: list[object] = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for colors in ("light", "dark"):
            page.emulate_media(color_scheme=colors, reduced_motion="reduce")
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{name} {size} {colors}.png", full_page=True)
            violations = Axe().run(page, options=AXE_RULES).response["violations"]
            is_wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
            cut = page.evaluate(CUT)
            if violations or is_wide or cut:
                nodes = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
                faults.append((name, size, colors, nodes, is_wide, cut))
    return faults


def assert_it_is_theirs() -> None:
    """The car here is the one there, which is not smart charged there any more."""
    theirs, ours = Vehicle.objects.get(gateway="simulator"), Vehicle.objects.get(gateway="enode")
    assert (theirs.policy.is_enabled, ours.vendor_asset_id) == (False, str(theirs.public_id))
    assert ours.view.soc_percent == theirs.view.soc_percent


def look_at_the_connection(person: Person, look: Look) -> None:
    """How it is connected, well and badly, and the way back from a link that was cancelled."""
    ours, connection = Vehicle.objects.get(gateway="enode"), Connection.objects.get()
    person.open(f"/car/{ours.public_id}/connection/")
    look("5 connection")
    Connection.objects.update(trouble="SIGN_IN_NEEDED", trouble_since=connection.created_at)
    person.page.reload()
    look("6 sign in again")
    draft = OnboardingDraft.objects.get(vehicle=ours)
    state = signed(LinkState(draft.pk, connection.public_id, had_car=True, comes_from_check=False))
    person.open(f"/setup/car/enode/back/{state}/?error=cancelled")
    look("7 cancelled")


def test_a_car_is_linked_through_the_pages_of_the_other_end(
    browser: Browser, live_server: LiveServer, peer_url: str
) -> None:
    context = browser.new_context()
    page = signed_in(context, live_server)
    person = Person(page, live_server.url)
    faults: list[object] = []

    def look(name: str) -> None:
        faults.extend(look_in_every_size(page, name))

    person.open("/setup/car/")
    look("1 ways")
    person.select("Connect my car by its maker’s account")
    person.press("Continue")
    look("2 start")
    person.press("Connect with Enode")
    assert page.url.startswith(f"{peer_url}/link/")
    through_the_other_end(person)
    person.press("Back to the app", "link")
    assert page.url.startswith(f"{live_server.url}/setup/car/enode/")
    look("3 smart charging there")
    person.press("Switch it off there and go on")
    look("4 details")
    person.press("Connect this car")
    assert page.url.endswith("/setup/minimum/")

    assert_it_is_theirs()
    look_at_the_connection(person, look)
    context.close()

    assert faults == []
