"""What is measured of the wizard: happenings and codes, never what was typed or who did it."""

from __future__ import annotations

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from charging.models import Policy, WizardEvent
from charging.models.wizard_events import DeviceClass
from onboarding.measuring import device_of
from onboarding.models import OnboardingDraft
from tests.onboarding.walk import ANSWERS, URLS, answer_until, begin, page, send

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
GALAXY_TAB = "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
IPAD = "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        pytest.param(PHONE, DeviceClass.PHONE, id="iPhone"),
        pytest.param(ANDROID, DeviceClass.PHONE, id="Android phone"),
        pytest.param(GALAXY_TAB, DeviceClass.TABLET, id="Android tablet"),
        pytest.param(IPAD, DeviceClass.TABLET, id="iPad"),
        pytest.param(DESK, DeviceClass.COMPUTER, id="desk"),
        pytest.param("", DeviceClass.COMPUTER, id="nothing said"),
    ],
)
def test_the_browser_says_what_it_runs_on(user_agent: str, device: DeviceClass) -> None:
    assert device_of(user_agent) == device


def happened() -> list[tuple[str, str, str, str]]:
    return list(WizardEvent.objects.order_by("pk").values_list("step", "happened", "field", "code"))


def test_each_step_of_the_way_is_entered_and_done(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    page(client, URLS["places"])
    send(client, URLS["places"], another="no")
    send(client, URLS["check"])

    assert Policy.objects.filter(is_enabled=True).exists()
    rows = [(step, what) for step, what, _field, _code in happened()]
    for step in (*ANSWERS, "check"):
        assert (step, "entered") in rows
        assert (step, "done") in rows
    assert set(WizardEvent.objects.values_list("draft_number", flat=True)) == {OnboardingDraft.objects.get().pk}


def test_a_refusal_tells_field_and_code_and_not_what_was_typed(client: Client) -> None:
    begin(client)
    send(client, URLS["car"], **ANSWERS["car"] | {"soc": "4711", "limit": ""})

    refused = [row for row in happened() if row[1] == "refused"]
    assert [row[2] for row in refused] == ["soc", "limit"]
    assert all(code for *_others, code in refused)
    everything = json.dumps(list(WizardEvent.objects.values()), cls=DjangoJSONEncoder)
    assert "4711" not in everything
    assert "done" not in everything


def test_what_is_refused_at_the_end_is_told_too(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    draft = OnboardingDraft.objects.get()
    draft.answers["minimum"]["value"]["percent"] = 95
    draft.save()
    send(client, URLS["check"])

    [row] = [row for row in happened() if row[1] == "refused"]
    assert row[0] == "check"
    assert row[3]


@pytest.mark.parametrize(("scripts", "known"), [("yes", True), ("no", False)])
def test_a_form_that_was_sent_tells_whether_scripts_ran(client: Client, scripts: str, known: bool) -> None:
    begin(client)
    client.post("/language/", {"language": "nb"})
    send(client, URLS["car"], **ANSWERS["car"], scripts=scripts)

    entered, done = WizardEvent.objects.order_by("pk")
    assert (entered.has_scripts, done.has_scripts) == (None, known)
    assert (entered.language, done.language, done.device) == ("nb", "nb", "computer")
    assert done.seconds is not None


def test_one_question_out_of_the_settings_is_no_setup(client: Client) -> None:
    begin(client)
    answer_until(client, "check")
    WizardEvent.objects.all().delete()

    page(client, f"{URLS['other_control']}?return=settings")

    assert not happened()
