"""A column of one table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("upgraded", "0001_tables")]
    operations = [migrations.AddField("car", "colour", models.TextField(null=True))]
