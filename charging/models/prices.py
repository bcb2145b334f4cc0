"""Price areas and what was published for them. A published document never changes; a correction is a new version."""

from __future__ import annotations

from django.db import models

from charging.core.market_time import MARKET_TIMEZONE


class PriceArea(models.Model):
    """An area of one price: a bidding zone of the day-ahead market, or an area of the operator's own.

    Delivery days begin at midnight of the market's time zone. The market time unit is the usual one of today.
    """

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    timezone_name = models.CharField(max_length=64)
    bidding_zone_eic = models.CharField(max_length=16, blank=True, default="")
    market_timezone_name = models.CharField(max_length=64, default=MARKET_TIMEZONE)
    market_time_unit_minutes = models.PositiveSmallIntegerField(default=15)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="price_area_has_a_code"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="price_area_currency_is_iso_4217"
            ),
            models.CheckConstraint(
                condition=models.Q(market_time_unit_minutes__in=[15, 30, 60]), name="price_area_unit_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.name})"


class PriceDocument(models.Model):
    """What one source published for one area and delivery day. Its market time unit is the shortest of its prices'."""

    area = models.ForeignKey(PriceArea, on_delete=models.PROTECT, related_name="documents")
    delivery_date = models.DateField()
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    market_time_unit_minutes = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    licence = models.CharField(max_length=200, blank=True, default="")
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "delivery_date", "source", "version"], name="one_price_document_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(market_time_unit_minutes__in=[15, 30, 60]), name="price_document_unit_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area.code} {self.delivery_date} v{self.version}"


class Price(models.Model):
    """The price of one market time unit `[start, end)`, in currency per kWh."""

    document = models.ForeignKey(PriceDocument, on_delete=models.CASCADE, related_name="prices")
    start = models.DateTimeField()
    end = models.DateTimeField()
    price_per_kwh = models.DecimalField(max_digits=10, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "start"], name="one_price_per_start"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="price_period_not_empty"),
            models.CheckConstraint(
                condition=models.Q(price_per_kwh__gte=-1000, price_per_kwh__lte=1000), name="price_is_a_number_in_range"
            ),
        ]
        indexes = [models.Index(fields=["start"], name="prices_by_start")]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.price_per_kwh}"
