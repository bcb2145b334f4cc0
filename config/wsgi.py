"""The WSGI entry point, for gunicorn in server mode and for the web threads of embedded mode."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.charsets import with_readable_charsets
from config.data_folder import hold_data_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if settings.IS_EMBEDDED:
    hold_data_folder(settings.DATA_DIR)
application = with_readable_charsets(get_wsgi_application())
