from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("charging", "0150_charging_age"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="receiveddelivery",
            options={"verbose_name_plural": "received deliveries"},
        ),
    ]
