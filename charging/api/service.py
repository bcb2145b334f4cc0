"""The API as a whole: its routers, who may call it, and how its faults are answered."""

from __future__ import annotations

from ninja import NinjaAPI

from charging.api import (
    actions,
    charging_locations,
    health,
    interventions,
    links,
    locations,
    plans,
    readings,
    simulator,
    smart_charging,
    statistics,
    tariffs,
    users,
    vehicles,
    webhooks,
)
from charging.api.bearer import BearerToken
from charging.api.faults import handle_faults
from charging.api.json_body import StrictJsonParser

api = NinjaAPI(
    title="Readyby",
    version="2024-10-01",
    description="Smart charging for electric cars: ready by the time you say, charged when power was cheapest.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=BearerToken(),
    parser=StrictJsonParser(),
    servers=[{"url": "/api"}],
)
SUBJECTS = (
    *(users, links, vehicles, actions, smart_charging, plans, locations, charging_locations),
    *(readings, simulator, tariffs, statistics, interventions, webhooks, health),
)
for subject in SUBJECTS:
    api.add_router("", subject.router)
handle_faults(api)
