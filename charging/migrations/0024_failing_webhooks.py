from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0023_link_vendor'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='webhook',
            name='resumes_at',
            field=models.DateTimeField(blank=True, help_text='Nothing is sent to it before', null=True),
        ),
        migrations.AddField(
            model_name='webhook',
            name='warned_at',
            field=models.DateTimeField(blank=True, help_text='When the operator was told that it fails', null=True),
        ),
    ]
