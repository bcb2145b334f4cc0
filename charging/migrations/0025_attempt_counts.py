from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0024_failing_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='AttemptCount',
            fields=[
                ('checksum', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('ends_at', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
