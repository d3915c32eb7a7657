"""A Prometheus server of the tests' own: on loopback, in a temporary folder."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


def why_not() -> str | None:
    """Say why no server can be started; None when one can."""
    missing = [name for name in ("prometheus", "promtool") if shutil.which(name) is None]
    return f"{' and '.join(missing)} not found: apt-get install prometheus" if missing else None


@contextlib.contextmanager
def server(folder: Path, target: str, rules: Path) -> Iterator[str]:
    """Run a server that scrapes one target twice a second, and give its address."""
    config = {
        "global": {"scrape_interval": "500ms", "evaluation_interval": "500ms"},
        "scrape_configs": [{"job_name": "aig-billing", "static_configs": [{"targets": [target]}]}],
        "rule_files": [str(rules)],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                shutil.which("prometheus") or "",
                f"--config.file={folder / 'prometheus.yaml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(20)


def get(address: str, path: str, **parameters: str) -> Any:
    """Ask the server's API; None while it does not answer yet."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}") as answer:  # noqa: S310 - loopback
            return json.load(answer)["data"]
    except OSError:
        return None


def wait_for(address: str, query: str) -> list[Any]:
    """Wait until a query gives something, and give it."""
    give_up = time.monotonic() + 180
    while time.monotonic() < give_up:
        found = get(address, "query", query=query)
        if found and found["result"]:
            result: list[Any] = found["result"]
            return result
        time.sleep(0.1)
    raise AssertionError(f"Prometheus has nothing for {query}")
