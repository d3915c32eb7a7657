"""Everything that is installed for work on the project has a version in constraints.txt and hashes in constraints-hashes.txt."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_pin_has_its_hashes() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    hashed = [
        line
        for line in (ROOT / "constraints-hashes.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert [line.split()[0] for line in hashed] == pins, "run `make hashes`"
    for line in hashed:
        assert re.fullmatch(r"\S+==\S+( --hash=sha256:[0-9a-f]{64})+", line), line
