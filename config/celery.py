"""The Celery application and its static beat schedule. Tasks only ring a bell: the database holds the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("readyby")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
