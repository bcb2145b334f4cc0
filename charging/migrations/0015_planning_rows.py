import django.db.models.deletion
from django.db import migrations, models

ROOM_TO_WRITE = {
    "charging_planningrow": 50,
    "charging_plan": 70,
    "charging_vehicle": 70,
    "charging_due": 70,
}
"""Share of a page that PostgreSQL fills at first: what is left lets a row change without touching its indexes."""


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, percent in ROOM_TO_WRITE.items():
            schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")


def fill_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in ROOM_TO_WRITE:
            schema_editor.execute(f"ALTER TABLE {table} RESET (fillfactor)")


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0014_test_charges'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanningRow',
            fields=[
                ('vehicle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='planning_row', serialize=False, to='charging.vehicle')),
                ('plan_id', models.BigIntegerField()),
                ('location_id', models.BigIntegerField()),
                ('area_code', models.CharField(max_length=10)),
                ('terms_key', models.CharField(blank=True, default='', max_length=64)),
                ('version', models.PositiveIntegerField(default=0)),
                ('minimum_percent', models.FloatField()),
                ('created_us', models.BigIntegerField()),
                ('deadline_us', models.BigIntegerField()),
                ('observed_us', models.BigIntegerField()),
                ('is_charging', models.BooleanField()),
                ('energy_kwh', models.FloatField()),
                ('power_kw', models.FloatField()),
                ('duration_us', models.BigIntegerField()),
                ('reserve_us', models.BigIntegerField()),
                ('max_windows', models.PositiveSmallIntegerField()),
                ('min_window_us', models.BigIntegerField()),
                ('prices_hash', models.CharField(max_length=64)),
                ('windows', models.TextField(help_text='JSON: start, end, energy in kWh, cost, is it an estimate, is it forced')),
            ],
            options={
                'indexes': [models.Index(fields=['area_code', 'vehicle'], name='planning_rows_by_area')],
            },
        ),
        migrations.RunPython(leave_room, fill_up),
    ]
