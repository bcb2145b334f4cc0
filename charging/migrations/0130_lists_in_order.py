from django.conf import settings
from django.db import migrations, models

from charging.models.index_while_running import AddIndexWhileRunning


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('charging', '0125_obstacles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexWhileRunning(
            model_name='driver',
            index=models.Index(fields=['client', 'created_at', 'public_id'], name='drivers_in_order'),
        ),
        AddIndexWhileRunning(
            model_name='location',
            index=models.Index(fields=['created_at', 'public_id'], name='locations_in_order'),
        ),
        AddIndexWhileRunning(
            model_name='vehicle',
            index=models.Index(fields=['linked_at', 'public_id'], name='vehicles_oldest_first'),
        ),
        AddIndexWhileRunning(
            model_name='vehicle',
            index=models.Index(condition=models.Q(('vin', ''), _negated=True), fields=['vin'], name='vehicles_by_vin'),
        ),
        AddIndexWhileRunning(
            model_name='vehicle',
            index=models.Index(condition=models.Q(('vendor_asset_id', ''), _negated=True), fields=['vendor_asset_id'], name='vehicles_by_asset_id'),
        ),
    ]
