"""What operators do more: verdicts on findings, looking at a driver's pages, and what is measured of the wizard."""

from importlib import import_module

from django.db import migrations, models


AUDIT = import_module("charging.migrations.0031_audit_events")


def keep_again(apps, schema_editor):
    """On SQLite the table of the audit was made anew, without its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        AUDIT.keep_every_row(apps, schema_editor)


def let_go(apps, schema_editor):
    """Before it is made anew, forwards and backwards."""
    if schema_editor.connection.vendor == "sqlite":
        AUDIT.let_go(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0070_told_places'),
    ]

    operations = [
        migrations.RunPython(let_go, keep_again),
        migrations.CreateModel(
            name='WizardEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('draft_number', models.BigIntegerField(db_index=True)),
                ('step', models.CharField(max_length=20)),
                ('happened', models.CharField(choices=[('entered', 'entered'), ('refused', 'refused'), ('done', 'done')], max_length=10)),
                ('field', models.CharField(blank=True, default='', max_length=40)),
                ('code', models.CharField(blank=True, default='', max_length=40)),
                ('seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('device', models.CharField(choices=[('phone', 'phone'), ('tablet', 'tablet'), ('computer', 'computer')], max_length=10)),
                ('has_scripts', models.BooleanField(blank=True, null=True)),
                ('language', models.CharField(max_length=10)),
                ('is_resumed', models.BooleanField(default=False)),
            ],
        ),
        migrations.AlterModelOptions(
            name='driver',
            options={'permissions': [('see_as_driver', "Can look at a driver's pages as they see them")]},
        ),
        migrations.RemoveConstraint(
            model_name='auditevent',
            name='audit_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_answer_known',
        ),
        migrations.AddField(
            model_name='finding',
            name='acknowledged_at',
            field=models.DateTimeField(blank=True, help_text='An operator looks after it', null=True),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='kind',
            field=models.CharField(choices=[('SIGNED_IN', 'signed in'), ('SIGN_IN_FAILED', 'sign-in failed'), ('LOCKED', 'locked after wrong passwords'), ('FACTOR_ADDED', 'second step added'), ('FACTOR_REMOVED', 'second step removed'), ('PASSWORD_CHANGED', 'password changed'), ('TOKEN_ISSUED', 'API token issued'), ('TOKEN_REFUSED', 'API token refused'), ('SECRET_MADE', 'client secret made'), ('SECRET_REVOKED', 'client secret revoked'), ('DRIVER_EXPORTED', "driver's data exported"), ('DRIVER_ERASED', 'driver erased'), ('OPERATOR_ACTED', 'operator acted for a driver or client'), ('POLICY_CHANGED', 'policy changed by an operator'), ('FINDING_JUDGED', 'finding acknowledged, or called a false alarm'), ('DRIVER_WRITTEN_TO', 'driver written to'), ('VIEW_BEGAN', "driver's pages looked at: begin"), ('VIEW_ENDED', "driver's pages looked at: end")], max_length=20),
        ),
        migrations.AlterField(
            model_name='finding',
            name='answer',
            field=models.CharField(blank=True, choices=[('', 'not answered'), ('on_purpose', 'that is on purpose'), ('switched_off', 'I have switched it off'), ('false_alarm', 'it was a false alarm')], default='', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['SIGNED_IN', 'SIGN_IN_FAILED', 'LOCKED', 'FACTOR_ADDED', 'FACTOR_REMOVED', 'PASSWORD_CHANGED', 'TOKEN_ISSUED', 'TOKEN_REFUSED', 'SECRET_MADE', 'SECRET_REVOKED', 'DRIVER_EXPORTED', 'DRIVER_ERASED', 'OPERATOR_ACTED', 'POLICY_CHANGED', 'FINDING_JUDGED', 'DRIVER_WRITTEN_TO', 'VIEW_BEGAN', 'VIEW_ENDED'])), name='audit_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'on_purpose', 'switched_off', 'false_alarm'])), name='finding_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='wizardevent',
            constraint=models.CheckConstraint(condition=models.Q(('happened__in', ['entered', 'refused', 'done'])), name='wizard_happening_known'),
        ),
        migrations.AddConstraint(
            model_name='wizardevent',
            constraint=models.CheckConstraint(condition=models.Q(('device__in', ['phone', 'tablet', 'computer'])), name='wizard_device_known'),
        ),
        migrations.RunPython(keep_again, let_go),
    ]
