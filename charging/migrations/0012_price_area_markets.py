"""Writes the areas that are new, and the market time of those that were there."""

from typing import Any

from django.db import migrations

from charging.adapters.prices.areas import areas

FIELDS = (
    *("name", "country", "currency", "timezone_name", "bidding_zone_eic"),
    *("market_timezone_name", "market_time_unit_minutes"),
)


def write_price_areas(apps: Any, schema_editor: Any) -> None:
    price_area = apps.get_model("charging", "PriceArea")
    for area in areas().values():
        price_area.objects.update_or_create(code=area.code, defaults={name: getattr(area, name) for name in FIELDS})


class Migration(migrations.Migration):
    dependencies = [("charging", "0011_price_calls")]
    operations = [migrations.RunPython(write_price_areas, migrations.RunPython.noop)]
