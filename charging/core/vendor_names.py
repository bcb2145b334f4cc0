"""The names of vendors as people write them."""

from __future__ import annotations

from charging.core.vendors import VENDORS

_WRITTEN_OTHERWISE = {
    "ALFAROMEO": "Alfa Romeo",
    "CITROEN": "Citroën",
    "LANDROVER": "Land Rover",
    "MERCEDES": "Mercedes-Benz",
    "SKODA": "Škoda",
    "XPENG": "XPeng",
    "POLESTAR": "Polestar",
    "RAM": "Ram",
    "MINI": "MINI",
    "SEAT": "SEAT",
    **{name: name for name in ("BMW", "BYD", "DS", "GMC", "MG", "NIO")},
}
VENDOR_NAMES = {vendor: _WRITTEN_OTHERWISE.get(vendor, vendor.capitalize()) for vendor in VENDORS}
