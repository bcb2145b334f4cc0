"""How the database is connected to, and how long it is waited for."""

from __future__ import annotations

from typing import Any

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}
# A database that has fallen silent is away, which whoever can go on without it has to notice: in seconds, but for the
# last, which is in milliseconds.
POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


def with_waits(parsed: dict[str, Any]) -> dict[str, Any]:
    """Returns the settings of a database with what its kind needs; on PostgreSQL the address may say otherwise."""
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | {"OPTIONS": SQLITE}
    return parsed | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL | parsed.get("OPTIONS", {}),
    }
