"""What is stored. Reads are QuerySet methods, integrity is database constraints, writes live in operations."""

from charging.models.activities import Activity
from charging.models.alerts import AlertMail
from charging.models.attempts import AttemptCount
from charging.models.audit import AuditEvent
from charging.models.charge_actions import ChargeAction
from charging.models.clients import Client, ClientApplication
from charging.models.commands import Command
from charging.models.connections import ConnectedCar, Connection, Farewell, ReceivedDelivery
from charging.models.decision_log import DecisionLog, PriceSnapshot
from charging.models.drivers import Driver
from charging.models.due import Due, Heartbeat
from charging.models.events import OutboxMessage, StateEvent
from charging.models.findings import Finding
from charging.models.idempotency import IdempotentCall
from charging.models.learned_power import LearnedPower
from charging.models.link_sessions import LinkSession
from charging.models.locations import Location
from charging.models.missed_deadlines import MissedDeadline
from charging.models.overrides import SmartOverride
from charging.models.planning import PlanningRow
from charging.models.plans import Plan, PlanWindow
from charging.models.policies import Policy
from charging.models.price_calls import PriceCall, PriceService
from charging.models.prices import Price, PriceArea, PriceDocument
from charging.models.readings import Reading, VehicleView
from charging.models.sessions import ChargingSession
from charging.models.simulated_cars import SimulatedCar
from charging.models.tariffs import PlaceCharge, PlaceTerms, Tariff, TariffRate
from charging.models.tombstones import Tombstone
from charging.models.vehicles import Vehicle
from charging.models.vendor_health import VendorBudget, VendorHealth
from charging.models.webhooks import Webhook, WebhookDelivery, WebhookEvent
from charging.models.wizard_events import WizardEvent

__all__ = [
    "Activity",
    "AlertMail",
    "AttemptCount",
    "AuditEvent",
    "ChargeAction",
    "ChargingSession",
    "Client",
    "ClientApplication",
    "Command",
    "ConnectedCar",
    "Connection",
    "DecisionLog",
    "Driver",
    "Due",
    "Farewell",
    "Finding",
    "Heartbeat",
    "IdempotentCall",
    "LearnedPower",
    "LinkSession",
    "Location",
    "MissedDeadline",
    "OutboxMessage",
    "PlaceCharge",
    "PlaceTerms",
    "Plan",
    "PlanWindow",
    "PlanningRow",
    "Policy",
    "Price",
    "PriceArea",
    "PriceCall",
    "PriceDocument",
    "PriceService",
    "PriceSnapshot",
    "Reading",
    "ReceivedDelivery",
    "SimulatedCar",
    "SmartOverride",
    "StateEvent",
    "Tariff",
    "TariffRate",
    "Tombstone",
    "Vehicle",
    "VehicleView",
    "VendorBudget",
    "VendorHealth",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
    "WizardEvent",
]
