from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charging', '0050_connections'),
    ]

    operations = [
        migrations.AddField(
            model_name='placeterms',
            name='exchange_from',
            field=models.CharField(blank=True, default='', max_length=3),
        ),
        migrations.AddField(
            model_name='placeterms',
            name='exchange_rate',
            field=models.DecimalField(decimal_places=6, max_digits=10, null=True),
        ),
        migrations.AddConstraint(
            model_name='placeterms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exchange_from', ''), ('exchange_rate__isnull', True)), models.Q(('exchange_from__regex', '^[A-Z]{3}$'), ('exchange_rate__gt', 0), ('exchange_rate__isnull', False), ('exchange_rate__lt', 1000)), _connector='OR'), name='terms_exchange_rate_in_range'),
        ),
    ]
