"""Serves a project on loopback: ``python serve_site.py PORT SETTINGS`` with the environment that its settings read."""

from __future__ import annotations

import os
import sys


def main(port: int, settings: str) -> None:
    """Make the tables and answer requests until the process is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    os.environ["SITE_ADDRESS"] = f"127.0.0.1:{port}"

    import django
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    quiet = type("QuietHandler", (WSGIRequestHandler,), {"log_message": lambda *_: None})
    with ThreadedWSGIServer(("127.0.0.1", port), quiet) as server:
        server.set_app(get_wsgi_application())
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
