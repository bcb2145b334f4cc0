"""The scan for advisories passes only when the scanner knew what it was asked."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import ROOT

SCRIPT = ROOT / "config" / "deploy" / "scan_advisories.sh"
# Answers as pip-audit writes them: the first argument that tells a planted package from locked ones is how it is asked.
SCANNER = """#!/bin/sh
case "$*" in
*--require-hashes*) cat "$0.locked"; exit $(cat "$0.locked.code") ;;
*) cat "$0.planted"; exit $(cat "$0.planted.code") ;;
esac
"""
KNOWN = '{"dependencies": [{"name": "setuptools", "version": "65.5.0", "vulns": [{"id": "PYSEC-2022-43012"}]}]}'
CLEAN = '{"dependencies": [{"name": "django", "version": "5.2.1", "vulns": []}]}'
HIT = '{"dependencies": [{"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-2026-1"}]}]}'
SKIPPED = '{"dependencies": [{"name": "django", "skip_reason": "not found"}]}'


def scan(folder: Path, *, planted: tuple[str, int], locked: tuple[str, int]) -> subprocess.CompletedProcess[str]:
    scanner = folder / "pip-audit"
    scanner.write_text(SCANNER)
    scanner.chmod(0o755)
    for name, (answer, code) in {"planted": planted, "locked": locked}.items():
        (folder / f"pip-audit.{name}").write_text(answer)
        (folder / f"pip-audit.{name}.code").write_text(str(code))
    lock = folder / "requirements.txt"
    lock.write_text("django==5.2.1 \\\n    --hash=sha256:00\n")
    return subprocess.run(
        [SCRIPT, scanner, lock], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )


def test_nothing_known_passes_and_says_how_many_were_looked_up(tmp_path: Path) -> None:
    done = scan(tmp_path, planted=(KNOWN, 1), locked=(CLEAN, 0))

    assert (done.returncode, done.stdout) == (0, "1 of 1 locked packages looked up: no known advisory.\n")


@pytest.mark.parametrize(
    ("planted", "locked", "why"),
    [
        pytest.param((CLEAN, 0), (CLEAN, 0), "has no advisories", id="the planted one is not found"),
        pytest.param(("", 1), (CLEAN, 0), "failed before", id="the scanner breaks"),
        pytest.param((KNOWN, 1), (HIT, 1), "has a known advisory", id="a locked one has an advisory"),
        pytest.param((KNOWN, 1), (SKIPPED, 0), "saw none of 1", id="everything was skipped"),
    ],
)
def test_everything_else_fails(tmp_path: Path, planted: tuple[str, int], locked: tuple[str, int], why: str) -> None:
    done = scan(tmp_path, planted=planted, locked=locked)

    assert done.returncode != 0
    assert why in done.stderr
