"""The simulator's own record: what reached which car, written by the database whenever the memory of a car changes.

It outlives what a car remembers, and nobody of Readyby writes it: a command that a car took twice stands there twice.
"""

from __future__ import annotations

from django.db import connection

from charging.models import ChargeAction, Command

MAKE = """
CREATE TABLE IF NOT EXISTS faults_record (
    id bigserial PRIMARY KEY, vehicle_id bigint NOT NULL, command_id text NOT NULL,
    kind text, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE OR REPLACE FUNCTION faults_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO faults_record (vehicle_id, command_id, kind)
    SELECT NEW.vehicle_id, now_seen.id, NEW.memory -> 'pending' ->> 'kind'
    FROM jsonb_array_elements_text(NEW.memory -> 'seen_command_ids') AS now_seen (id)
    WHERE NOT (OLD.memory -> 'seen_command_ids' ? now_seen.id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER faults_note AFTER UPDATE OF memory ON charging_simulatedcar
    FOR EACH ROW EXECUTE FUNCTION faults_note();
"""


def begin() -> None:
    """From now on everything that reaches a car is written down."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE)


def taken() -> list[tuple[int, str]]:
    """Which car took which command, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vehicle_id, command_id FROM faults_record ORDER BY id")
        return list(cursor.fetchall())


def doubled() -> int:
    """How many commands a car took more than once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM faults_record GROUP BY vehicle_id, command_id HAVING count(*) > 1) x"
        )
        return int(cursor.fetchone()[0])


def unknown() -> int:
    """I15: how many commands reached a car without a row that was committed."""
    rows = {str(pk) for pk in Command.objects.values_list("public_id", flat=True)}
    rows |= {str(pk) for pk in ChargeAction.objects.values_list("public_id", flat=True)}
    return len({command_id for _, command_id in taken()} - rows)
