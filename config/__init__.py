"""How Readyby is wired: settings, addresses, jobs and the one-process mode. Nothing here decides about charging."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
