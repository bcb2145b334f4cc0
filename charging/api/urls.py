"""Addresses under /api/. Whatever is not one of them is answered with a problem too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from charging.api.documentation import docs, openapi
from charging.api.faults import in_problem_form
from charging.api.idempotent import once_per_key
from charging.api.service import api


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponse:
    raise Http404


_calls = [call for call in api.urls[0] if isinstance(call, URLPattern) and call.name != "api-root"]
for _call in _calls:
    _call.callback = in_problem_form(once_per_key(_call.callback))

app_name = "api"
urlpatterns = [
    path("openapi.json", in_problem_form(openapi), name="openapi"),
    path("docs", in_problem_form(docs), name="docs"),
    *_calls,
    re_path(r"", in_problem_form(nothing)),
]
