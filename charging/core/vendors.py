"""The 48 vehicle vendors of the wire format (API_CONTRACT 5.4), and the rules some of them need."""

from __future__ import annotations

_NAMES = (
    "ACURA AUDI BMW HONDA HYUNDAI JAGUAR LANDROVER KIA MERCEDES MINI NISSAN PEUGEOT PORSCHE RENAULT SEAT SKODA "
    "TESLA VOLKSWAGEN VOLVO FORD OPEL DS TOYOTA LEXUS CITROEN CUPRA VAUXHALL FIAT RIVIAN NIO CHEVROLET GMC "
    "CADILLAC XPENG POLESTAR SUBARU JEEP MAZDA MG CHRYSLER DODGE RAM ALFAROMEO LANCIA LUCID BYD DACIA ALPINE"
)
VENDORS = tuple(_NAMES.split())

MINIMUM_FLOOR_PERCENT = {"MERCEDES": 50}
"""Vendors whose cars cannot be held below this level."""

MAX_SENDINGS = {"HYUNDAI": 1, "KIA": 1}
"""Vendors that answer only few requests a day: how often one command is sent (elsewhere 3 times)."""
