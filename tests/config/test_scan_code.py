"""The scan of the code passes only when every rule found what was planted for it and nothing of ours."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.house.sources import ROOT

SCRIPT = ROOT / "config" / "deploy" / "scan_code.py"
RULES = [rule["id"] for rule in yaml.safe_load((ROOT / "config" / "deploy" / "semgrep.yml").read_text())["rules"]]
# Answers as semgrep writes them: it is asked about the planted tree first, where each folder is called like its rule.
SCANNER = """#!{python}
import json, pathlib, sys
told = json.loads(pathlib.Path(sys.argv[0] + ".json").read_text())
is_planted = pathlib.Path.cwd().name.startswith("readyby-planted-")
rules = [name for name in sys.argv[1:] if pathlib.Path(name).is_dir()] if is_planted else told["ours"]
found = [
    dict(check_id="folder." + rule, path=rule + "/a.py", start=dict(line=7), extra=dict(message="Not here."))
    for rule in rules if not (is_planted and rule in told["blind"])
]
print(json.dumps(dict(results=found, errors=told["errors"], paths=dict(scanned=["a.py"] * told["scanned"]))))
"""


def scan(
    folder: Path,
    *,
    blind: tuple[str, ...] = (),
    ours: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
    scanned: int = 9,
) -> subprocess.CompletedProcess[str]:
    scanner = folder / "semgrep"
    scanner.write_text(SCANNER.format(python=sys.executable))
    scanner.chmod(0o755)
    told = {"blind": blind, "ours": ours, "errors": [{"message": text} for text in errors], "scanned": scanned}
    (folder / "semgrep.json").write_text(json.dumps(told))
    return subprocess.run([sys.executable, SCRIPT, scanner], capture_output=True, text=True, check=False)


def test_rules_that_see_and_find_nothing_of_ours_pass(tmp_path: Path) -> None:
    done = scan(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "9 files scanned by the rules of this house, findings: 0.\n"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_does_not_find_what_is_planted_fails(tmp_path: Path, rule: str) -> None:
    done = scan(tmp_path, blind=(rule,))

    assert done.returncode == 1
    assert done.stderr == f"These rules do not find what is planted for them: {rule}\n"


def test_what_is_found_of_ours_fails_and_is_named(tmp_path: Path) -> None:
    done = scan(tmp_path, ours=(RULES[0],))

    assert done.returncode == 1
    assert done.stderr == f"{RULES[0]}/a.py:7 {RULES[0]}: Not here.\n"


def test_a_scanner_that_could_not_read_a_file_fails(tmp_path: Path) -> None:
    done = scan(tmp_path, errors=("Syntax error in a.py",))

    assert done.returncode == 1
    assert "Syntax error in a.py" in done.stderr


def test_a_scanner_that_saw_no_file_fails(tmp_path: Path) -> None:
    assert scan(tmp_path, scanned=0).returncode == 1
