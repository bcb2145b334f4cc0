
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0081_find_by_parts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_cause_known',
        ),
        migrations.AddField(
            model_name='vehicle',
            name='cards_put_aside',
            field=models.JSONField(blank=True, default=list, help_text='Repair cards the driver put aside, each with its occasion, newest last'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='cause',
            field=models.CharField(choices=[('timer', 'timer'), ('window_end', 'window_end'), ('ceiling', 'ceiling'), ('limit_automation', 'limit_automation'), ('undone', 'undone'), ('foreign_start', 'foreign_start'), ('tug_of_war', 'tug_of_war'), ('charger_refuses', 'charger_refuses'), ('reported_schedule', 'reported_schedule'), ('second_account', 'second_account'), ('other_optimiser', 'other_optimiser'), ('charger_pauses', 'charger_pauses'), ('random_starts', 'random_starts')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['timer', 'window_end', 'ceiling', 'limit_automation', 'undone', 'foreign_start', 'tug_of_war', 'charger_refuses', 'reported_schedule', 'second_account', 'other_optimiser', 'charger_pauses', 'random_starts'])), name='finding_cause_known'),
        ),
    ]
