from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0070_told_places'),
    ]

    operations = [
        migrations.AlterField(
            model_name='vehicle',
            name='gateway',
            field=models.CharField(choices=[('simulator', 'simulator'), ('push', 'pushed by an app'), ('home_assistant', 'Home Assistant'), ('mqtt', 'MQTT')], default='simulator', max_length=30),
        ),
        migrations.AlterField(
            model_name='connection',
            name='kind',
            field=models.CharField(choices=[('home_assistant', 'Home Assistant'), ('mqtt', 'MQTT')], max_length=30),
        ),
        migrations.RemoveConstraint(
            model_name='connection',
            name='connection_kind_known',
        ),
        migrations.AddConstraint(
            model_name='connection',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['home_assistant', 'mqtt'])), name='connection_kind_known'),
        ),
        migrations.AddField(
            model_name='connectedcar',
            name='seen',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
