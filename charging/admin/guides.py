"""What drivers are told to switch off, brand by brand: how old, in which languages, from where. Files, so read only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from charging.admin.read_only import Screen
from charging.operations import guides
from charging.operations.clocks import wall_now
from charging.operations.guides import Guide
from charging.views.guide_words import KINDS

OLD_MONTHS = 12
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One guide with what an editor asks of it: `missing` is the languages in which a sentence is not translated."""

    guide: Guide
    kind: str
    missing: tuple[str, ...]
    is_old: bool
    address: str

    @property
    def coverage(self) -> str:
        return f"{len(settings.LANGUAGES) - len(self.missing)}/{len(settings.LANGUAGES)}"


def missing_languages(guide: Guide) -> tuple[str, ...]:
    """The languages in which at least one of the guide's sentences stands in English."""
    sentences = {*guide.steps, *guide.signs, *guide.notes}
    missing = []
    for code, _name in settings.LANGUAGES:
        if code != SOURCE_LANGUAGE:
            with override(code):
                missing.extend([code] if any(_(sentence) == sentence for sentence in sentences) else [])
    return tuple(missing)


def is_old(guide: Guide, today: date) -> bool:
    """Whether it was checked more than twelve months ago, or never."""
    if guide.checked_on is None:
        return True
    since = today.replace(year=today.year - OLD_MONTHS // 12, day=min(today.day, 28))
    return guide.checked_on < since


def guide_rows(*, today: date, only_old: bool) -> list[GuideRow]:
    """Every guide, or the old ones alone, the longest unchecked first."""
    rows = [
        GuideRow(
            guide,
            str(KINDS[guide.kind]),
            missing_languages(guide),
            is_old(guide, today),
            reverse("admin:charging_guide", args=[guide.kind, guide.slug]),
        )
        for guide in guides.all_guides()
    ]
    shown = [row for row in rows if row.is_old or not only_old]
    return sorted(shown, key=lambda row: (row.guide.checked_on or date.min, row.kind, row.guide.brand))


def guide_urls(screen: Screen) -> list[URLPattern]:
    """Returns the addresses of these pages, for a screen whose viewers may see them."""

    def page(render: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, **names: str) -> HttpResponse:
            if not screen.has_view_permission(request):
                raise PermissionDenied
            return render(screen, request, **names)

        return screen.admin_site.admin_view(require_safe(view))

    return [
        path("guides/", page(_list), name="charging_guides"),
        path("guides/<slug:kind>/<slug:brand>/", page(_preview), name="charging_guide"),
    ]


def _list(screen: Screen, request: HttpRequest) -> HttpResponse:
    only_old = request.GET.get("checked") == "old"
    rows = guide_rows(today=wall_now().date(), only_old=only_old)
    context = {
        **screen.admin_site.each_context(request),
        "title": _("Guides: what to switch off"),
        "opts": screen.opts,
        "rows": rows,
        "only_old": only_old,
    }
    return TemplateResponse(request, "admin/guides.html", context)


def _preview(screen: Screen, request: HttpRequest, kind: str, brand: str) -> HttpResponse:
    """The guide as drivers read it, in each language it may be read in. Raises Http404 for one that is not there."""
    guide = guides.guide_at(kind, brand)
    if guide is None:
        raise Http404
    chosen = request.GET.get("language", SOURCE_LANGUAGE)
    language = chosen if chosen in dict(settings.LANGUAGES) else SOURCE_LANGUAGE
    context = {
        **screen.admin_site.each_context(request),
        "title": _("Guide: %(brand)s") % {"brand": guide.brand},
        "opts": screen.opts,
        "guide": guide,
        "languages": settings.LANGUAGES,
        "language": language,
        "missing": missing_languages(guide),
    }
    return TemplateResponse(request, "admin/guide.html", context)
