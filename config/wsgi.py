"""The WSGI entry point, for gunicorn in server mode and for the web threads of embedded mode."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
