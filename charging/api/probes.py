"""Is it alive, is it ready? Asked by supervisors and load balancers, who are told no more than that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from charging.api.problems import RETRY_AFTER_SECONDS
from charging.operations.clocks import wall_now
from charging.operations.service_details import ServiceDetails, load_service_details
from charging.operations.service_health import ServiceHealth, look_at_service


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all. Touches no database: to start anew would not bring one back."""
    return _plain("ok", 200)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while cars are looked after, else 503 and when to ask again. Staff who are signed in are told why not."""
    now = wall_now()
    health = look_at_service(at_wall=now)
    status = 200 if health.is_ready else 503
    # Who somebody is stands in the database, too.
    is_database_there = health.sweeping is not None
    if is_database_there and _is_staff(request):
        answer: HttpResponse = JsonResponse(_details(health, load_service_details(at_wall=now)), status=status)
        answer["Cache-Control"] = "no-store"
    else:
        answer = _plain("ok" if health.is_ready else "not ready", status)
    if not health.is_ready:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _is_staff(request: HttpRequest) -> bool:
    """Whether an operator asks, who may see the admin; a probe that no middleware has seen knows no user."""
    return hasattr(request, "user") and admin.site.has_permission(request)


def _details(health: ServiceHealth, details: ServiceDetails) -> dict[str, Any]:
    assert health.sweeping is not None, "the database answered"
    silence, offset = health.sweeping.heartbeat_age, health.sweeping.clock_offset
    return {
        "status": "ok" if health.is_ready else "not ready",
        "faults": health.faults,
        "warnings": [*health.warnings, *details.warnings],
        "sweep_lag_seconds": round(health.sweeping.lag.total_seconds()),
        "sweep_heartbeat_age_seconds": None if silence is None else round(silence.total_seconds()),
        "due_rows": health.sweeping.due_rows,
        "clock_offset_seconds": None if offset is None else round(offset.total_seconds(), 1),
        **_of_services(details),
    }


def _of_services(details: ServiceDetails) -> dict[str, list[dict[str, Any]]]:
    """Breakers and budgets in numbers, by the kind of service."""
    return {
        "services": [
            {"kind": kind.vendor, "count": kind.count, "not_answering": kind.not_answering, "is_down": kind.is_down}
            for kind in details.services
        ],
        "breakers": [
            {
                "kind": breakers.vendor,
                "operation": breakers.operation,
                "open": breakers.count,
                "longest_rest_seconds": round(breakers.longest_rest.total_seconds()),
            }
            for breakers in details.breakers
        ],
        "budgets": [
            {
                "kind": budget.vendor,
                "of": "all" if budget.is_of_all else "account",
                "calls_per_hour": budget.per_hour,
                "used_up": budget.used_up,
            }
            for budget in details.budgets
        ],
    }


def _plain(text: str, status: int) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
