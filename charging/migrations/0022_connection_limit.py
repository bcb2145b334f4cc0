from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0021_idempotent_calls'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='connection_limit',
            field=models.PositiveIntegerField(blank=True, help_text='From so many connected cars on no link is made; empty: any number', null=True),
        ),
    ]
