"""Where the endpoints are: at the root, from which django-scim2 counts what it announces (see docs/interop.md)."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("django_scim.urls", namespace="scim"))]
