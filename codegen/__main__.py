"""The builder's commands: `python -m codegen gen | check | validate | overlays | drift`, as the Makefile calls them."""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from codegen.errors import BuildError, display_path
from codegen.paths import walk
from codegen.resolve import Resolved, check, overlaid, resolve

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run one command; give the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["drift"]:
        from compare.drift import main as drift

        return drift(arguments[1:], ROOT)
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    commands = "; ".join(f"{name}: {run.__doc__}" for name, run in _COMMANDS.items())
    parser.add_argument("command", choices=sorted(_COMMANDS), help=commands)
    folder = "the folder with openapi/, overlays/ and generated/ (default: this one)"
    parser.add_argument("--root", type=Path, default=ROOT, help=folder)
    chosen = parser.parse_args(arguments)
    try:
        return _COMMANDS[chosen.command](chosen.root.resolve())
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _resolve(root: Path) -> Resolved:
    resolved = overlaid(root / "openapi" / "billing.yaml", root / "overlays" / "spec")
    check(resolved)
    return resolved


def _gen(root: Path) -> int:
    """Generates generated/aig_billing."""
    started = time.monotonic()
    # Another process reads the document while the generator is imported, and finds out whether it is valid while the client is made.
    with ProcessPoolExecutor(1) as other:
        reading = other.submit(overlaid, root / "openapi" / "billing.yaml", root / "overlays" / "spec")
        from codegen.async_twins import outdated_twins
        from codegen.driver import GENERATOR, PACKAGE, Sources, generate
        from codegen.facts_page import PAGE, facts_page

        resolved = reading.result()
        valid = other.submit(check, resolved)
        actions = sum(len(overlay.actions) for overlay in resolved.overlays)
        print(f"  openapi/billing.yaml and {len(resolved.overlays)} overlays with {actions} actions", flush=True)
        sources = Sources(root / "generator-config.yaml", root / "overlays" / "code")
        target = root / "generated" / PACKAGE
        count = generate(resolved, sources, target, valid.result)
    took = f"{time.monotonic() - started:.1f} s"
    print(f"  {display_path(target)}: {count} files by {GENERATOR}, checked, formatted and swapped in ({took})")
    for path, text in outdated_twins(root).items():
        path.write_text(text, encoding="utf-8")
        print(f"  {display_path(path)}: made from its synchronous form")
    if (root / PAGE).exists():
        (root / PAGE).write_text(facts_page(root), encoding="utf-8")
    return 0


def _check(root: Path) -> int:
    """Says whether generated/ is what spec, overlays and templates give."""
    from codegen.async_twins import outdated_twins
    from codegen.driver import PACKAGE, Sources, build_package, differences

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / PACKAGE
        build_package(_resolve(root), Sources(root / "generator-config.yaml", root / "overlays" / "code"), made)
        different = [f"{PACKAGE}/{line}" for line in differences(made, root / "generated" / PACKAGE)]
    different += [f"{path.relative_to(root)} differs" for path in outdated_twins(root)]
    if not different:
        print("generated/ is what spec, overlays and templates give")
        return 0
    print("error: not what spec, overlays and templates give:", *different, sep="\n  ", file=sys.stderr)
    print(
        "Run `make gen` and commit what it changes. If a file there was edited by hand, put the change where it belongs first: "
        "CONTRIBUTING.md says where.",
        file=sys.stderr,
    )
    return 1


def _validate(root: Path) -> int:
    """Validates spec and overlays."""
    resolve(root / "openapi" / "billing.yaml", None)  # which must be valid without overlays, too
    resolved = _resolve(root)
    operations = sum(node.kind == "operation" for node in walk(resolved.document))
    overlays = f"{len(resolved.overlays)} overlays"
    print(f"valid: openapi/billing.yaml, {overlays}, and what they give together ({operations} operations)")
    return 0


def _overlays(root: Path) -> int:
    """Shows what each overlay action changes, as Markdown."""
    from compare.report import report

    print(report(_resolve(root)), end="")
    return 0


_COMMANDS = {"gen": _gen, "check": _check, "validate": _validate, "overlays": _overlays}

if __name__ == "__main__":
    sys.exit(main())
