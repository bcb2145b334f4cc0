"""Price areas and what was published for them: a document a day, with its prices."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from charging.admin.moments import moment
from charging.admin.read_only import Rows, Screen, read_only, shown
from charging.models import Price, PriceArea, PriceDocument


def zone_of_document(document: PriceDocument) -> str:
    return document.area.timezone_name


def zone_of_price(price: Price) -> str:
    return zone_of_document(price.document)


START = moment("start", _("start"), zone_of_price)
END = moment("end", _("end"), zone_of_price)
FETCHED = moment("fetched_at", _("fetched"), zone_of_document)


@admin.register(PriceArea)
@read_only
class PriceAreaAdmin(Screen):
    list_display = ("code", "name", "country", "currency", "timezone_name", "bidding_zone_eic")
    list_filter = ("country", "currency")
    search_fields = ("code", "name", "=bidding_zone_eic")
    ordering = ("code",)


@read_only
class PriceInline(Rows):
    model = Price
    fields = readonly_fields = shown(START, END, "price_per_kwh")
    ordering = ("start",)
    extra = 0


@admin.register(PriceDocument)
@read_only
class PriceDocumentAdmin(Screen):
    list_display = ("area", "delivery_date", "source", "version", "market_time_unit_minutes", "currency", FETCHED)
    list_filter = ("source", "market_time_unit_minutes", "area")
    list_select_related = ("area",)
    date_hierarchy = "delivery_date"
    search_fields = ("area__code", "area__name", "source")
    ordering = ("-delivery_date", "area__code", "-version")
    fields = readonly_fields = shown(
        *("area", "delivery_date", "source", "version", "market_time_unit_minutes", "currency", "licence", FETCHED),
    )
    inlines = (PriceInline,)


@admin.register(Price)
@read_only
class PriceAdmin(Screen):
    list_display = fields = readonly_fields = shown("document", START, END, "price_per_kwh")
    list_filter = ("document__source", "document__area")
    list_select_related = ("document__area",)
    date_hierarchy = "start"
    search_fields = ("document__area__code", "document__area__name")
    ordering = ("-start", "pk")
