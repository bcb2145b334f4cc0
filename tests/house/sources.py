"""The project's own source files, as git would see them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "onboarding", "charging", "tests")


def python_files() -> list[Path]:
    """Every Python file that people write: migrations are made by Django."""
    files = [ROOT / "manage.py"]
    for package in PACKAGES:
        files += [path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return sorted(files)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
