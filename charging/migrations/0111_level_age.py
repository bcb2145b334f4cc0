from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0110_mqtt'),
    ]

    operations = [
        migrations.AddField(
            model_name='reading',
            name='soc_observed_at',
            field=models.DateTimeField(help_text='Where it is older than the reading', null=True),
        ),
        migrations.AddField(
            model_name='vehicleview',
            name='soc_observed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
