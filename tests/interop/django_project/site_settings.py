"""Settings of the Django project that django-scim2 is tried in; the database and the address are in the environment."""

from __future__ import annotations

import os

SECRET_KEY = "only on loopback"
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
ROOT_URLCONF = "site_urls"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people"]
MIDDLEWARE = ["site_tokens.bearer_token", "django_scim.middleware.SCIMAuthCheckMiddleware"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["SITE_DATABASE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=wal;"},
    }
}
SCIM_SERVICE_PROVIDER = {
    "SCHEME": "http",
    "NETLOC": os.environ["SITE_ADDRESS"],
    "GROUP_MODEL": "people.models.Group",
    "WWW_AUTHENTICATE_HEADER": 'Bearer realm="django-scim2"',
    "AUTHENTICATION_SCHEMES": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token that was handed out",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
        }
    ],
}
LOGGING = {"version": 1, "root": {"level": "CRITICAL"}}
