from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0145_command_refusals'),
    ]

    operations = [
        migrations.AddField(
            model_name='reading',
            name='charging_observed_at',
            field=models.DateTimeField(help_text='Where it is older than the reading', null=True),
        ),
        migrations.AddField(
            model_name='vehicleview',
            name='charging_observed_at',
            field=models.DateTimeField(help_text='When it was seen whether the car charges', null=True),
        ),
    ]
