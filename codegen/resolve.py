"""From a specification and its overlays to the one document that everything else is made from."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from codegen.errors import BuildError, Violation, display_path
from codegen.extensions import extension_faults
from codegen.overlays import Change, Overlay, apply, load_overlays
from codegen.paths import to_jsonpath
from codegen.yaml_io import parse_yaml, read_bytes


@frozen
class Resolved:
    """A specification with its overlays applied."""

    specification: dict[str, Any]
    """The specification without them."""
    document: dict[str, Any]
    """The resolved document; no two places in it share an object."""
    spec_path: Path
    overlays: tuple[Overlay, ...]
    changes: tuple[Change, ...]
    digest: str
    """SHA-256, in hexadecimal, over names and bytes of specification and overlays; the same wherever they lie."""


def resolve(spec_path: Path, overlays_folder: Path | None) -> Resolved:
    """Read and overlay a specification, and check the result; without a folder, check it as it is, with what overlays would mend."""
    resolved = overlaid(spec_path, overlays_folder)
    check_document(resolved)
    return resolved


def overlaid(spec_path: Path, overlays_folder: Path | None) -> Resolved:
    """Like `resolve`, before the result is checked."""
    overlays = load_overlays(overlays_folder) if overlays_folder else []
    for overlay in overlays:
        target = spec_path if overlay.extends is None else overlay.file.parent / unquote(overlay.extends)
        if target.resolve() != spec_path.resolve():
            reason = f"the overlay extends {overlay.extends!r}, which is not {display_path(spec_path)}"
            raise BuildError(overlay.file, "$.extends", reason, "correct it or drop it")
    specification = read_bytes(spec_path)
    base = parse_yaml(specification, spec_path)
    document, changes = apply(base, overlays)
    read = [(spec_path.name, specification), *((overlay.file.name, overlay.content) for overlay in overlays)]
    digest = hashlib.sha256(repr(read).encode()).hexdigest()
    return Resolved(base, document, spec_path, tuple(overlays), tuple(changes), digest)


def check_document(resolved: Resolved) -> None:
    """Refuse a document that is not valid, by its first violation; those of the specification before those that overlays bring in."""
    # Imported here because it is slow, and `make gen` checks in a separate process.
    from codegen.checks import first_violation

    if found := first_violation(resolved.document):
        own = first_violation(resolved.specification)
        raise blamed(own or found, resolved.spec_path, () if own else resolved.changes, above=True)


def check(resolved: Resolved) -> None:
    """Refuse a document that is not valid, and then `x-` fields that are unknown, misplaced, missing or say what nobody understands."""
    check_document(resolved)
    if found := next(extension_faults(resolved.document), None):
        raise blamed(found, resolved.spec_path, resolved.changes, above=True)


def blamed(found: Violation, spec_path: Path, changes: Sequence[Change], *, above: bool = False) -> BuildError:
    """The error for a violation in the resolved document, laid to the last action that put it there, if one did.

    With `above`, also to an action that changed something below the place: what it did may have made the whole wrong.
    """
    place = to_jsonpath(found.path)
    for change in reversed(changes if found.path else ()):  # without a place nobody can be blamed
        shared = min(len(change.path), len(found.path)) if above else len(change.path)
        if change.path[:shared] == found.path[:shared]:
            reason = f"it leaves {place} wrong: {found.reason}"
            return BuildError(change.action.file, change.action.place, reason, found.hint)
    return BuildError(spec_path, place, found.reason, found.hint)
