"""Two tables in one transaction; what is in `between` is called when the first is locked."""

from collections.abc import Callable

from django.db import migrations, models

between: list[Callable[[], None]] = []


def call(_apps: object, _schema_editor: object) -> None:
    for one in between:
        one()


class Migration(migrations.Migration):
    dependencies = [("upgraded", "0003_an_index")]
    operations = [
        migrations.AddField("car", "seats", models.IntegerField(null=True)),
        migrations.RunPython(call, migrations.RunPython.noop),
        migrations.AddField("place", "height", models.IntegerField(null=True)),
    ]
