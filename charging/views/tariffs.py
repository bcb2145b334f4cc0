"""What power costs at a place, beyond the market's price."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charging.models import Location
from charging.operations.clocks import wall_now
from charging.operations.exchange_rates import own_currency_of
from charging.operations.issues import Refused
from charging.operations.tariffs import OwnTerms, remove_terms, set_terms
from charging.views.access import own_location
from charging.views.answers import SeeOther
from charging.views.forms import add_issues, sent
from charging.views.tariff_form import TariffForm
from charging.views.tariff_values import initial_values, is_set_elsewhere, market_currency_of
from charging.views.typed_values import with_typed

MARKET_ALONE = OwnTerms()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tariff(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Shows how power is priced at one of the driver's places, and changes it."""
    location = own_location(request, public_id)
    asked = TariffForm(
        sent(request),
        initial=initial_values(location),
        market_currency=market_currency_of(location),
        own_currency=own_currency_of(location),
    )
    form = with_typed(asked, request)
    if request.method == "POST" and form.is_valid():
        try:
            _save(location, form.cleaned_data["terms"])
        except Refused as refused:
            add_issues(form, refused, {})
        else:
            messages.success(request, _("The prices of %(place)s are saved.") % {"place": location.name})
            return SeeOther(f"{reverse('prices')}?place={location.public_id}")
    context = {
        "place": location,
        "form": form,
        "back_url": f"{reverse('prices')}?place={location.public_id}",
        "unit": form.unit,
        "is_set_elsewhere": is_set_elsewhere(location),
    }
    return render(request, "charging/tariff.html", context)


def _save(location: Location, terms: OwnTerms) -> None:
    """Nothing beyond the market's price needs no row of its own."""
    if terms == MARKET_ALONE:
        remove_terms(location=location, at_wall=wall_now())
    else:
        set_terms(location=location, terms=terms, at_wall=wall_now())
