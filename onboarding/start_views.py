"""Before the questions: the home page, the start, how it works, guests, and where to go on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charging.models import Vehicle
from charging.operations import clocks
from charging.operations.drivers import create_guest
from charging.views.answers import SeeOther
from charging.views.link_session import way_out
from onboarding.drafts import open_draft_of
from onboarding.example_night import ExampleNight, example_night
from onboarding.models import OnboardingDraft
from onboarding.rate_limit import MOST_GUESTS, refused_for_now
from onboarding.step_page import car_asked_for, driver_of
from onboarding.steps import CHECK, STEPS, first_missing

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page for visitors and for drivers who are still setting up; the dashboard for everybody else."""
    progress = _progress(request)
    if progress is None and _has_car(request):
        return redirect("dashboard")
    return render(request, "onboarding/home.html", _start_context(request) | {"progress": progress})


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """S1: is this for me?"""
    context = _start_context(request) | {"progress": _progress(request), "has_car": _has_car(request)}
    return render(request, "onboarding/start.html", context)


@require_POST
def try_simulated(request: HttpRequest) -> HttpResponse:
    """Makes a guest account and begins; somebody who is signed in goes on where they are."""
    if request.user.is_authenticated:
        return SeeOther(reverse("setup"))
    if (refused := refused_for_now(request, what="guest", most=MOST_GUESTS)) is not None:
        return refused
    driver = create_guest(now=clocks.wall_now())
    login(request, driver.account, backend=BACKEND)
    return SeeOther(reverse("setup_how"))


@never_cache
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Leads to the first question without an answer, the check, the dashboard or the start; for the car asked for."""
    driver = driver_of(request)
    if driver is None:
        return redirect("setup_start")
    car = car_asked_for(request, driver)
    if car is not None:
        open_draft_of(vehicle=car, now=clocks.own_now(driver=driver))
    draft = OnboardingDraft.objects.current_of(driver)
    if draft is None and not _has_car(request):
        return redirect("setup_how")
    if draft is not None and draft.finished_at is not None:
        is_at_home = car is None and not way_out(request) and _has_car(request)
        return redirect("dashboard" if is_at_home else "setup_ready")
    missing = first_missing(draft.answered) if draft is not None else STEPS[1]
    return redirect((missing or CHECK).url)


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """S2: how smart charging works, with one picture."""
    night = _night(request)
    context: dict[str, object] = {"night": night, "note": night.note}
    context["next_url"] = reverse("setup_car" if request.user.is_authenticated else "setup_start")
    return render(request, "onboarding/how.html", context)


def _start_context(request: HttpRequest) -> dict[str, object]:
    night = _night(request)
    operator = {"name": settings.READYBY_OPERATOR_NAME, "contact": settings.READYBY_OPERATOR_CONTACT}
    return {"night": night, "note": night.note, "operator": operator}


def _night(request: HttpRequest) -> ExampleNight:
    return example_night(now=clocks.wall_now(), driver=driver_of(request))


def _has_car(request: HttpRequest) -> bool:
    driver = driver_of(request)
    return driver is not None and Vehicle.objects.of_driver(driver).exists()


def _progress(request: HttpRequest) -> dict[str, int] | None:
    """Returns how many of the six steps are done, None where nothing was begun or all is finished.

    A second car that is half-way set up keeps nobody from the dashboard of the first one.
    """
    driver = driver_of(request)
    draft = OnboardingDraft.objects.current_of(driver) if driver is not None else None
    if draft is None or draft.finished_at is not None or draft.other_cars.exists():
        return None
    return {"done": len(draft.answered), "steps": len(STEPS)}
