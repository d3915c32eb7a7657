"""Drives openapi-python-client from the resolved document to the package in `generated/`, which changes only when all of it worked."""

import contextlib
import inspect
import io
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attrs import frozen
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import safe_for_docstring

from aig_billing_runtime import errors as runtime_errors
from codegen.errors import BuildError, display_path
from codegen.resolve import Resolved
from codegen.view_builder import build_views
from codegen.views import Views
from codegen.yaml_io import dump_yaml, load_yaml

PACKAGE = "aig_billing"
GENERATOR = f"openapi-python-client {version('openapi-python-client')}"


@frozen
class Sources:
    """Where everything is that a package is made from."""

    config: Path
    templates: Path

    def settings(self, output: Path) -> Config:
        """Read `generator-config.yaml`."""
        known = set(ConfigFile.model_fields)
        content = load_yaml(self.config)
        unknown = sorted(content.keys() - known)
        if unknown:
            raise BuildError(
                self.config,
                unknown[0],
                "openapi-python-client knows no such setting",
                f"use one of: {', '.join(sorted(known))}",
            )
        try:
            return Config.from_sources(
                ConfigFile(**content),
                MetaType.NONE,
                document_source=self.config,
                file_encoding="utf-8",
                overwrite=True,
                output_path=output,
            )
        except ValueError as error:
            raise BuildError(self.config, "", f"openapi-python-client refuses it: {error}") from error


def generate(resolved: Resolved, sources: Sources, target: Path) -> int:
    """Make the package at `target` anew, and swap it in only when all of it worked; give the number of its files.

    Raises:
        BuildError: When anything is refused, lost or warned of; `target` is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        fresh = Path(folder) / target.name
        build_package(resolved, sources, fresh)
        count = sum(1 for path in fresh.rglob("*") if path.is_file())
        _swap(fresh, target, Path(folder) / "old")
    return count


def build_package(resolved: Resolved, sources: Sources, output: Path) -> None:
    """Make the package at `output`, formatted and complete."""
    _render(resolved, sources, output)
    (output / "openapi.yaml").write_text(_provenance(resolved) + dump_yaml(dict(resolved.document)), encoding="utf-8")
    (output / "py.typed").write_text("", encoding="utf-8")
    _format(output)
    _head(resolved, output)
    _compile(output)


def _render(resolved: Resolved, sources: Sources, output: Path) -> None:
    config = sources.settings(output)
    data = GeneratorData.from_dict(dict(resolved.document), config=config)
    if isinstance(data, GeneratorError):
        raise BuildError(resolved.spec_path, "", f"openapi-python-client refuses it: {data.header}: {data.detail}")
    _refuse_warnings(
        resolved.spec_path,
        [*data.errors, *(error for group in data.endpoint_collections_by_tag.values() for error in group.parse_errors)],
    )
    views = build_views(resolved.document, data, resolved.spec_path)
    # Words of an enum are written where they are used: no module for each.
    data.enums.clear()
    project = Project(openapi=data, config=config, custom_template_path=sources.templates)
    project.env.filters.update(doc=_doc, literal=repr)
    project.env.globals.update(
        views=views,
        error_names=_error_names(),
        server=_server(resolved),
        title=str(resolved.document["info"]["title"]),
    )
    with contextlib.redirect_stdout(io.StringIO()):
        _refuse_warnings(resolved.spec_path, project.build())
    _render_more(project, views, output)
    _count(views, output, resolved.spec_path)


def _render_more(project: Project, views: Views, output: Path) -> None:
    folder = output / "resources"
    folder.mkdir()
    resources = project.env.get_template("resources_init.py.jinja")
    (folder / "__init__.py").write_text(resources.render(), encoding="utf-8")
    template = project.env.get_template("resource.py.jinja")
    for resource in views.resources:
        (folder / f"{resource.module}.py").write_text(template.render(resource=resource), encoding="utf-8")
    alias = project.env.get_template("alias.py.jinja")
    for name, module, description in views.aliases:
        (output / "models" / f"{module}.py").write_text(
            alias.render(name=name, description=description), encoding="utf-8"
        )


def _refuse_warnings(spec: Path, errors: Any) -> None:  # noqa: ANN401 - the generator's own lists
    for error in errors:
        detail = " ".join(str(error.detail or "").split())
        data = getattr(error, "data", None)
        raise BuildError(
            spec,
            "",
            f"openapi-python-client warns: {error.header}: {detail} {'' if data is None else str(data)[:300]}".strip(),
            "write it in a form that the generator understands: what it warns of is left out of the client",
        )


def _count(views: Views, output: Path, spec: Path) -> None:
    """Compare what was written with what should be."""
    wanted = {f"models/{model.module}.py" for model in views.models}
    wanted |= {f"models/{module}.py" for _, module, _ in views.aliases}
    wanted |= {f"api/{operation.tag}/{operation.module}.py" for operation in views.operations}
    wanted |= {f"resources/{resource.module}.py" for resource in views.resources}
    there = {
        path.relative_to(output).as_posix()
        for path in output.rglob("*.py")
        if path.parts[-2] in {"models", "resources"} or "api" in path.parts
    }
    there -= {name for name in there if name.endswith("__init__.py")}
    different = sorted(wanted ^ there)
    if different:
        kind = "was lost" if different[0] in wanted else "is not in the document"
        raise BuildError(
            spec,
            different[0],
            f"this module {kind} on the way from document to code",
            "two names may collide: rename one",
        )


def _server(resolved: Resolved) -> str:
    servers = resolved.document.get("servers") or [{"url": ""}]
    return str(servers[0]["url"])


def _error_names() -> list[str]:
    """List the public errors, in the order of their tree."""
    return [
        name
        for name, kind in vars(runtime_errors).items()
        if inspect.isclass(kind) and issubclass(kind, runtime_errors.CloudflareError) and not name.startswith("_")
    ]


def _doc(text: object, width: int = 104) -> str:
    """Wrap a text for a docstring, so that nothing in it can end the docstring or be read as an escape."""
    safe = safe_for_docstring(str(text).replace('"""', "'''"))
    wrapped = "\n".join(textwrap.wrap(safe, width, break_long_words=False, break_on_hyphens=False))
    # A quote or a backslash at the very end would run together with the closing quotes.
    return f"{wrapped} " if wrapped.endswith(('"', "\\")) else wrapped


def _format(output: Path) -> None:
    """Take out the imports that a template offers and a module does not need, sort the others, and format."""
    for arguments in (["check", "--fix", "--quiet", "--select", "E714,F401,I001"], ["format", "--quiet"]):
        ruff = [
            sys.executable,
            "-P",
            "-m",
            "ruff",
            arguments[0],
            "--isolated",
            "--no-cache",
            "--target-version",
            "py311",
        ]
        # Said, and not found out by ruff, which looks around in the folder where the build was started.
        settings = [
            'lint.isort.known-first-party = ["aig_billing_charges", "aig_billing_runtime"]',
            # Templates end every list with a comma; what fits into a line need not be one line each.
            "lint.isort.split-on-trailing-comma = false",
            "format.skip-magic-trailing-comma = true",
        ]
        configured = [part for setting in settings for part in ("--config", setting)]
        command = [*ruff, "--line-length", "120", *configured, *arguments[1:], str(output)]
        done = subprocess.run(command, cwd=output.parent, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(
                None,
                display_path(output),
                f"ruff refuses what the templates made:\n{done.stdout}{done.stderr}",
                "correct the template",
            )


def _provenance(resolved: Resolved) -> str:
    return (
        "# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.\n"
        f"# Spec and overlays: sha256 {resolved.digest}; generator: {GENERATOR}.\n"
    )


def _head(resolved: Resolved, output: Path) -> None:
    head = _provenance(resolved)
    for path in output.rglob("*.py"):
        path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")


def _compile(output: Path) -> None:
    for path in output.rglob("*.py"):
        try:
            compile(path.read_text(encoding="utf-8"), str(path), "exec")
        except SyntaxError as error:
            raise BuildError(
                None, f"{path.relative_to(output)} line {error.lineno}", f"the templates made no Python: {error.msg}"
            ) from error


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
    files = [
        {path.relative_to(root): path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        for root in (made, there)
    ]
    for name in sorted(files[0].keys() | files[1].keys()):
        if name not in files[1]:
            yield f"{name} is missing"
        elif name not in files[0]:
            yield f"{name} should not be there"
        elif files[0][name].read_bytes() != files[1][name].read_bytes():
            yield f"{name} differs"
