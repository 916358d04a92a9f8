"""Service providers written by others, each in a process of its own on a loopback port."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from reader_environment import reader_environment

TOKEN = "token-of-the-interop-tests"
HOST = "127.0.0.1"
PROJECT = Path(__file__).parent / "django_project"

#: How long a server may take until it answers, in seconds.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Foreign:
    """A server to run against: the module it is in, how to start it in a folder, how deep a run looks at it."""

    module: str
    start: Callable[[Path], AbstractContextManager[str]]
    depth: str


@contextmanager
def scim2_server(folder: Path) -> Iterator[str]:
    """The base URL of a scim2-server with everything it supports switched on."""
    port = free_port()
    code = "import sys; from scim2_server.testserver.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "--port", str(port), "--bearer-token", TOKEN]
    with running(words, folder, f"http://{HOST}:{port}") as url:
        yield url


@contextmanager
def django_scim2(folder: Path) -> Iterator[str]:
    """The base URL of a Django project with django-scim2; its database is in ``folder``."""
    with django_site(folder, "site_settings") as url:
        yield url


@contextmanager
def django_scim2_server(folder: Path) -> Iterator[str]:
    """The base URL of a Django project with django-scim2-server; its database is in ``folder``."""
    with django_site(folder, "server_settings", "/scim/v2") as url:
        yield url


@contextmanager
def django_site(folder: Path, settings: str, path: str = "") -> Iterator[str]:
    """The base URL, which ends with ``path``, of the Django project with these settings."""
    port = free_port()
    words = [sys.executable, str(PROJECT / "serve_site.py"), str(port), settings]
    variables = {"SITE_DATABASE": str(folder / "site.sqlite3"), "SITE_TOKEN": TOKEN}
    with running(words, folder, f"http://{HOST}:{port}{path}", **variables) as url:
        yield url


@contextmanager
def running(words: list[str], folder: Path, url: str, **variables: str) -> Iterator[str]:
    """Start a server, wait until it answers at ``url``, end it with the context; its output is in ``server.log``."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=reader_environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_served(process, url, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_served(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return as soon as the server answers; RuntimeError with its output when it ends or takes too long."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if answers(url):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no server at {url}: {log.read_text(encoding='utf-8', errors='replace')}")


def answers(url: str) -> bool:
    """Whether there is an HTTP answer at ``url``; a refusal is one."""
    try:
        urlopen(f"{url}/ServiceProviderConfig", timeout=5).close()
    except HTTPError as refusal:
        refusal.close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


SERVERS = {
    "scim2-server": Foreign("scim2_server", scim2_server, "standard"),
    "django-scim2": Foreign("django_scim", django_scim2, "quick"),
    "django-scim2-server": Foreign("django_scim2_server", django_scim2_server, "quick"),
}
