"""Parts of names are found by trigrams, where PostgreSQL has them: among many cars a search need not read them all.

SQLite, and a PostgreSQL without the extension pg_trgm, or whose owner may not add it, search as before. The conditions
are those of Django's `icontains`: UPPER of the column as text.
"""

from django.db import DatabaseError, migrations, transaction

INDEXES = {
    "find_vehicles_by_parts": ("charging_vehicle", ("display_name", "vin", "vendor_asset_id")),
    "find_drivers_by_parts": ("charging_driver", ("external_id",)),
    "find_locations_by_parts": ("charging_location", ("name",)),
    "find_accounts_by_parts": ("auth_user", ("email",)),
}


def has_trigrams(connection):
    """Adds the extension where it can be had; returns whether it is there."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return False
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True


def add(apps, schema_editor):
    if not has_trigrams(schema_editor.connection):
        return
    for name, (table, columns) in INDEXES.items():
        parts = ", ".join(f'UPPER("{column}"::text) gin_trgm_ops' for column in columns)
        schema_editor.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" USING gin ({parts})', None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f'DROP INDEX IF EXISTS "{name}"', None)


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("charging", "0080_operators"),
    ]

    operations = [migrations.RunPython(add, remove)]
