"""Settings of the Django project that django-scim2-server is tried in; database and token are in the environment."""

from __future__ import annotations

import os

SECRET_KEY = "only on loopback"
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
ROOT_URLCONF = "server_urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim2_server"]
MIDDLEWARE = ["site_tokens.bearer_token"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["SITE_DATABASE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=wal;"},
    }
}
SCIM2_SERVER_AUTH_CHECK = "django_scim2_server.auth.is_authenticated"
LOGGING = {"version": 1, "root": {"level": "CRITICAL"}}
