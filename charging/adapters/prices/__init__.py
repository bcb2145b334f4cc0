"""Where prices come from: a bundled sample and the services that publish the day-ahead market."""
