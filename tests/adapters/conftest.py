"""What talks to a real Home Assistant is there where one is: `READYBY_HASS=/path/to/hass`."""

import os

collect_ignore = [] if os.environ.get("READYBY_HASS") else ["test_home_assistant_real.py"]
