"""What the search box of a car's rows looks at."""

BY_CAR = (
    "vehicle__driver__account__email",
    "vehicle__driver__external_id",
    "vehicle__display_name",
    "vehicle__vin__iendswith",
)
"""E-mail and user id of the driver, name of the car, the end of its VIN."""
