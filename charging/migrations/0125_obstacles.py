
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0115_connection_kinds'),
    ]

    operations = [
        migrations.AddField(
            model_name='connectedcar',
            name='control_looked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='connectedcar',
            name='obstacle',
            field=models.CharField(blank=True, choices=[('CONTROL_GONE', 'CONTROL_GONE'), ('READING_GONE', 'READING_GONE'), ('SCOPE_WITHDRAWN', 'SCOPE_WITHDRAWN'), ('BLOCKED', 'BLOCKED'), ('NOT_POSSIBLE', 'NOT_POSSIBLE')], db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='connectedcar',
            name='obstacle_names',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='connectedcar',
            name='obstacle_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='connectedcar',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('obstacle', ''), ('obstacle_since__isnull', True)), models.Q(('control_looked_at__isnull', False), ('obstacle__in', ['CONTROL_GONE', 'READING_GONE', 'SCOPE_WITHDRAWN', 'BLOCKED', 'NOT_POSSIBLE']), ('obstacle_since__isnull', False)), _connector='OR'), name='obstacle_has_an_instant'),
        ),
    ]
