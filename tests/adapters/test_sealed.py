"""Texts that are stored encrypted: whose they are counts, and a key may be changed."""

import pytest
from pytest_django import Settings

from charging.adapters.sealed import reseal, seal, seal_for, unseal, unseal_for

OLD, NEW = "the key of last year, long enough to be one", "the key of this year, long enough to be one"


def test_what_is_sealed_for_somebody_opens_for_them() -> None:
    assert unseal_for("alice", seal_for("alice", "a token")) == "a token"


def test_the_sealed_text_tells_nothing() -> None:
    sealed = seal_for("alice", "a token")

    assert "token" not in sealed
    assert "alice" not in sealed


@pytest.mark.parametrize(
    "moved", [seal_for("alice", "a token"), seal("[]"), seal("{}")], ids=["somebody else's", "a list", "no list"]
)
def test_what_was_sealed_for_somebody_else_is_refused(moved: str) -> None:
    with pytest.raises(ValueError, match="somebody else"):
        unseal_for("bob", moved)


def test_a_text_under_a_former_key_opens_and_is_sealed_anew(settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    sealed = seal_for("alice", "a token")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

    anew = reseal(sealed)

    settings.SECRET_KEY_FALLBACKS = []
    assert unseal_for("alice", anew) == "a token"
    with pytest.raises(ValueError, match="None of the secret keys"):
        unseal_for("alice", sealed)
    with pytest.raises(ValueError, match="None of the secret keys"):
        reseal(sealed)


def test_nothing_stays_nothing() -> None:
    assert (seal(""), unseal(""), reseal("")) == ("", "", "")
