"""What is stored. Reads are QuerySet methods, integrity is database constraints, writes live in operations."""

from charging.models.activities import Activity
from charging.models.clients import Client, ClientApplication
from charging.models.commands import Command
from charging.models.decision_log import DecisionLog, PriceSnapshot
from charging.models.drivers import Driver
from charging.models.due import Due, Heartbeat
from charging.models.events import OutboxMessage, StateEvent
from charging.models.findings import Finding
from charging.models.locations import Location
from charging.models.overrides import SmartOverride
from charging.models.plans import Plan, PlanWindow
from charging.models.policies import Policy
from charging.models.prices import Price, PriceArea, PriceDocument
from charging.models.readings import Reading, VehicleView
from charging.models.simulated_cars import SimulatedCar
from charging.models.vehicles import Vehicle

__all__ = [
    "Activity",
    "Client",
    "ClientApplication",
    "Command",
    "DecisionLog",
    "Driver",
    "Due",
    "Finding",
    "Heartbeat",
    "Location",
    "OutboxMessage",
    "Plan",
    "PlanWindow",
    "Policy",
    "Price",
    "PriceArea",
    "PriceDocument",
    "PriceSnapshot",
    "Reading",
    "SimulatedCar",
    "SmartOverride",
    "StateEvent",
    "Vehicle",
    "VehicleView",
]
