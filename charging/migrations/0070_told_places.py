from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("charging", "0060_exchange_rates"),
    ]

    operations = [
        migrations.AddField(
            model_name="vehicleview",
            name="place_told_at",
            field=models.DateTimeField(help_text="The driver said where the car is plugged in", null=True),
        ),
    ]
