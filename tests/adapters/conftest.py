"""What talks to real programs is there where they are: `READYBY_HASS` and `READYBY_MOSQUITTO` are paths to them."""

import os

collect_ignore = [
    file
    for name, file in (
        ("READYBY_HASS", "test_home_assistant_real.py"),
        ("READYBY_HASS", "test_home_assistant_live_real.py"),
        ("READYBY_MOSQUITTO", "test_mqtt_real.py"),
    )
    if not os.environ.get(name)
]
