from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0165_received_deliveries'),
    ]

    operations = [
        migrations.AddField(
            model_name='heartbeat',
            name='clock_offset',
            field=models.DurationField(blank=True, help_text="The database's clock minus that of the host", null=True),
        ),
    ]
