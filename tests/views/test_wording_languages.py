"""UX-24 in six languages: what the card says in every state and for every reason, beside what it said before.

After a deliberate change: this file alone with `-n0`, and READYBY_WRITE_SNAPSHOTS=1 in the environment.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from charging.core.states import State
from config.languages import LANGUAGES
from tests.views.cars import text_of, url
from tests.views.test_wording import make_case, rows

SNAPSHOT = Path(__file__).with_name("wording_snapshot.json")
WRITES = os.environ.get("READYBY_WRITE_SNAPSHOTS") == "1"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


@cache
def said_before() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return found


def card(page: str) -> list[str]:
    """Headline and sentence, with plain blanks."""
    headline = page[page.index('<h1 id="headline">') : page.index("</h1>")].partition(">")[2]
    sentence = page[page.index('<p class="lead">') :].partition(">")[2].partition("</p>")[0]
    texts = (re.sub(r"<[^>]+>", "", unescape(text)) for text in (headline, sentence))
    return [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize(("state", "sub"), rows())
def test_ux_24_every_state_and_sub_reason_is_said_in_every_language(client: Browser, state: State, sub: str) -> None:
    vehicle = make_case(client, state, sub)
    said: dict[str, list[str]] = {}

    for language, _name in LANGUAGES:
        client.cookies["django_language"] = language
        page = text_of(client.get(url("car", vehicle)))
        said[language] = card(page)
        shown = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])
        assert "%(" not in shown
        assert "None" not in shown
        assert not [each for each in State if "_" in each.name and each.name in shown]

    assert all(len(sentence) > 10 for _headline, sentence in said.values())
    assert len({sentence for _headline, sentence in said.values()}) == len(LANGUAGES)
    if WRITES:
        write(f"{state.name}:{sub}", said)
    assert said == said_before().get(f"{state.name}:{sub}")


def write(key: str, said: dict[str, list[str]]) -> None:
    known: dict[str, Any] = json.loads(SNAPSHOT.read_text(encoding="utf-8")) if SNAPSHOT.exists() else {}
    text = json.dumps(known | {key: said}, ensure_ascii=False, indent=1, sort_keys=True)
    SNAPSHOT.write_text(f"{text}\n", encoding="utf-8")
    said_before.cache_clear()
