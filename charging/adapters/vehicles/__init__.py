"""Gateways to cars, one file a vendor."""
