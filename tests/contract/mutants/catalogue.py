"""All mutants of a tree, or a seeded sample of each kind."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from codegen.yaml_io import dump_yaml
from tests.contract.mutants import of_code, of_openapi, of_overlays, of_templates
from tests.contract.mutants.equivalent import is_equivalent
from tests.contract.mutants.mutant import Layer, Mutant, sample

SPEC = "openapi/billing.yaml"
RESOLVED = "generated/aig_billing/openapi.yaml"
OVERLAYS = "overlays/spec"
TEMPLATES = "overlays/code"
CODE = "generated/aig_billing"
GENERATOR = ("from_generator", "views", "names", "prepare", "schemas", "carried")
"""Modules of codegen that decide what the client says; the others are tried by their own tests."""

SIZES: Mapping[Layer, int] = {
    Layer.SPEC: 4,
    Layer.OVERLAY: 12,
    Layer.RESOLVED: 4,
    Layer.CODE: 40,
    Layer.TEMPLATE: 20,
    Layer.GENERATOR: 12,
}
"""How many of each kind are tried."""
ALL_OF = {"remove an overlay action"}
"""Kinds that are tried everywhere they apply."""


def catalogue(root: Path, seed: int, *, whole: bool = False) -> list[Mutant]:
    """The mutants to try: all of those kinds that are few, and a sample of the others."""
    found: list[Mutant] = []
    for layer, size in SIZES.items():
        mutants = (mutant for mutant in _LAYERS[layer](root) if not is_equivalent(mutant))
        found += sample(mutants, None if whole else size, seed, ALL_OF)
    return found


def _of_spec(root: Path) -> Iterator[Mutant]:
    document = _read(root / SPEC)
    for kind in of_openapi.IN_SPEC:
        yield from _mutants(Layer.SPEC, kind, SPEC, "", kind(document))


def _of_resolved(root: Path) -> Iterator[Mutant]:
    head = "".join((root / RESOLVED).read_text(encoding="utf-8").splitlines(keepends=True)[:2])
    document = _read(root / RESOLVED)
    for kind in of_openapi.IN_RESOLVED:
        yield from _mutants(Layer.RESOLVED, kind, RESOLVED, head, kind(document))


def _of_overlays(root: Path) -> Iterator[Mutant]:
    for path in sorted((root / OVERLAYS).glob("*.yaml")):
        document = _read(path)
        for kind in of_overlays.KINDS:
            yield from _mutants(Layer.OVERLAY, kind, f"{OVERLAYS}/{path.name}", "", kind(document))


def _mutants(
    layer: Layer, kind: Callable[..., object], file: str, head: str, changes: Iterable[of_openapi.Change]
) -> Iterator[Mutant]:
    for what, document in changes:
        yield Mutant(layer, _named(kind), file, what, functools.partial(_dumped, head, document))


def _dumped(head: str, document: Callable[[], Any]) -> str:
    return head + dump_yaml(document())


def _of_code(root: Path) -> Iterator[Mutant]:
    for path in sorted((root / CODE).rglob("*.py")):
        for what, content in of_code.code_changes(path.read_text(encoding="utf-8")):
            yield Mutant(Layer.CODE, "edit a generated line", path.relative_to(root).as_posix(), what, content)
        for what, content in of_code.unit_changes(path.read_text(encoding="utf-8")):
            yield Mutant(Layer.CODE, "say another unit", path.relative_to(root).as_posix(), what, content)


def _of_generator(root: Path) -> Iterator[Mutant]:
    for module in GENERATOR:
        path = root / "codegen" / f"{module}.py"
        for what, content in of_code.code_changes(path.read_text(encoding="utf-8"), wording=False):
            yield Mutant(Layer.GENERATOR, "edit the generator", path.relative_to(root).as_posix(), what, content)


def _of_templates(root: Path) -> Iterator[Mutant]:
    for path in sorted((root / TEMPLATES).iterdir()):
        for kind in of_templates.KINDS:
            for what, content in kind(path.read_text(encoding="utf-8")):
                yield Mutant(
                    Layer.TEMPLATE, f"edit a template: {_named(kind)}", f"{TEMPLATES}/{path.name}", what, content
                )


_LAYERS: Mapping[Layer, Callable[[Path], Iterator[Mutant]]] = {
    Layer.SPEC: _of_spec,
    Layer.OVERLAY: _of_overlays,
    Layer.RESOLVED: _of_resolved,
    Layer.CODE: _of_code,
    Layer.TEMPLATE: _of_templates,
    Layer.GENERATOR: _of_generator,
}


def _named(kind: Callable[..., object]) -> str:
    return str(getattr(kind, "__name__", kind)).replace("_", " ")


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
