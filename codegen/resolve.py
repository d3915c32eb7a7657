"""From a specification and its overlays to the one document that everything else is made from."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from attrs import frozen

from codegen.checks import Violation, first_violation
from codegen.errors import BuildError, display_path
from codegen.extensions import extension_faults
from codegen.overlays import Change, Overlay, apply, overlay_files, parse_overlays
from codegen.yaml_io import parse_yaml, read_bytes


@frozen
class Resolved:
    """A specification with its overlays applied, checked.

    Attributes:
        document: The resolved document; no two places in it share an object.
        spec_path: The specification's file.
        overlays: The overlays, in the order in which they were applied.
        changes: What each action changed, in order.
        digest: SHA-256, in hexadecimal, over names and bytes of specification and overlays; the same wherever they lie.
    """

    document: dict[str, Any]
    spec_path: Path
    overlays: tuple[Overlay, ...]
    changes: tuple[Change, ...]
    digest: str


def resolve(spec_path: Path, overlays_folder: Path | None) -> Resolved:
    """Reads, checks and overlays a specification. None for the folder means that there are no overlays.

    Raises:
        BuildError: Anything is wrong with the specification, an overlay, or what comes of the two.
    """
    contents = [(file, read_bytes(file)) for file in (overlay_files(overlays_folder) if overlays_folder else [])]
    specification = read_bytes(spec_path)
    base = parse_yaml(specification, spec_path)
    overlays = parse_overlays(contents)
    for overlay in overlays:
        if (
            overlay.extends is not None
            and (overlay.file.parent / unquote(overlay.extends)).resolve() != spec_path.resolve()
        ):
            reason = f"the overlay extends {overlay.extends!r}, which is not {display_path(spec_path)}"
            raise BuildError(overlay.file, "$.extends", reason, "correct it or drop it")
    if fault := first_violation(base):
        raise BuildError(spec_path, fault.place, fault.reason, fault.hint)
    document, changes = apply(base, overlays)
    if changes and (fault := first_violation(document)):
        raise _blamed(fault, spec_path, changes)
    digest = _digest([(spec_path, specification), *contents])
    return Resolved(document, spec_path, tuple(overlays), tuple(changes), digest)


def check_extensions(resolved: Resolved) -> None:
    """Refuses `x-` fields that are unknown, misplaced, missing or say what nobody understands.

    Raises:
        BuildError: The first of them, with the overlay's action that brought it in.
    """
    if fault := next(extension_faults(resolved.document), None):
        raise _blamed(fault, resolved.spec_path, resolved.changes)


def _blamed(fault: Violation, spec_path: Path, changes: Sequence[Change]) -> BuildError:
    """The error for a fault in the resolved document: laid to the last action that touched the place, if one did."""
    for change in reversed(changes):
        shorter = min(len(change.path), len(fault.path))
        if change.path[:shorter] == fault.path[:shorter]:
            action = change.action
            return BuildError(action.file, action.place, f"it leaves {fault.place} wrong: {fault.reason}", fault.hint)
    return BuildError(spec_path, fault.place, fault.reason, fault.hint)


def blamed(loss: Violation, spec_path: Path, changes: Sequence[Change]) -> BuildError:
    """The error for something that the client would lose: laid to an action only if it put that very thing there."""
    for change in reversed(changes):
        if change.path == loss.path[: len(change.path)]:
            action = change.action
            return BuildError(action.file, action.place, f"{loss.place}: {loss.reason}", loss.hint)
    return BuildError(spec_path, loss.place, loss.reason, loss.hint)


def _digest(contents: Sequence[tuple[Path, bytes]]) -> str:
    """Lengths go in before names and bytes, so that no two sets of files run together into the same sequence."""
    digest = hashlib.sha256()
    for file, content in contents:
        for part in (file.name.encode(), content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
