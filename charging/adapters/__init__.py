"""The outside world: cars, prices, geography, and the bundled data that stands in for it."""
