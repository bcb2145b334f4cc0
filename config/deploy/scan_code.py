"""What semgrep ($1) finds by the rules of this house: `make static`, in the environment of the scanners.

Every rule first has to find what is planted for it, in a tree that is made for that. Then the tree of the product may
hold nothing that any rule finds. Ends with 1 where a rule is blind or something was found.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
RULES = Path(__file__).with_name("semgrep.yml")
SCANNED = ("config", "onboarding", "charging")


def scan(semgrep: str, tree: Path, targets: Iterable[str]) -> dict[str, Any]:
    """Semgrep's answer about folders of a tree, asked offline. Raises CalledProcessError when it cannot answer."""
    program = [semgrep, "scan", "--config", str(RULES), "--metrics=off", "--disable-version-check", "--json", "--quiet"]
    done = subprocess.run([*program, *targets], cwd=tree, check=True, capture_output=True)  # noqa: S603 - its own tool
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def name_of(found: dict[str, Any]) -> str:
    """The rule without the folder that semgrep puts before it."""
    return str(found["check_id"]).rpartition(".")[2]


def blind_rules(semgrep: str) -> list[str]:
    """The rules that do not find what is planted for them."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"]
    planted = {rule["id"]: rule["metadata"]["planted"] for rule in rules}
    with tempfile.TemporaryDirectory(prefix="readyby-planted-") as folder:
        for rule, files in planted.items():
            for path, text in files.items():
                file = Path(folder, rule, path)
                file.parent.mkdir(parents=True)
                file.write_text(text, encoding="utf-8")
        results = scan(semgrep, Path(folder), sorted(planted))["results"]
    seeing = {name_of(found) for found in results if Path(found["path"]).parts[0] == name_of(found)}
    return sorted(set(planted) - seeing)


def described(found: dict[str, Any]) -> str:
    return f"{found['path']}:{found['start']['line']} {name_of(found)}: {found['extra']['message']}"


def main(semgrep: str) -> int:
    if blind := blind_rules(semgrep):
        sys.stderr.write(f"These rules do not find what is planted for them: {', '.join(blind)}\n")
        return 1
    answer = scan(semgrep, ROOT, SCANNED)
    wrong = [*map(described, answer["results"]), *(error["message"] for error in answer["errors"])]
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    scanned = len(answer["paths"]["scanned"])
    sys.stdout.write(f"{scanned} files scanned by the rules of this house, findings: {len(answer['results'])}.\n")
    return 1 if wrong or not scanned else 0


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).resolve())))
