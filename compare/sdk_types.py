"""Reads the installed `cloudflare` Python package as an OpenAPI document, from its source text: nothing of it is imported."""

import ast
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from codegen.errors import BuildError

_SCALARS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "None": "null"}
_LISTS = {"List", "Iterable", "SequenceNotStr", "Sequence", "list"}
_CALL = re.compile(
    r"self\._(get|post|put|patch|delete)(?:_api_list)?\((?:path_template\()?f?'([^']*/ai-gateway/[^']*)'"
)


def read_sdk(path: Path) -> dict[str, Any]:
    """The operations of the package at a path: its own folder, one that holds it, or a virtual environment."""
    folders = [path, path / "cloudflare", *path.glob("lib/python*/site-packages/cloudflare")]
    package = next((one for one in folders if (one / "resources").is_dir()), None)
    if package is None:
        raise BuildError(path, "", "the cloudflare package is not here", "give the folder that it is installed in")
    paths: dict[str, dict[str, Any]] = {}
    for file in sorted((package / "resources").rglob("*.py")):
        if "/ai-gateway/" in file.read_text(encoding="utf-8"):
            for route, verb, operation in _read(file).operations():
                paths.setdefault(route, {})[verb] = operation
    return {"paths": paths}


class _Module:
    """One source file: its classes, its aliases, and where its imports lead."""

    def __init__(self, file: Path) -> None:
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self.names: dict[str, ast.AST] = {}
        self.imports: dict[str, Path] = {}
        for node in self.tree.body:
            match node:
                case ast.ClassDef(name=name):
                    self.names[name] = node
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as meant):
                    self.names[name] = meant
                case ast.Assign(targets=[ast.Name(id=name), *_], value=meant):
                    self.names[name] = meant
                case ast.ImportFrom(level=level) if level:
                    folder = file.parents[level - 1].joinpath(*(node.module or "").split("."))
                    self.imports |= {one.asname or one.name: folder / one.name for one in node.names}

    def find(self, name: str) -> "tuple[_Module, ast.AST] | None":
        """The class or alias of a name, followed through imports."""
        if name in self.names:
            return self, self.names[name]
        imported = self.imports.get(name)
        module = _module(imported.parent) if imported else None
        return module.find(imported.name) if imported and module and module is not self else None

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Route, verb and operation of each method that sends something."""
        for owner in self.tree.body:
            if isinstance(owner, ast.ClassDef) and re.fullmatch("(?!Async).*Resource", owner.name):
                for method in owner.body:
                    if isinstance(method, ast.FunctionDef) and (call := _CALL.search(ast.unparse(method))):
                        yield call[2], call[1], self._operation(method)

    def _operation(self, method: ast.FunctionDef) -> dict[str, Any]:
        decorated = any("deprecated" in ast.unparse(one) for one in method.decorator_list)
        said = (ast.get_docstring(method) or "").partition("\nArgs:")[0]
        result = self.schema(method.returns) if method.returns else {}
        envelope = {"type": "object", "properties": {"success": {}, "result": result}}
        responses = {"200": {"content": {"application/json": {"schema": envelope}}}}
        operation: dict[str, Any] = {"description": said, "deprecated": decorated, "responses": responses}
        for node in ast.walk(method):
            match node:
                case ast.keyword(arg="body" | "query" as where, value=ast.Call(args=[sent, params])):
                    schema = self.schema(params)
                    if isinstance(sent, ast.Dict):  # the others are sent elsewhere
                        given = {key.value for key in sent.keys if isinstance(key, ast.Constant)}
                        names = {wire for python, wire in schema.get("x-python", {}).items() if python in given}
                        properties = {name: one for name, one in schema.get("properties", {}).items() if name in names}
                        schema = {"type": "object", "properties": properties, "required": schema.get("required", [])}
                    if where == "body":
                        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
                    else:
                        operation["parameters"] = [
                            {"in": "query", "name": name, "schema": one, "required": name in schema["required"]}
                            for name, one in schema["properties"].items()
                        ]
        return operation

    def schema(self, node: ast.AST, above: tuple[ast.AST, ...] = ()) -> dict[str, Any]:
        """The schema of an annotation."""
        match node:
            case ast.Constant(value=str(text)):
                return self.schema(ast.parse(text, mode="eval").body, above)
            case ast.Constant():
                return {"type": "null"}
            case ast.BinOp():
                return {"anyOf": [self.schema(node.left, above), self.schema(node.right, above)]}
            case ast.Subscript():
                return self._generic(node, above)
            case ast.Attribute(value=ast.Name(id=imported)) if imported in self.imports:
                module = _module(self.imports[imported])
                return module.schema(ast.Name(node.attr), above) if module else {}
            case ast.Name(id="date" | "datetime"):
                return {"type": "string"}
            case ast.Name(id=name) if name in _SCALARS:
                return {"type": _SCALARS[name]}
            case ast.Name(id=name) if (found := self.find(name)) and found[1] not in above:
                home, meant = found
                above = (*above, meant)
                return home.object(meant, above) if isinstance(meant, ast.ClassDef) else home.schema(meant, above)
        return {}

    def _generic(self, node: ast.Subscript, above: tuple[ast.AST, ...]) -> dict[str, Any]:
        name = ast.unparse(node.value).rpartition(".")[2]
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Literal":
            return {"enum": [one.value for one in inner if isinstance(one, ast.Constant)]}
        if name in {"Optional", "Union"}:
            choices = [self.schema(one, above) for one in inner] + ([{"type": "null"}] if name == "Optional" else [])
            return {"anyOf": choices}
        if name in {"Required", "NotRequired", "Annotated"}:
            return self.schema(inner[0], above)
        if name in _LISTS or "Page" in name:
            return {"type": "array", "items": self.schema(inner[0], above)}
        if name in {"Dict", "Mapping", "dict"}:
            return {"type": "object", "additionalProperties": self.schema(inner[1], above)}
        return {}

    def object(self, node: ast.ClassDef, above: tuple[ast.AST, ...]) -> dict[str, Any]:
        """The schema of a class of fields; a field that may be absent may be None too, and the package does not say which it is."""
        properties: dict[str, Any] = {}
        required: list[str] = []
        names: dict[str, str] = {}
        for base in node.bases:
            inherited = self.schema(base, above) if ast.unparse(base) not in {"BaseModel", "TypedDict"} else {}
            properties |= inherited.get("properties", {})
            required += inherited.get("required", [])
            names |= inherited.get("x-python", {})
        of_params = any(keyword.arg == "total" for keyword in node.keywords)
        for entry, after in itertools.pairwise([*node.body, None]):
            if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
                text, python = ast.unparse(entry), entry.target.id
                alias = re.search(r"\balias='([^']*)'", text)
                name = names[python] = alias[1] if alias else python
                properties[name] = self.schema(entry.annotation, above)
                match after:
                    case ast.Expr(value=ast.Constant(value=str(said))):
                        properties[name]["description"] = said
                default = entry.value is not None and (not isinstance(entry.value, ast.Call) or "default=" in text)
                if "Required[" in text if of_params else not default:
                    required.append(name)
        return {"type": "object", "properties": properties, "required": required, "x-python": names}


_read = cache(_Module)


def _module(path: Path) -> _Module | None:
    """The module of a name without its ending."""
    return next((_read(one) for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)
