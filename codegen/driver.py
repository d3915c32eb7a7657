"""Drives openapi-python-client from the resolved document to the package in `generated/`, which changes only when all of it worked."""

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrs import frozen
from jinja2 import TemplateError
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import safe_for_docstring
from ruff import find_ruff_bin

from aig_billing_runtime import errors
from codegen.carried import is_json, losses
from codegen.errors import BuildError, display_path, shorten
from codegen.from_generator import ViewReader
from codegen.names import CLASSES
from codegen.paths import resolve_pointer, to_jsonpath, walk
from codegen.prepare import PLACE, prepared
from codegen.resolve import Resolved, blamed
from codegen.yaml_io import dump_yaml, load_yaml

PACKAGE = "aig_billing"
GENERATOR_VERSION = "0.29.1"
"""The version of openapi-python-client that `overlays/code` and `codegen.from_generator` are written for."""
GENERATOR = f"openapi-python-client {GENERATOR_VERSION}"
ERRORS = [
    name
    for name, found in vars(errors).items()
    if isinstance(found, type) and issubclass(found, errors.CloudflareError)
]
"""The public errors, in the order in which they are defined."""
HEAD = "# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.\n"


@frozen
class Sources:
    """Where everything is that a package is made from."""

    config: Path
    templates: Path

    def settings(self, output: Path, binary_types: Iterable[str] = ()) -> Config:
        """Read `generator-config.yaml`; media types that the generator does not know are bytes to it."""
        known, content = set(ConfigFile.model_fields), load_yaml(self.config)
        if unknown := sorted(content.keys() - known):
            reason, hint = "openapi-python-client has no such setting", f"use one of: {', '.join(sorted(known))}"
            raise BuildError(self.config, unknown[0], reason, hint)
        types = dict.fromkeys(binary_types, "application/octet-stream") | content.get("content_type_overrides", {})
        classes = {name: {"class_name": f"{name}Model"} for name in CLASSES} | content.get("class_overrides", {})
        try:
            return Config.from_sources(
                ConfigFile(**{**content, "content_type_overrides": types, "class_overrides": classes}),
                MetaType.NONE,
                document_source=self.config,
                file_encoding="utf-8",
                overwrite=True,
                output_path=output,
            )
        except ValueError as error:
            raise BuildError(self.config, "", f"openapi-python-client refuses it: {error}") from error


def generate(resolved: Resolved, sources: Sources, target: Path, checked: Callable[[], object] = lambda: None) -> int:
    """Make the package again and give the number of its files; where anything fails, or `checked` does, `target` stays as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        fresh = Path(folder) / target.name
        try:
            build_package(resolved, sources, fresh)
        finally:
            checked()  # its error says more than one that comes of it
        count = sum(1 for path in fresh.rglob("*") if path.is_file())
        _swap(fresh, target, Path(folder) / "old")
    return count


def build_package(resolved: Resolved, sources: Sources, output: Path) -> None:
    """Make the package at `output`, formatted, complete and importable."""
    installed = version("openapi-python-client")
    if installed != GENERATOR_VERSION:
        reason = f"version {installed} is installed, and this client is made by {GENERATOR_VERSION}"
        hint = 'install that one, or go through "Upgrading the generator" in CONTRIBUTING.md'
        raise BuildError(None, "openapi-python-client", reason, hint)
    check_carried(resolved)
    _render(resolved, sources, output)
    (output / "py.typed").write_text("", encoding="utf-8")
    _compile(output)
    _format(output)
    with _importing(output):
        head = f"{HEAD}# Spec and overlays: sha256 {resolved.digest}; generator: {GENERATOR}.\n"
        (output / "openapi.yaml").write_text(head + dump_yaml(resolved.document), encoding="utf-8")


def check_carried(resolved: Resolved) -> None:
    """Refuse what the client would lose of the document."""
    if loss := next(losses(resolved.document), None):
        raise blamed(loss, resolved.spec_path, resolved.changes)


def _render(resolved: Resolved, sources: Sources, output: Path) -> None:
    document = prepared(resolved.document)
    binary = (
        name
        for node in walk(document)
        if node.kind == "response"
        for name in node.value.get("content", {})
        if not is_json(name) and not name.startswith("text/")
    )
    config = sources.settings(output, binary)
    data = GeneratorData.from_dict(document, config=config)
    if isinstance(data, GeneratorError):
        raise BuildError(resolved.spec_path, "", f"openapi-python-client cannot read it: {shorten(str(data.detail))}")
    groups = data.endpoint_collections_by_tag.values()
    _refuse_warnings(resolved, document, [*data.errors, *(error for group in groups for error in group.parse_errors)])
    views = ViewReader(document, data, resolved.spec_path).views()
    project = Project(openapi=data, config=config, custom_template_path=sources.templates)
    project.env.filters.update(doc=_doc, literal=repr)
    project.env.globals.update(views=views, head=HEAD, error_names=ERRORS)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _refuse_warnings(resolved, document, project.build())
        folder = output / "resources"
        folder.mkdir()
        for template, resource in [("resources_init", None), *(("resource", one) for one in views.resources)]:
            text = project.env.get_template(f"{template}.py.jinja").render(resource=resource)
            (folder / f"{resource.module if resource else '__init__'}.py").write_text(text, encoding="utf-8")
    except TemplateError as error:
        place = f"{getattr(error, 'name', '') or 'overlays/code'} line {getattr(error, 'lineno', '?')}"
        raise BuildError(None, place, f"the template does not work: {error.message}", "correct it") from error


def _refuse_warnings(resolved: Resolved, document: dict[str, Any], errors: Iterable[Any]) -> None:
    """Make a failure of what the generator would leave out with a warning."""
    for error in errors:
        said = " ".join(f"{(error.header or '').removeprefix('WARNING ').strip()} {error.detail or ''}".split())
        pointer = (getattr(getattr(error, "data", None), "model_extra", None) or {}).get(PLACE)
        path = resolve_pointer(document, pointer) if pointer else None
        if path is None and (operation := re.match(r"parsing ([A-Z]+) (\S+) within ", said)):
            path = ("paths", operation[2], operation[1].lower())
        elif path is None and (schema := re.search(r"/components/schemas/\S+(?= |$)", said)):
            path = tuple(schema[0].split("/")[1:])
        # Some of its messages show objects of Python in place of the names that they stand for.
        said = re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>", "(see the document)", said)
        place, reason = to_jsonpath(path) if path else "", f"openapi-python-client cannot express this: {shorten(said)}"
        hint = "write it in another form: what it warns of would be left out of the client"
        raise BuildError(resolved.spec_path, place, reason, hint)


def _doc(text: object, width: int = 104) -> str:
    """Wrap a text for a docstring, so that nothing in it can end the docstring or be read as an escape."""
    safe = safe_for_docstring(str(text).replace('"""', "'''"))
    wrapped = "\n".join(textwrap.wrap(safe, width, break_long_words=False, break_on_hyphens=False))
    # A quote or a backslash at the very end would run together with the closing quotes.
    return f"{wrapped} " if wrapped.endswith(('"', "\\")) else wrapped


def _compile(output: Path) -> None:
    for path in output.rglob("*.py"):
        try:
            compile(path.read_text(encoding="utf-8"), str(path), "exec")
        except SyntaxError as error:
            place = f"{path.relative_to(output)} line {error.lineno}"
            reason = f"the templates made something that is not Python: {error.msg}"
            raise BuildError(None, place, reason, "correct the template in overlays/code") from error


def _format(output: Path) -> None:
    """Take out the imports that a template offers and a module does not need, sort the others, and format."""
    # Given in full, because ruff would otherwise read the settings of the folder in which the build was started.
    settings = [
        'lint.isort.known-first-party = ["aig_billing_runtime", "aig_billing_charges", "aig_billing_spend_limits"]',
        # Templates end every list with a comma; what fits into a line need not be one line each.
        "lint.isort.split-on-trailing-comma = false",
        "format.skip-magic-trailing-comma = true",
    ]
    options = ["--isolated", "--no-cache", "--target-version", "py311", "--line-length", "120"]
    options += [part for setting in settings for part in ("--config", setting)]
    for step in (["check", "--fix", "--quiet", "--select", "E714,F401,I001,TC005"], ["format", "--quiet"]):
        command = [find_ruff_bin(), *step, *options, str(output)]
        done = subprocess.run(command, cwd=output.parent, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = f"ruff cannot format what the templates made: {shorten(done.stdout + done.stderr)}"
            raise BuildError(None, display_path(output), reason, "correct the template in overlays/code")


_IMPORT_ALL = """
import importlib, pkgutil, sys
name = sys.argv[1]
for found in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
    try:
        module = importlib.import_module(found.name)
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == found.name and hasattr(one, "__table__"):
                one.__table__()
    except BaseException as error:
        sys.exit(f"{found.name}: {type(error).__name__}: {error}")
"""


@contextlib.contextmanager
def _importing(output: Path) -> Iterator[None]:
    """Import every module meanwhile, and make the table of every model, in a process that nothing else has touched."""
    paths = [str(output.parent), *(path for path in sys.path if path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", "-W", "ignore", "-c", _IMPORT_ALL, output.name]
    with subprocess.Popen(command, env=environment, cwd=output.parent, stderr=subprocess.PIPE, text=True) as process:
        yield
        _, errors = process.communicate()
    if process.returncode:
        said = errors.strip().splitlines()[-1] if errors.strip() else f"exit code {process.returncode}"
        reason = f"what was generated cannot be imported: {shorten(said)}"
        raise BuildError(None, display_path(output), reason, "rename what the message names, or correct the template")


def _swap(fresh: Path, target: Path, old: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise


def differences(made: Path, there: Path) -> Iterator[str]:
    """Name each file in which two packages differ, and how."""
    new, old = (
        {
            path.relative_to(root): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
        for root in (made, there)
    )
    for name in sorted({name for name, _ in new.items() ^ old.items()}):
        yield f"{name} {'is missing' if name not in old else 'differs' if name in new else 'should not be there'}"
