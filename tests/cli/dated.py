"""A door to a sandbox whose answers bear the date of the sandbox's own clock, so that what is shown does not depend on today."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from aig_billing_sandbox import Sandbox


@contextmanager
def dated(sandbox: Sandbox, now: datetime | None = None) -> Iterator[str]:
    """Serve the sandbox, dated `now` or by its clock; gives the base URL."""
    transport = sandbox.transport()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            url = f"http://{self.headers['host']}{self.path}"
            answer = transport.handle_request(
                httpx.Request(self.command, url, headers=list(self.headers.items()), content=body)
            )
            content = answer.read()
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.items():
                if name not in {"content-length", "date", "transfer-encoding"}:
                    self.send_header(name, value)
            self.send_header("date", format_datetime((now or sandbox.now).replace(microsecond=0), usegmt=True))
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - as http.server calls them

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/client/v4"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
