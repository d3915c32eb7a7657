"""`python -m aig_billing_sandbox.http.reference FILE`: writes the page without forms, for a documentation site."""

import argparse
from pathlib import Path

from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.pages import render_page


def main() -> None:
    """Writes the page to the named file."""
    parser = argparse.ArgumentParser("python -m aig_billing_sandbox.http.reference", description=__doc__)
    parser.add_argument("file", type=Path)
    file: Path = parser.parse_args().file
    try:
        file.write_bytes(render_page(resolved_document(), back="http.html"))
    except OSError as error:
        parser.exit(2, f"{file} cannot be written: {error.strerror}\n")


if __name__ == "__main__":
    main()
