from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0022_connection_limit'),
    ]

    operations = [
        migrations.AddField(
            model_name='linksession',
            name='vendor',
            field=models.CharField(blank=True, default='', help_text='The make that the app has asked for', max_length=40),
        ),
    ]
