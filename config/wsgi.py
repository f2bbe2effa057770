"""The portal for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# What was loaded stays for good: a collection in the middle of a request would walk through it for a tenth of a second.
gc.collect()
gc.freeze()
