"""An index that is added while others write."""

from django.db import migrations, models

from charging.models.index_while_running import AddIndexWhileRunning


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("upgraded", "0002_one_table")]
    operations = [
        AddIndexWhileRunning("place", models.Index(fields=["name"], name="upgraded_places")),
        AddIndexWhileRunning("car", models.Index(fields=["name"], name="upgraded_cars")),
    ]
