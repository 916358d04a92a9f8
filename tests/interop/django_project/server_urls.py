"""Where django-scim2-server has its endpoints: under a prefix, as its manual proposes."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("scim/v2/", include("django_scim2_server.urls"))]
