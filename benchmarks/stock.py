"""The unmodified generator's output for the same document, made in a temporary folder."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.answers import DOCUMENT
from benchmarks.peers import STOCK_PACKAGE


@contextlib.contextmanager
def stock_package() -> Iterator[Path]:
    """Generate it; give the folder that it can be imported from.

    Raises:
        RuntimeError: When the generator makes nothing of the document.
    """
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        package = Path(folder) / STOCK_PACKAGE
        arguments = ["--path", str(DOCUMENT), "--output-path", str(package), "--meta", "none", "--overwrite"]
        command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        if not (package / "client.py").exists():
            raise RuntimeError(f"openapi-python-client made nothing of {DOCUMENT.name}:\n{done.stdout}{done.stderr}")
        yield Path(folder)
