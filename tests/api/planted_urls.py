"""Every address of Readyby, and one more below /api/ whose view asks neither who calls nor whose the car is."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from charging.models import Vehicle
from config.urls import urlpatterns as own_patterns


@csrf_exempt
def forgetful(_request: HttpRequest, vehicleId: str) -> HttpResponse:  # noqa: N803 - the parameter of the address
    return HttpResponse(status=200 if Vehicle.objects.filter(public_id=vehicleId).exists() else 404)


urlpatterns = [path("api/cars/<vehicleId>", forgetful), *own_patterns]
