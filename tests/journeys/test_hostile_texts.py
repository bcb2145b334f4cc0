"""Thirty texts that try to become a script, in every field that somebody can write: shown as texts, and no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Dialog, Page
from pytest_django.live_server_helper import LiveServer

from charging.models import (
    AuditEvent,
    Client,
    Driver,
    Finding,
    LinkSession,
    Location,
    Vehicle,
    VehicleView,
    Webhook,
    WebhookDelivery,
)
from charging.models.audit import AuditKind
from charging.operations import audit
from charging.operations.clocks import wall_now
from tests import factories
from tests.admin.conftest import fill_history
from tests.admin.second_factor import sign_in_with_second_factor

RUN = "window.ran=1;alert(1)"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    f"` onfocus={RUN} autofocus ",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f'<object data="javascript:{RUN}"></object>',
    f'<a href="javascript:{RUN}">x</a>',
    f"javascript:{RUN}",
    f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">',
    f"<math><mtext></p><script>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</script>",
    "{{ constructor.constructor('" + RUN + "')() }}{% load x %}${" + RUN + "}",
)
WATCH = "window.ran = 0; document.addEventListener('securitypolicyviolation', () => { window.ran = 2; });"
"""A script that ran leaves 1; an attempt that only the policy has stopped leaves 2: it was not shown as a text."""


def make_hostile_car(account: User, number: int, text: str) -> Vehicle:
    """A car of the account's driver with the text in each field that a person, a client or a vendor can write."""
    driver = Driver.objects.filter(account=account).first() or factories.make_driver(account=account)
    vehicle = factories.make_parked_car(driver=driver) if number == 0 else factories.make_vehicle(driver=driver)
    if number == 0:
        fill_history(vehicle)
    else:
        factories.make_policy(vehicle=vehicle)
        factories.make_activity(vehicle=vehicle, code="turned_on", params={"place": text, "soc_percent": 38.0})
    Vehicle.objects.filter(pk=vehicle.pk).update(
        display_name=text,
        brand=text[:50],
        model=text[:50],
        vin=text[:17],
        vendor_asset_id=text,
        charger_brand=text[:50],
    )
    place = factories.make_location(driver=driver, name=text[:100])
    VehicleView.objects.filter(vehicle=vehicle).update(location=place)
    Client.objects.filter(pk=driver.client_id).update(name=text[:100])
    make_hostile_calls(driver, number, text)
    return vehicle


def make_hostile_calls(driver: Driver, number: int, text: str) -> None:
    """What an app and its receiver may say."""
    now = wall_now()
    webhook = Webhook.objects.create(
        client=driver.client, url=f"https://app.example/{text}", encrypted_secret="", events=[text],
        header_name=text[:50], encrypted_header_value="", created_at=now,
    )  # fmt: skip
    WebhookDelivery.objects.create(webhook=webhook, attempts=1, created_at=now, last_answer=text[:200])
    LinkSession.objects.create(
        driver=driver, token_checksum=f"{number}", redirect_uri=text[:200], language=text[:10], created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    audit.record(kind=AuditKind.OPERATOR_ACTED, now=now, reason=text)
    factories.make_driver(client=factories.make_client(name=text[:100]), external_id=f"{number}{text}"[:255])


def sign_in(page: Page, address: str, browser: Browser) -> None:
    """Takes the session of the test's own browser into the real one."""
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])


def pages_of(cars: list[Vehicle]) -> list[str]:
    """What a driver is shown: every page of the first cars, and those of all of them."""
    names = (
        "car",
        "car_ready_by",
        "car_days",
        "car_minimum",
        "car_name",
        "car_savings",
        "car_repairs",
        "car_pause",
        "car_charge_now",
    )
    of_cars = [reverse(name, args=[car.public_id]) for car in cars[:1] for name in names]
    of_places = [
        address
        for place in Location.objects.all()[:2]
        for address in (
            reverse("place_remove", args=[place.public_id]),
            reverse("place_tariff", args=[place.public_id]),
            f"/setup/places/{place.public_id}/",
        )
    ]
    return ["/dashboard/", "/settings/", "/places/", "/history/", "/prices/", "/health/", *of_cars, *of_places]


def screens_of(cars: list[Vehicle]) -> list[str]:
    """What an operator is shown: the lists, and a row of each."""
    rows: list[Any] = [
        *(cars[0], cars[0].driver, cars[0].driver.client, Location.objects.latest("pk"), Finding.objects.first()),
        *(Webhook.objects.latest("pk"), WebhookDelivery.objects.latest("pk"), LinkSession.objects.latest("pk")),
        AuditEvent.objects.latest("pk"),
    ]
    names = [(row._meta.model_name, row.pk) for row in rows if row is not None]
    lists = [reverse(f"admin:charging_{name}_changelist") for name, _key in names]
    return [*lists, *(reverse(f"admin:charging_{name}_change", args=[key]) for name, key in names)]


@pytest.mark.django_db(transaction=True)
def test_no_text_of_anybody_becomes_a_script(live_server: LiveServer, page: Page) -> None:
    account = factories.make_account()
    cars = [make_hostile_car(account, number, text) for number, text in enumerate(PAYLOADS)]
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.add_init_script(WATCH)
    ran: list[str] = []
    told = ""

    driver_browser, operator_browser = Browser(), Browser()
    driver_browser.force_login(account)
    operator = User.objects.create_superuser("operator", "operator@example.com", "a long password of theirs")
    sign_in_with_second_factor(operator_browser, operator)
    for browser, addresses in ((driver_browser, pages_of(cars)), (operator_browser, screens_of(cars))):
        sign_in(page, live_server.url, browser)
        for address in addresses:
            answer = page.goto(f"{live_server.url}{address}")
            assert answer is not None
            assert answer.status == 200, address
            told += page.content()
            if page.evaluate("window.ran"):
                ran.append(address)

    assert len(PAYLOADS) == 30
    assert told.count("window.ran=1") > 100
    assert (ran, dialogs) == ([], [])
