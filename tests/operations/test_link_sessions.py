"""Links into the wizard: where they may lead back to, and that each is used once."""

from __future__ import annotations

import pytest

from charging.models import LinkSession
from charging.operations import link_sessions
from tests.factories import NOW, make_driver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["https://app.example/done", "http://localhost:3000/", "myapp://done", "myapp:done"]
)
def test_an_app_or_a_page_can_be_gone_back_to(address: str) -> None:
    assert link_sessions.redirect_issues(address) == ()


@pytest.mark.parametrize(
    "address", ["http://[not an address", "https://", "javascript:alert(1)", "done", "myapp://a b", "x" * 2001, ""]
)
def test_nothing_else_can(address: str) -> None:
    assert [issue.code for issue in link_sessions.redirect_issues(address)] == ["REDIRECT_INVALID"]


def make_link(**driver: object) -> LinkSession:
    return link_sessions.create_link(
        driver=make_driver(**driver),
        redirect_uri="myapp://done",
        language="en",
        color_scheme="",
        at_wall=NOW,
    ).session


def test_a_link_is_used_once_and_makes_a_login_where_there_is_none() -> None:
    session = make_link(account=None)

    account = link_sessions.use_link(session=session, at_wall=NOW)

    assert account is not None
    assert not account.has_usable_password()
    session.driver.refresh_from_db()
    assert session.driver.account == account
    assert link_sessions.use_link(session=session, at_wall=NOW) is None


def test_a_user_with_a_login_keeps_it() -> None:
    session = make_link()

    assert link_sessions.use_link(session=session, at_wall=NOW) == session.driver.account
