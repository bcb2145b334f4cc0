"""Gateways as plain values, so that a car can be started where there is no database.

A simulated car has none: it lives in the database. For one that an app commands there is nobody to call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from charging.adapters.vehicles.gateway import Gateway
from charging.adapters.vehicles.home_assistant import HomeAssistantGateway
from charging.adapters.vehicles.home_assistant_entities import entities_from_json, entities_to_json
from charging.adapters.vehicles.home_assistant_http import HomeAssistantApi

HOME_ASSISTANT = "home_assistant"
PORTABLE = frozenset({HOME_ASSISTANT})
"""The kinds of gateway that can be described."""


def describe(gateway: Gateway) -> dict[str, Any]:
    """Returns all that is needed to ask again, the secret too: to be sealed. Raises TypeError for one without."""
    if not isinstance(gateway, HomeAssistantGateway):
        raise TypeError(f"{type(gateway).__name__} cannot be taken elsewhere")
    api = gateway.api
    return {
        "kind": HOME_ASSISTANT,
        "address": api.address,
        "token": api.token,
        "allows_local": api.allows_local,
        "entities": entities_to_json(gateway.entities),
    }


def restored(description: dict[str, Any]) -> Gateway:
    """Returns the gateway that was described. Raises KeyError or ValueError for what describes none."""
    if description["kind"] != HOME_ASSISTANT:
        raise ValueError("No gateway of this kind is known")
    api = HomeAssistantApi(description["address"], description["token"])
    api = replace(api, allows_local=bool(description["allows_local"]))
    return HomeAssistantGateway(api, entities_from_json(description["entities"]))
