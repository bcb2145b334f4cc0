"""The record of who did what, and what makes the database keep it: no row is changed, none of 90 days is deleted.

On SQLite a later change of the table makes it anew, and leaves the triggers behind: call `keep_every_row` again then.
"""

from django.db import migrations, models

KEEP = {
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION charging_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.at < clock_timestamp() - interval '90 days' THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION 'audit events are kept as they are' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        "CREATE TRIGGER charging_audit_rows BEFORE UPDATE OR DELETE ON charging_auditevent "
        "FOR EACH ROW EXECUTE FUNCTION charging_audit_is_kept()",
        "CREATE TRIGGER charging_audit_table BEFORE TRUNCATE ON charging_auditevent "
        "FOR EACH STATEMENT EXECUTE FUNCTION charging_audit_is_kept()",
    ],
    "sqlite": [
        "CREATE TRIGGER charging_audit_changed BEFORE UPDATE ON charging_auditevent "
        "BEGIN SELECT RAISE(ABORT, 'audit events are kept as they are'); END",
        "CREATE TRIGGER charging_audit_deleted BEFORE DELETE ON charging_auditevent "
        "WHEN OLD.at >= datetime('now', '-90 days') "
        "BEGIN SELECT RAISE(ABORT, 'audit events are kept as they are'); END",
    ],
}
LET_GO = {
    "postgresql": [
        "DROP TRIGGER charging_audit_rows ON charging_auditevent",
        "DROP TRIGGER charging_audit_table ON charging_auditevent",
        "DROP FUNCTION charging_audit_is_kept()",
    ],
    "sqlite": ["DROP TRIGGER charging_audit_changed", "DROP TRIGGER charging_audit_deleted"],
}


def keep_every_row(apps, schema_editor):
    for statement in KEEP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


def let_go(apps, schema_editor):
    for statement in LET_GO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0030_missed_deadlines'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('kind', models.CharField(choices=[('SIGNED_IN', 'signed in'), ('SIGN_IN_FAILED', 'sign-in failed'), ('LOCKED', 'locked after wrong passwords'), ('FACTOR_ADDED', 'second step added'), ('FACTOR_REMOVED', 'second step removed'), ('PASSWORD_CHANGED', 'password changed'), ('TOKEN_ISSUED', 'API token issued'), ('TOKEN_REFUSED', 'API token refused'), ('SECRET_MADE', 'client secret made'), ('SECRET_REVOKED', 'client secret revoked'), ('DRIVER_EXPORTED', "driver's data exported"), ('DRIVER_ERASED', 'driver erased'), ('OPERATOR_ACTED', 'operator acted for a driver or client'), ('POLICY_CHANGED', 'policy changed by an operator')], max_length=20)),
                ('account_id', models.BigIntegerField(blank=True, db_index=True, help_text='Who did it, or tried to', null=True)),
                ('client_id', models.BigIntegerField(blank=True, db_index=True, help_text='The client whose key it was', null=True)),
                ('about', models.UUIDField(blank=True, db_index=True, help_text='Public id of what was acted on', null=True)),
                ('request_id', models.CharField(blank=True, default='', help_text='As the log has it', max_length=64)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['SIGNED_IN', 'SIGN_IN_FAILED', 'LOCKED', 'FACTOR_ADDED', 'FACTOR_REMOVED', 'PASSWORD_CHANGED', 'TOKEN_ISSUED', 'TOKEN_REFUSED', 'SECRET_MADE', 'SECRET_REVOKED', 'DRIVER_EXPORTED', 'DRIVER_ERASED', 'OPERATOR_ACTED', 'POLICY_CHANGED'])), name='audit_kind_is_known')],
            },
        ),
        migrations.RunPython(keep_every_row, let_go),
    ]
