"""The entry point: answers `--version` at once, says what to install when the extra is missing, and starts the command."""

import importlib.util
import sys

_NEEDED = ("typer", "rich")


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        from aig_billing_runtime.version import __version__

        print(f"aig-billing {__version__}")  # noqa: T201 - this is what was asked for
        return
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        print('aig-billing: the command line is an extra; run: pip install "aig-billing[cli]"', file=sys.stderr)  # noqa: T201
        sys.exit(2)
    from aig_billing_cli.app import app

    app(prog_name="aig-billing")


if __name__ == "__main__":
    main()
