"""The languages that Readyby speaks, each by its own name."""

from __future__ import annotations

LANGUAGES = (
    ("en", "English"),
    ("nb", "Norsk bokmål"),
    ("sv", "Svenska"),
    ("da", "Dansk"),
    ("fi", "Suomi"),
    ("de", "Deutsch"),
)
