import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
STYLESHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
ERROR_PAGES = ["400.html", "403.html", "404.html", "429.html", "500.html", "503.html", "csrf_failure.html"]


class ReadyByForm(forms.Form):
    ready_by = forms.CharField(label="Ready by", help_text="Use 24-hour time", error_messages={"required": "Enter it"})
    pick = forms.ChoiceField(
        label="Or pick one",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pick one"},
    )


def render(name: str, **context: Any) -> str:
    return render_to_string(f"components/{name}.html", context, RequestFactory().get("/here/"))


def test_a_field_shows_label_hint_error_and_control_in_this_order() -> None:
    html = render("field", field=ReadyByForm({})["ready_by"], control_class="input time")

    parts = ["<label for=", 'id="id_ready_by_helptext"', 'id="id_ready_by_error"', '<input type="text"']
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    assert 'aria-describedby="id_ready_by_helptext id_ready_by_error"' in html
    assert 'class="input time"' in html


def test_a_page_that_asks_one_thing_has_the_label_as_its_heading() -> None:
    html = render("field", field=ReadyByForm()["ready_by"], is_question=True)

    assert '<h1><label for="id_ready_by">Ready by</label></h1>' in html


def test_ux_11_the_summary_says_the_words_at_the_fields_and_leads_to_them() -> None:
    html = render("error_summary", form=ReadyByForm({}))

    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', html) == [("id_ready_by", "Enter it"), ("id_pick_0", "Pick one")]
    assert 'id="id_pick_0"' in render("radios", field=ReadyByForm({})["pick"])


def test_the_summary_takes_the_focus() -> None:
    assert re.search(
        r'<div class="summary" [^>]*tabindex="-1" autofocus', render("error_summary", form=ReadyByForm({}))
    )


def test_there_is_no_summary_without_errors() -> None:
    assert render("error_summary", form=ReadyByForm()).strip() == ""


def test_radios_show_the_hint_of_each_answer() -> None:
    html = render("radios", field=ReadyByForm()["pick"], hints={"b": "The second"})

    assert html.count('<span class="hint">') == 1
    assert '<b>B</b><span class="hint">The second</span>' in html


def test_progress_has_one_taller_bar_for_the_step_of_now() -> None:
    html = render("progress", step=4)

    assert "Step 4 of 6" in html
    assert html.count('class="done"') == 3
    assert html.count('class="now"') == 1
    assert html.count("<rect") == 6


def test_a_button_that_cannot_be_used_stays_focusable_and_says_why() -> None:
    html = render("actions", actions=[{"label": "Charge now", "url": "/x/", "why_not": "Plug in first"}])

    assert 'aria-disabled="true" aria-describedby="why-not-1">Charge now</button>' in html
    assert '<p class="small soft" id="why-not-1">Plug in first</p>' in html
    assert "<form" not in html


def test_an_action_posts_with_its_token_and_hidden_fields() -> None:
    html = render("actions", actions=[{"label": "Pause", "url": "/pause/", "fields": {"until": "plug-in"}}])

    assert '<form method="post" action="/pause/">' in html
    assert "csrfmiddlewaretoken" in html
    assert '<input type="hidden" name="until" value="plug-in">' in html


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_ux_40_an_error_page_stands_without_a_request_or_context(name: str) -> None:
    html = render_to_string(name)

    assert html.count("<h1>") == 1
    assert 'href="#main"' in html


def test_a_rejected_form_comes_back_with_its_values() -> None:
    context = {"fields": [("ready_by", "07:00")], "action": "/setup/ready-by/"}

    html = render_to_string("csrf_failure.html", context, RequestFactory().get("/"))

    assert '<input type="hidden" name="ready_by" value="07:00">' in html
    assert 'action="/setup/ready-by/"' in html


def test_the_theme_of_a_visitor_is_written_by_the_server() -> None:
    assert 'data-theme="dark"' in render_to_string("404.html", {"theme": "dark"})
    assert "data-theme" not in render_to_string("404.html", {"theme": "auto"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_styles_scripts_or_handlers(path: Path) -> None:
    source = path.read_text()

    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style(?![^>]*\bnonce=)|<script(?![^>]*\bsrc=)", source) == []


def test_the_stylesheets_stay_small() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in STYLESHEETS}

    # Every page loads the same sheets and one of these; that of the savings two of the small ones.
    own = [sizes.pop(f"{name}.css") for name in ("home", "setup", "dashboard", "history", "tariff")]
    assert sum(sizes.values()) < 7 * 1024
    assert sum(sizes.values()) + max(own) < 8.25 * 1024


def test_every_color_of_the_stylesheets_is_a_token() -> None:
    sources = [path.read_text() for path in STYLESHEETS if path.name != "tokens.css"]

    colors = [color for source in sources for color in re.findall(r"#[0-9a-f]{3,8}\b", source)]
    assert set(colors) <= {"#fff", "#000"}


def test_ux_37_the_stylesheets_know_no_left_and_right() -> None:
    sided = re.compile(
        r"(?<![-\w])(?:left|right)\s*:|-(?:left|right)(?:-\w+)?\s*:|(?:text-align|float|clear):\s*(?:left|right)"
    )

    assert {path.name: sided.findall(path.read_text()) for path in STYLESHEETS if sided.search(path.read_text())} == {}
    assert sided.search("margin-left: 1px")
    assert sided.search("a { left: 0 }")
    assert sided.search("text-align: right")
