"""The table of attacks names tests that exist, for every attack from A1 on."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

TABLE = tomllib.loads((ROOT / "tests" / "house" / "attacks.toml").read_text(encoding="utf-8"))


def test_every_attack_has_tests_or_says_why_not() -> None:
    assert list(TABLE) == [f"A{number}" for number in range(1, 18)]
    assert [name for name, attack in TABLE.items() if not attack.get("tests") and not attack.get("not_built")] == []


@pytest.mark.parametrize("named", [test for attack in TABLE.values() for test in attack.get("tests", ())])
def test_a_named_test_exists(named: str) -> None:
    path, function = named.split("::")

    assert re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE)
