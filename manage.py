#!/usr/bin/env python3
"""The one entry point for commands: `python manage.py COMMAND`."""

import os
import sys


def use_data_dir_option(arguments: list[str]) -> None:
    """Let `--data-dir DIR` reach the settings, which are read before any command parses its own options."""
    for position, argument in enumerate(arguments):
        name, has_value, value = argument.partition("=")
        if name == "--data-dir":
            value = value if has_value else "".join(arguments[position + 1 : position + 2])
            os.environ["READYBY_DATA_DIR"] = value or os.environ.get("READYBY_DATA_DIR", "")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    use_data_dir_option(sys.argv[1:])
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - after the settings are chosen
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the settings are chosen

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
