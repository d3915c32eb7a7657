"""A sandbox in its own process, which can be killed and started again on the same port with the same books."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


class SandboxProcess:
    """The arbiter: it answers as the service does, goes wrong as asked, and logs every charge that arrives."""

    def __init__(self, books: Path) -> None:
        self._books = books
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.base_url = self.token = ""
        self.start()

    def start(self) -> None:
        ours, theirs = os.pipe()
        command = [
            *(sys.executable, "-m", "aig_billing_sandbox", "--port", str(self.port), "--db", str(self._books)),
            *("--settles-after", "0", "--json", "--ready-fd", str(theirs), "--exit-with-parent"),
        ]
        self._process = subprocess.Popen(command, pass_fds=[theirs], stdout=subprocess.DEVNULL)
        os.close(theirs)
        with os.fdopen(ours) as ready:
            said = json.loads(ready.readline())
        self.base_url, self.token = said["base_url"], said["token"]
        self.port = urlsplit(self.base_url).port or 0

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()

    def tell(self, control: str, **terms: Any) -> Any:
        return self._ask("POST", control, json.dumps(terms))

    def look(self, control: str) -> Any:
        return self._ask("GET", control, None)

    def _ask(self, method: str, control: str, body: str | None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, f"/_sandbox/{control}", body)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert answer["success"], answer
        return answer["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
