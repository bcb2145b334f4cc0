"""Where Enode sends what happens: believed only when it is signed, and taken once (RELIABILITY A13)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from charging.adapters.vehicles.enode_events import MOST_BYTES, events_of, is_signed
from charging.operations.clocks import wall_now
from charging.operations.enode_deliveries import take_delivery

LEAST_SECRET_BYTES = 16
LONGEST_ID = 100


@csrf_exempt
@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    """204 once it is stored, also for what came before; 401 for what is not signed, before anything of it is read."""
    secret = settings.READYBY_ENODE_WEBHOOK_SECRET
    if len(secret.encode()) < LEAST_SECRET_BYTES:
        return HttpResponse(status=404)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    if not is_signed(secret=secret, body=body, signature=request.headers.get("x-enode-signature", "")):
        return HttpResponse(status=401)
    delivery_id = request.headers.get("x-enode-delivery", "")
    try:
        events = events_of(body)
    except ValueError:
        return HttpResponse(status=400)
    if len(delivery_id) > LONGEST_ID or not delivery_id.isascii():
        return HttpResponse(status=400)
    take_delivery(delivery_id=delivery_id, body=body, events=events, at_wall=wall_now())
    return HttpResponse(status=204)
