"""What energy costs a driver: rates of their own, fees and tax, place by place."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from charging.core.tariffs import Charge, PriceTerms
from charging.core.weekly_spans import DAY_MINUTES, EVERY_MONTH, WeeklySpan
from charging.models.clients import Client
from charging.models.locations import Location

HIGHEST_PRICE = 1000
"""Per kWh, in any currency; NaN is above every number and so refused with it."""

HIGHEST_EXCHANGE_RATE = 1000
EXCHANGE_RATE_STEP = Decimal("0.000001")


class Tariff(models.Model):
    """A list of rates of a client, named as the client names it (API_CONTRACT 10.1)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tariffs")
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "external_id"], name="one_tariff_per_client_and_id"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="tariff_has_an_id"),
        ]

    def __str__(self) -> str:
        return self.external_id


class TariffRate(models.Model):
    """One rate of a tariff, per kWh, all included."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates")
    name = models.CharField(max_length=100)
    price_per_kwh = models.DecimalField(max_digits=10, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tariff", "name"], name="one_rate_per_tariff_and_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="rate_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(price_per_kwh__gte=-HIGHEST_PRICE, price_per_kwh__lte=HIGHEST_PRICE),
                name="rate_price_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceTerms(models.Model):
    """What is added to the market's price at a place. Without a row the market's price alone counts.

    `currency` is empty where it is that of the price area. `exchange_rate` is what one of `exchange_from` is in it.
    """

    location = models.OneToOneField(Location, on_delete=models.CASCADE, primary_key=True, related_name="terms")
    currency = models.CharField(max_length=3, blank=True, default="")
    exchange_from = models.CharField(max_length=3, blank=True, default="")
    exchange_rate = models.DecimalField(max_digits=10, decimal_places=6, null=True)
    spot_factor = models.DecimalField(max_digits=6, decimal_places=4, default=Decimal(1))
    spot_fee_per_kwh = models.DecimalField(max_digits=10, decimal_places=5, default=Decimal(0))
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "place terms"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency="") | models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="terms_currency_is_iso_4217",
            ),
            models.CheckConstraint(
                condition=models.Q(exchange_from="", exchange_rate__isnull=True)
                | models.Q(
                    exchange_from__regex=r"^[A-Z]{3}$",
                    exchange_rate__isnull=False,
                    exchange_rate__gt=0,
                    exchange_rate__lt=HIGHEST_EXCHANGE_RATE,
                ),
                name="terms_exchange_rate_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(spot_factor__gte=0, spot_factor__lte=10), name="terms_spot_factor_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(spot_fee_per_kwh__gte=-HIGHEST_PRICE, spot_fee_per_kwh__lte=HIGHEST_PRICE),
                name="terms_spot_fee_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(vat_percent__gte=0, vat_percent__lte=100), name="terms_vat_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"terms of {self.location_id}"

    def rate_from(self, market_currency: str) -> Decimal | None:
        """What one of the market's currency is in that of the terms; None where nobody has said it."""
        if self.currency in ("", market_currency):
            return Decimal(1)
        return self.exchange_rate if self.exchange_from == market_currency else None

    def as_terms(self, market_currency: str = "") -> PriceTerms:
        """The terms as the value that prices are made with, of a market in that currency.

        Uses `location` and its `charges` with their rates.
        """
        charges = sorted(self.location.charges.all(), key=lambda charge: charge.pk)
        return PriceTerms(
            timezone_name=self.location.timezone_name,
            rates=tuple(charge.as_charge() for charge in charges if charge.rate_id is not None),
            grid_fees=tuple(charge.as_charge() for charge in charges if charge.rate_id is None),
            spot_factor=self.spot_factor,
            spot_fee_per_kwh=self.spot_fee_per_kwh,
            vat_percent=self.vat_percent,
            exchange_rate=self.rate_from(market_currency),
            market_currency="" if self.currency in ("", market_currency) else market_currency,
        )


class PlaceCharge(models.Model):
    """When a rate holds at a place; without a rate it is a grid fee with a price of its own.

    `months` and `weekdays` are lists of whole numbers, 1 = January and 0 = Monday. Of several that cover a time the
    one that was stored first counts.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="charges")
    rate = models.ForeignKey(TariffRate, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=100, blank=True, default="")
    grid_fee_per_kwh = models.DecimalField(max_digits=10, decimal_places=5, null=True)
    from_minute = models.PositiveSmallIntegerField(default=0)
    to_minute = models.PositiveSmallIntegerField(default=DAY_MINUTES)
    weekdays = models.JSONField(default=list)
    months = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__isnull=False, grid_fee_per_kwh__isnull=True)
                | models.Q(rate__isnull=True, grid_fee_per_kwh__isnull=False),
                name="charge_is_a_rate_or_a_grid_fee",
            ),
            models.CheckConstraint(
                condition=models.Q(grid_fee_per_kwh__isnull=True)
                | models.Q(grid_fee_per_kwh__gte=-HIGHEST_PRICE, grid_fee_per_kwh__lte=HIGHEST_PRICE),
                name="charge_grid_fee_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(from_minute__lt=DAY_MINUTES, to_minute__lte=DAY_MINUTES),
                name="charge_span_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.location_id}"

    def as_charge(self) -> Charge:
        """The charge as the value that prices are made with."""
        span = WeeklySpan(
            self.from_minute, self.to_minute, frozenset(self.weekdays), frozenset(self.months or EVERY_MONTH)
        )
        if self.rate is not None:
            return Charge(self.rate.name, self.rate.price_per_kwh, span)
        assert self.grid_fee_per_kwh is not None, "what is no rate is a grid fee"
        return Charge(self.name, self.grid_fee_per_kwh, span)
