"""Writes constraints.txt and constraints-hashes.txt: the version of everything in .venv, and the hashes of its files.

The hashes are those of the files that pip picks on this platform for each supported Python; another platform needs others. They come from
pip's own report of what it would install.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11.5", "3.12", "3.13", "3.14")  # the generator of the site needs 3.11.5
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main() -> None:
    """Write both files, or the hashes of the versions in constraints.txt alone."""
    if sys.argv[1:] != ["--hashes"]:
        write_versions()
    write_hashes((ROOT / "constraints.txt").read_text(encoding="utf-8"))


def write_versions() -> None:
    """Write the versions that are installed here."""
    frozen = subprocess.run([*PIP, "freeze", "--all", "--exclude-editable"], capture_output=True, text=True, check=True)
    pinned = [line for line in frozen.stdout.splitlines() if re.fullmatch(r"[A-Za-z0-9._-]+==[^ ]+", line)]
    pins = "".join(f"{line}\n" for line in pinned if not line.startswith("aig-billing=="))
    (ROOT / "constraints.txt").write_text(pins, encoding="utf-8")


def write_hashes(pins: str) -> None:
    """Write the hashes of these versions."""
    hashes: dict[str, set[str]] = defaultdict(set)
    for version in PYTHONS:
        for name, digest in hashes_for(version):
            hashes[name].add(digest)
    lines = []
    for line in pins.splitlines():
        name = re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower()
        lines.append(" ".join([line, *(f"--hash={digest}" for digest in sorted(hashes[name]))]))
    text = "# Written by `make pins`, for Linux on x86-64: `pip install --require-hashes --no-deps -r constraints-hashes.txt`.\n"
    (ROOT / "constraints-hashes.txt").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
    missing = [line for line in lines if "--hash" not in line]
    print(f"{len(lines)} packages; without a hash: {', '.join(missing) or 'none'}")


def hashes_for(version: str) -> list[tuple[str, str]]:
    """The name and hash of each file that pip would install for one version of Python."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [*PIP, "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", str(report)]
        command += ["--target", folder, "--python-version", version, "--only-binary", ":all:"]
        subprocess.run([*command, "-r", str(ROOT / "constraints.txt")], check=True)
        entries = json.loads(report.read_text(encoding="utf-8"))["install"]
    found = []
    for entry in entries:
        name = re.sub(r"[-_.]+", "-", entry["metadata"]["name"]).lower()
        found.append((name, f"sha256:{entry['download_info']['archive_info']['hashes']['sha256']}"))
    return found


if __name__ == "__main__":
    main()
