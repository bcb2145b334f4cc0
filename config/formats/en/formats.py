"""Clocks of 24 hours, as everywhere else, and days that nobody reads the wrong way round."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
