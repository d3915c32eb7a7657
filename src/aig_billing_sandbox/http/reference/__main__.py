"""`python -m aig_billing_sandbox.http.reference FILE`: writes the page without forms, for a documentation site."""

import sys
from pathlib import Path

from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.reference.page import render_page


def main(arguments: list[str]) -> int:
    """Writes the page to the named file."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m aig_billing_sandbox.http.reference FILE", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    file = Path(arguments[0])
    try:
        file.write_bytes(render_page(resolved_document(), back="http.html"))
    except OSError as error:
        print(f"{file} cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201 - a command's message
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
