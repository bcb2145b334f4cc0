"""The wizard that takes a driver from nothing to a first plan."""
