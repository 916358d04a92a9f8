"""Service providers in processes of their own on loopback, and a plain client to measure them with."""

from __future__ import annotations

import json
import math
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from scimcheck.core import urns
from scimcheck.core.json import JSONObject

TOKEN = "token-of-the-benchmarks"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

#: What starts a server when a port is put behind it.
SCIMCHECK = (sys.executable, "-m", "scimcheck", "serve", "--token", TOKEN, "--port")
SCIM2_SERVER = (
    *(sys.executable, "-c", "from scim2_server.testserver.cli import main; main()"),
    *("--bearer-token", TOKEN, "--port"),
)


class Client:
    """Requests one after the other on one connection, which is opened again when the server closes it.

    It knows no more of HTTP than the measured servers answer with, and makes requests and reads answers apart from
    sending them, so as to measure the servers and not itself.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._path = parts.path
        self._address = (parts.hostname or "", parts.port or 80)
        self._fields = f"Host: {parts.netloc}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: {urns.MEDIA_TYPE}\r\n"
        self._socket: socket.socket | None = None
        #: The server's process, where it was started with the client.
        self.pid: int | None = None

    def ask(self, method: str, path: str, body: object = None) -> JSONObject:
        """The JSON body of the answer; raises as :meth:`send` does."""
        answer: JSONObject = json.loads(self.send(self.request(method, path, body)) or b"{}")
        return answer

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """A request as it goes over the wire."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._fields}Content-Length: {len(content)}\r\n\r\n"
        return head.encode("ascii") + content

    def send(self, request: bytes) -> bytes:
        """The body of the answer; RuntimeError when the request is refused, OSError when there is no answer."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=20)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        status, data = self._answer(self._socket)
        if status >= 300:
            raise RuntimeError(f"{request[:80]!r}: {status} {data[:500]!r}")
        return data

    def _answer(self, connection: socket.socket) -> tuple[int, bytes]:
        """Status and body of the next response; after a response of HTTP/1.0 the connection is closed."""
        received = _more(connection)
        while b"\r\n\r\n" not in received:
            received += _more(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        while length is not None and len(body) < int(length[1]):
            body += _more(connection)
        if not head.startswith(b"HTTP/1.1"):
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 20)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


def processor_seconds(pid: int | None) -> float:
    """The processor time that a process has taken so far, to a hundredth of a second; NaN where no system tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def served(command: tuple[str, ...], path: str) -> Iterator[Client]:
    """A client of a server that answers below ``path``; the server ends with the context."""
    port = free_port()
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = Client(f"http://127.0.0.1:{port}{path}")
    client.pid = process.pid
    try:
        _wait(process, client)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], client: Client) -> None:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        if _answers(client):
            return
        time.sleep(0.02)
    raise RuntimeError(f"no answer at {client.url}")


def _answers(client: Client) -> bool:
    try:
        client.ask("GET", "/ServiceProviderConfig")
    except OSError:
        client.close()
        return False
    return True
