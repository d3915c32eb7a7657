"""The trial of one mutant, in its own process: make the change in a copy of the tree, generate if need be, ask the tests.

Forked off a process that has imported what does not change (pytest, generator, runtime, sandbox), so that a trial takes seconds.
"""

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.mutants.mutant import Layer, Mutant

_CONTRACT = "tests/contract"
_DOCUMENTS = f"{_CONTRACT}/test_documents_equal_spec.py::test_the_spec_says_what_the_documents_say_and_nothing_else"
_EXAMPLES = f"{_CONTRACT}/test_examples_of_the_spec.py"
_OVERLAYS = f"{_CONTRACT}/test_spec_and_overlays_resolve.py"
_LIVE = f"{_CONTRACT}/test_resolved_tells_the_live_service.py"
_CODE = f"{_CONTRACT}/test_resolved_equals_code.py"
_WIRE = f"{_CONTRACT}/test_code_equals_wire.py"
COMMITTED = f"{_CONTRACT}/test_generation_is_reproducible.py::test_the_committed_client_is_the_one_that_is_generated"
_LOST = "tests/codegen/test_what_would_be_lost.py"
_NAMES = "tests/codegen/test_servers_security_and_names.py"
_ARGUMENTS = "tests/codegen/test_bodies_and_arguments.py"
_ANSWERS = "tests/codegen/test_answers.py"
_TYPES = "tests/codegen/test_types_of_small_clients.py"
# Measures time, which a mutant must not be taken for.
_NOT_ASKED = ("test_resolving_leaves_time_for_the_rest_of_make_gen",)

# Plugins that were imported before the fork are as good as new.
_WARNINGS = ("-W", "ignore::pytest.PytestAssertRewriteWarning")

PROOFS: dict[Layer, Sequence[str]] = {
    Layer.SPEC: (_DOCUMENTS, _EXAMPLES, _LIVE, _CODE, _WIRE, _OVERLAYS),
    Layer.OVERLAY: (_LIVE, _CODE, _WIRE, _OVERLAYS),
    Layer.RESOLVED: (_CODE, _WIRE, _LIVE, COMMITTED),
    Layer.CODE: (_CODE, _WIRE, COMMITTED),
    Layer.TEMPLATE: (_CODE, _WIRE),
    Layer.GENERATOR: (_CODE, _ARGUMENTS, _ANSWERS, _NAMES, _LOST, _TYPES),
}
"""The tests that may notice a change, the quickest first."""
ALL_PROOFS = tuple(dict.fromkeys(proof for proofs in PROOFS.values() for proof in proofs))

BUILD = "the build"
NOBODY_COULD = "nobody"
"""For a template that makes the same client, byte for byte: it is not a mutant of anything that is tested here."""
_COPIED = ("openapi", "overlays", "generated", "codegen", _CONTRACT, "tests/codegen")
_LINKED = ("compare", "src", "generator-config.yaml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who noticed, and what was said; nobody when `by` is empty."""

    by: str
    said: str = ""


def try_mutant(mutant: Mutant | None, base: Path, folder: Path) -> Verdict:
    """Try one mutant of the tree at `base` in a fresh folder; without a mutant, every proof is asked about the tree as it is."""
    copy_tree(base, folder)
    if mutant is None:
        return _asked(ALL_PROOFS, folder)
    (folder / mutant.file).write_text(mutant.content(), encoding="utf-8")
    if mutant.layer.regenerates:
        try:
            _generate(folder)
        except Exception as error:  # noqa: BLE001 - anything that stops the build; Jinja's errors come as they are
            return Verdict(
                BUILD, f"{type(error).__name__}: {' '.join(str(error).replace(str(folder), '').split())[:200]}"
            )
        if mutant.layer is Layer.TEMPLATE and not _differ(base / "generated", folder / "generated"):
            return Verdict(NOBODY_COULD)
    return _asked(PROOFS[mutant.layer], folder)


def copy_tree(base: Path, folder: Path) -> None:
    """What may change is copied, with the times that Python's caches go by; the rest is linked."""
    for name in _COPIED:
        shutil.copytree(base / name, folder / name)
    for name in _LINKED:
        (folder / name).symlink_to(base / name)


def _generate(folder: Path) -> None:
    _enter(folder)
    from codegen.driver import PACKAGE, Sources, generate
    from codegen.resolve import resolve

    resolved = resolve(folder / "openapi" / "billing.yaml", folder / "overlays" / "spec")
    sources = Sources(folder / "generator-config.yaml", folder / "overlays" / "code")
    generate(resolved, sources, folder / "generated" / PACKAGE)


def _differ(one: Path, other: Path) -> bool:
    contents = [
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.suffix in {".py", ".yaml"}}
        for root in (one, other)
    ]
    return contents[0] != contents[1]


def _asked(proofs: Sequence[str], folder: Path) -> Verdict:
    _enter(folder)
    for proof in proofs:
        listener = _Listener()
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *_WARNINGS]
        options += ["-k", " and ".join(f"not {name}" for name in _NOT_ASKED)]
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(printed):
            code = pytest.main([*options, str(folder / proof)], plugins=[listener])
        if listener.failed is not None:
            return Verdict(proof.partition("::")[0].rpartition("/")[2], listener.failed)
        if code != pytest.ExitCode.OK:
            raise RuntimeError(
                f"pytest ended with {code!r} on {proof}, and no test failed:\n{printed.getvalue()[-2000:]}"
            )
    return Verdict("")


def _enter(folder: Path) -> None:
    """Make this process import everything that may have changed from the copy."""
    os.chdir(folder)
    paths = [str(folder), str(folder / "generated"), str(folder / "src")]
    sys.path[:] = paths + [path for path in sys.path if path not in paths and path]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    for name in list(sys.modules):
        if name.partition(".")[0] in {"codegen", "compare", "tests", "aig_billing"}:
            del sys.modules[name]


class _Listener:
    """Keeps what the first failure said."""

    def __init__(self) -> None:
        self.failed: str | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._keep(report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._keep(report)

    def _keep(self, report: Any) -> None:
        if self.failed is None:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash else str(report.longrepr)[-300:]
            self.failed = f"{report.nodeid.partition('::')[2]}: {' '.join(said.split())[:200]}"
