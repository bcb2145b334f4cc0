"""What was missed so far by real cars is counted once, so that no figure falls."""

from django.db import migrations, models


def count_so_far(apps, schema_editor):
    plans = apps.get_model("charging", "Plan").objects.exclude(failure_condition="").filter(ended_at__isnull=False)
    missed = plans.exclude(vehicle__gateway="simulator").values_list("failure_condition", "ended_at")
    counted = apps.get_model("charging", "MissedDeadline")
    counted.objects.bulk_create((counted(reason=reason, at=at) for reason, at in missed.iterator()), batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("charging", "0170_clock_offset"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedDeadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["reason"], name="missed_deadlines_by_reason")],
            },
        ),
        migrations.RunPython(count_so_far, migrations.RunPython.noop),
    ]
