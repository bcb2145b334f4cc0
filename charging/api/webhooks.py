"""Webhooks: receivers that are told what happens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import P, PathEx, Query, Router

from charging.api import schemas, webhook_schemas
from charging.api.access import uuid_of
from charging.api.bearer import client_of
from charging.api.bodies import given, issues_of
from charging.api.pages import PageQuery, page_of
from charging.api.webhook_schemas import HeaderName, TestAnswer, WebhookTest, values_of
from charging.api.wire import Id
from charging.models import Webhook
from charging.operations import webhook_queue, webhooks
from charging.operations.clocks import wall_now
from charging.operations.issues import Issue, refuse_if_any

router = Router(tags=["Webhooks"], by_alias=True)
WebhookId = PathEx[Id, P(alias="webhookId")]
SHOWN = 10_000


@router.post(
    "/webhooks",
    response={200: webhook_schemas.Webhook, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="createWebhook",
    summary="Create a webhook",
)
def create_webhook(request: HttpRequest, body: webhook_schemas.NewWebhook) -> webhook_schemas.Webhook:
    """Makes a receiver. From now on it is told what happens."""
    values = values_of(given(body))
    refuse_if_any((*issues_of(body), *webhooks.webhook_issues(values)))
    return _answer(webhooks.create_webhook(client=client_of(request), at_wall=wall_now(), **values))


@router.get(
    "/webhooks",
    response={200: webhook_schemas.WebhookPage, 400: schemas.Problem, 401: schemas.Problem},
    operation_id="listWebhooks",
    summary="List webhooks",
)
def list_webhooks(request: HttpRequest, ask: Query[PageQuery]) -> webhook_schemas.WebhookPage:
    """Your receivers, oldest first."""
    found, pagination = page_of(Webhook.objects.filter(client=client_of(request)), ask, created_field="created_at")
    return webhook_schemas.WebhookPage(data=[_answer(webhook) for webhook in found], pagination=pagination)


@router.get(
    "/webhooks/{webhookId}",
    response={200: webhook_schemas.Webhook, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="getWebhook",
    summary="Get a webhook",
)
def get_webhook(request: HttpRequest, webhook_id: WebhookId) -> webhook_schemas.Webhook:
    """One receiver."""
    return _answer(_own(request, webhook_id))


@router.patch(
    "/webhooks/{webhookId}",
    response={200: webhook_schemas.Webhook, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="updateWebhook",
    summary="Change a webhook",
)
def update_webhook(
    request: HttpRequest, webhook_id: WebhookId, body: webhook_schemas.WebhookChange
) -> webhook_schemas.Webhook:
    """Changes what is sent and leaves the rest."""
    webhook, values = _own(request, webhook_id), values_of(given(body))
    refuse_if_any((*issues_of(body), *webhooks.webhook_issues(values)))
    return _answer(webhooks.update_webhook(webhook=webhook, **values))


@router.delete(
    "/webhooks/{webhookId}",
    response={204: None, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="deleteWebhook",
    summary="Delete a webhook",
)
def delete_webhook(request: HttpRequest, webhook_id: WebhookId) -> HttpResponse:
    """Removes a receiver with everything that waits for it."""
    _own(request, webhook_id).delete()
    return HttpResponse(status=204)


@router.post(
    "/webhooks/{webhookId}/test",
    response={200: WebhookTest, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="testWebhook",
    summary="Try a webhook",
)
def try_webhook(request: HttpRequest, webhook_id: WebhookId) -> WebhookTest:
    """Sends one test event at once. A success makes an inactive receiver active again."""
    tried = webhooks.try_webhook(webhook=_own(request, webhook_id), at_wall=wall_now())
    if not tried.is_success or tried.answer is None:
        description = _("Not delivered: %(reason)s") % {"reason": tried.reason}
        return WebhookTest(status="FAILURE", description=description, response=None)
    headers = [f"{name}: {value}" for name, value in tried.answer.headers]
    response = TestAnswer(code=tried.answer.status, body=tried.answer.body[:SHOWN], headers=headers)
    return WebhookTest(status="SUCCESS", description=_("Delivered."), response=response)


@router.post(
    "/webhooks/{webhookId}/replay",
    response={200: webhook_schemas.Replayed, 400: schemas.Problem, 401: schemas.Problem, 404: schemas.Problem},
    operation_id="replayWebhook",
    summary="Send once more what was not delivered (extension)",
)
def replay(request: HttpRequest, webhook_id: WebhookId, body: webhook_schemas.ReplayBody) -> webhook_schemas.Replayed:
    """Queues undelivered events of the last 30 days, as they were, in deliveries with new ids."""
    webhook = _own(request, webhook_id)
    refuse_if_any(issues_of(body))
    if body.since is not None and body.until is not None and body.since > body.until:
        refuse_if_any([Issue("DATES_INVALID", "since", _("The start must not be after the end."))])
    return webhook_schemas.Replayed(queued=webhook_queue.replay(webhook=webhook, since=body.since, until=body.until))


def _own(request: HttpRequest, webhook_id: str) -> Webhook:
    webhook: Webhook = get_object_or_404(Webhook, client=client_of(request), public_id=uuid_of(webhook_id))
    return webhook


def _answer(webhook: Webhook) -> webhook_schemas.Webhook:
    return webhook_schemas.Webhook(
        id=str(webhook.public_id),
        url=webhook.url,
        events=webhook.events,
        last_success=webhook.last_success_at or webhook.created_at,
        is_active=webhook.is_active,
        created_at=webhook.created_at,
        api_version=webhook.api_version or None,
        authentication=HeaderName(header_name=webhook.header_name) if webhook.header_name else None,
    )
