"""The builder's commands: `python -m codegen gen | check | validate | overlays`, as the Makefile calls them."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.errors import BuildError, display_path

if TYPE_CHECKING:
    from codegen.driver import Sources
    from codegen.resolve import Resolved

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run one command; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument(
        "command",
        choices=sorted(_COMMANDS),
        help="; ".join(f"{name}: {run.__doc__}" for name, run in _COMMANDS.items()),
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the folder with openapi/, overlays/ and generated/ (default: this one)"
    )
    chosen = parser.parse_args(arguments)
    try:
        return _COMMANDS[chosen.command](chosen.root.resolve())
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


class _Steps:
    """Prints a line a step, with the time that it took."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def done(self, what: str) -> None:
        now = time.monotonic()
        print(f"  {what} ({now - self._last:.1f} s)", flush=True)
        self._last = now


def _resolved(root: Path) -> "Resolved":
    from codegen.resolve import check_extensions, resolve

    resolved = resolve(root / "openapi" / "billing.yaml", root / "overlays" / "spec")
    check_extensions(resolved)
    return resolved


def _sources(root: Path) -> "Sources":
    from codegen.driver import Sources

    return Sources(root / "generator-config.yaml", root / "overlays" / "code")


def _gen(root: Path) -> int:
    """Makes generated/aig_billing anew."""
    from codegen.async_twins import write_twins
    from codegen.driver import GENERATOR, PACKAGE, generate

    steps = _Steps()
    resolved = _resolved(root)
    actions = sum(len(overlay.actions) for overlay in resolved.overlays)
    steps.done(f"openapi/billing.yaml and {len(resolved.overlays)} overlays with {actions} actions: resolved and valid")
    target = root / "generated" / PACKAGE
    count = generate(resolved, _sources(root), target)
    steps.done(f"{display_path(target)}: {count} files by {GENERATOR}, formatted and swapped in")
    steps.done(f"asynchronous forms of hand-written resources: {write_twins(root)}")
    return 0


def _check(root: Path) -> int:
    """Says whether generated/ is what spec, overlays and templates give."""
    from codegen.async_twins import outdated_twins
    from codegen.driver import PACKAGE, build_package, differences

    resolved = _resolved(root)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / PACKAGE
        build_package(resolved, _sources(root), made)
        different = [f"{PACKAGE}/{line}" for line in differences(made, root / "generated" / PACKAGE)]
    different += [f"{name} differs" for name in outdated_twins(root)]
    if different:
        print("error: not what spec, overlays and templates give:", *different, sep="\n  ", file=sys.stderr)
        print(
            "Run `make gen` and commit what it changes. If a file there was edited by hand, put the change where it belongs first: "
            "CONTRIBUTING.md says where.",
            file=sys.stderr,
        )
        return 1
    print("generated/ is what spec, overlays and templates give")
    return 0


def _validate(root: Path) -> int:
    """Validates spec and overlays."""
    resolved = _resolved(root)
    operations = sum(
        method in item
        for item in resolved.document["paths"].values()
        for method in ("get", "put", "post", "delete", "patch")
    )
    print(
        f"valid: openapi/billing.yaml, {len(resolved.overlays)} overlays, and what they give together ({operations} operations)"
    )
    return 0


def _overlays(root: Path) -> int:
    """Shows what each overlay action changes, as Markdown."""
    from codegen.report import report

    print(report(_resolved(root)), end="")
    return 0


_COMMANDS = {"gen": _gen, "check": _check, "validate": _validate, "overlays": _overlays}

if __name__ == "__main__":
    sys.exit(main())
