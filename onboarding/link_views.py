"""The wizard by a link that an app shows: in with a button, out from every page."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from charging.models import LinkSession
from charging.operations import clocks, link_sessions
from charging.operations.drivers import speak
from charging.views.account import THEME_COOKIE, THEMES
from charging.views.answers import SeeOther
from charging.views.link_session import LINK_ID, LINK_KEY, LINK_VENDOR
from onboarding.models import OnboardingDraft
from onboarding.start_views import BACKEND


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is for, and a button: opening the address alone, as mail scanners do, uses nothing up."""
    now = clocks.wall_now()
    session = link_sessions.find_link(token=token, at_wall=now)
    if session is None:
        return render(request, "onboarding/link_over.html", status=410)
    if request.method != "POST":
        return render(request, "onboarding/link.html", {"session": session})
    driver = session.driver
    needs_sign_in = link_sessions.has_login_of_its_own(driver=driver)
    is_signed_in = request.user.is_authenticated and request.user.pk == driver.account_id
    if needs_sign_in and not is_signed_in:
        return SeeOther(f"{reverse('account_login')}?next={request.path}")
    account = link_sessions.use_link(session=session, at_wall=now)
    if account is None:
        return render(request, "onboarding/link_over.html", status=410)
    if not is_signed_in:
        login(request, account, backend=BACKEND)
        request.session.set_expiry(int(link_sessions.LIVES_FOR.total_seconds()))
    request.session[LINK_ID], request.session[LINK_KEY] = session.pk, secrets.token_urlsafe(16)
    request.session[LINK_VENDOR] = session.vendor
    has_cars = session.driver.vehicles.exists()
    return _as_asked(SeeOther(reverse("setup_which_car" if has_cars else "setup_how")), session)


def _as_asked(answer: HttpResponse, session: LinkSession) -> HttpResponse:
    """The answer in the language and colors that the app asked for; a language that is not spoken is the browser's."""
    language = session.language.partition("-")[0]
    if language in dict(settings.LANGUAGES):
        speak(driver=session.driver, language=language)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.IS_HTTPS)
    if session.color_scheme in THEMES:
        secure = settings.IS_HTTPS
        answer.set_cookie(THEME_COOKIE, session.color_scheme, samesite="Lax", secure=secure, httponly=True)
    return answer


@never_cache
@require_safe
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Back to the app. The key in the address is that of this login: nobody else can make a user leave."""
    if not secrets.compare_digest(key.encode(), str(request.session.get(LINK_KEY, "")).encode()):
        raise Http404
    session = LinkSession.objects.select_related("driver").filter(pk=request.session[LINK_ID]).first()
    if session is None:
        raise Http404
    since = session.driver.clock.own(session.created_at)
    is_finished = OnboardingDraft.objects.filter(driver=session.driver, finished_at__gte=since).exists()
    target = link_sessions.leave_link(session=session, is_finished=is_finished, at_wall=clocks.wall_now())
    if link_sessions.has_login_of_its_own(driver=session.driver):
        for name in (LINK_ID, LINK_KEY, LINK_VENDOR):
            request.session.pop(name, None)
    else:
        logout(request)
    # Not Django's redirect: an app's own scheme is allowed here.
    return HttpResponse(status=303, headers={"Location": iri_to_uri(target)})
