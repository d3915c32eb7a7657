"""Reads the installed `cloudflare` Python package as an OpenAPI document, from its source text: nothing of it is imported."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from codegen.errors import BuildError

_SCALARS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string"},
    "date": {"type": "string"},
    "None": {"type": "null"},
}
_LISTS = {"List", "Iterable", "SequenceNotStr", "Sequence", "list"}
_VERBS = {f"_{verb}": verb for verb in ("get", "post", "put", "patch", "delete")} | {"_get_api_list": "get"}


def read_sdk(path: Path) -> dict[str, Any]:
    """The operations of the package at a path: its own folder, one that holds it, or a virtual environment.

    Raises:
        BuildError: There is no such package.
    """
    folders = [path, path / "cloudflare", *path.glob("lib/python*/site-packages/cloudflare")]
    package = next((one for one in folders if (one / "resources").is_dir()), None)
    if package is None:
        raise BuildError(path, "", "the cloudflare package is not here", "give the folder that it is installed in")
    paths: dict[str, dict[str, Any]] = {}
    for file in sorted((package / "resources").rglob("*.py")):
        if "/ai-gateway/" in file.read_text(encoding="utf-8"):
            for route, verb, operation in _Module.read(file).operations():
                paths.setdefault(route, {})[verb] = operation
    return {"paths": paths}


class _Module:
    """One source file: its classes, its aliases, and where its imports lead."""

    @classmethod
    @cache
    def read(cls, file: Path) -> "_Module":
        return cls(file)

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self.names: dict[str, ast.AST] = {}
        self.imports: dict[str, tuple[Path, str]] = {}
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                self.names[node.name] = node
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                self.names[node.target.id] = node.value
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.names[node.targets[0].id] = node.value
            elif isinstance(node, ast.ImportFrom) and node.level:
                folder = self.file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                for one in node.names:
                    self.imports[one.asname or one.name] = (folder, one.name)

    def find(self, name: str) -> "tuple[_Module, ast.AST] | None":
        """The class or alias of a name, followed through imports."""
        if name in self.names:
            return self, self.names[name]
        if name not in self.imports:
            return None
        folder, original = self.imports[name]
        module = next((one for one in (folder.with_suffix(".py"), folder / "__init__.py") if one.is_file()), None)
        return _Module.read(module).find(original) if module and module != self.file else None

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Route, verb and operation of each method that sends something."""
        for owner in self.tree.body:
            if not isinstance(owner, ast.ClassDef) or not re.fullmatch("(?!Async).*Resource", owner.name):
                continue
            for method in (one for one in owner.body if isinstance(one, ast.FunctionDef)):
                call = next((node for node in ast.walk(method) if isinstance(node, ast.Call) and _verb(node)), None)
                if call and (route := _route(call)):
                    yield route, _verb(call), self._operation(method, call)

    def _operation(self, method: ast.FunctionDef, call: ast.Call) -> dict[str, Any]:
        decorated = any("deprecated" in ast.unparse(one) for one in method.decorator_list)
        said = (ast.get_docstring(method) or "").partition("\nArgs:")[0]
        operation: dict[str, Any] = {"description": said, "deprecated": decorated, "parameters": []}
        for keyword in (node for node in ast.walk(call) if isinstance(node, ast.keyword)):
            given = keyword.value
            if keyword.arg not in {"body", "query"} or not isinstance(given, ast.Call) or len(given.args) != 2:
                continue
            schema = self.schema(given.args[1])
            if isinstance(given.args[0], ast.Dict):
                sent = {str(key.value) for key in given.args[0].keys if isinstance(key, ast.Constant)}
                schema = _only(schema, sent)
            if keyword.arg == "body":
                operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
            else:
                operation["parameters"] = [
                    {"in": "query", "name": name, "schema": inner, "required": name in schema["required"]}
                    for name, inner in schema["properties"].items()
                ]
        result = self.schema(method.returns) if method.returns else {}
        envelope = {"type": "object", "properties": {"success": {}, "result": result}}
        operation["responses"] = {"200": {"content": {"application/json": {"schema": envelope}}}}
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
            case ast.Attribute(value=ast.Name(id=imported)):
                folder, name = self.imports.get(imported, (Path(), ""))
                module = folder / f"{name}.py"
                return _Module.read(module).schema(ast.Name(node.attr), above) if module.is_file() else {}
        name = node.id if isinstance(node, ast.Name) else ""
        if name in _SCALARS:
            return dict(_SCALARS[name])
        found = self.find(name)
        if found is None or found[1] in above:
            return {}
        home, meant = found
        above = (*above, meant)
        return home.object(meant, above) if isinstance(meant, ast.ClassDef) else home.schema(meant, above)

    def _generic(self, node: ast.Subscript, above: tuple[ast.AST, ...]) -> dict[str, Any]:
        name = ast.unparse(node.value).rpartition(".")[2]
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Literal":
            return {"enum": [one.value for one in inner if isinstance(one, ast.Constant)]}
        if name in {"Optional", "Union"}:
            choices = [self.schema(one, above) for one in inner] + ([{"type": "null"}] if name == "Optional" else [])
            unique = [one for index, one in enumerate(choices) if one not in choices[:index]]
            return unique[0] if len(unique) == 1 else {"anyOf": unique}
        if name in {"Required", "NotRequired", "Annotated"}:
            return self.schema(inner[0], above)
        if name in _LISTS or "Page" in name:
            return {"type": "array", "items": self.schema(inner[0], above)}
        if name in {"Dict", "Mapping", "dict"}:
            return {"type": "object", "additionalProperties": self.schema(inner[1], above)}
        return {}

    def object(self, node: ast.ClassDef, above: tuple[ast.AST, ...] = ()) -> dict[str, Any]:
        """The schema of a class of fields; a field that may be absent may be None too, and the package does not say which it is."""
        made: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for base in node.bases:
            own = isinstance(base, ast.Name) and base.id not in {"BaseModel", "TypedDict"}
            inherited = self.schema(base, above) if own else {}
            made["properties"] |= inherited.get("properties", {})
            made["required"] += inherited.get("required", [])
        params = any(keyword.arg == "total" for keyword in node.keywords)
        for index, entry in enumerate(node.body):
            if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
                name = _alias(entry) or entry.target.id
                made["properties"][name] = self.schema(entry.annotation, above)
                match node.body[index + 1 : index + 2]:
                    case [ast.Expr(value=ast.Constant(value=str(said)))]:
                        made["properties"][name]["description"] = said
                made.setdefault("x-python", {})[entry.target.id] = name
                is_call = isinstance(entry.value, ast.Call)
                default = entry.value is not None and (not is_call or "default=" in ast.unparse(entry.value))
                required = "Required[" in ast.unparse(entry.annotation) if params else not default
                made["required"] += [name] if required else []
        return made


def _verb(node: ast.Call) -> str:
    """The verb of a call that sends something; none for any other."""
    match node.func:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return _VERBS.get(name, "")
    return ""


def _route(call: ast.Call) -> str | None:
    """The route that is called: the longest text among the first argument's parts."""
    first = call.args[0] if call.args else call
    texts = [one.value for one in ast.walk(first) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    route = max(texts, key=len, default="")
    return route if "/ai-gateway/" in route else None


def _alias(entry: ast.AnnAssign) -> str | None:
    for holder in (entry.value, entry.annotation):
        for keyword in (one for one in ast.walk(holder) if isinstance(one, ast.keyword)) if holder else ():
            if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return None


def _only(schema: dict[str, Any], sent: set[str]) -> dict[str, Any]:
    names = {wire for python, wire in schema.get("x-python", {}).items() if python in sent}
    properties = {name: inner for name, inner in schema.get("properties", {}).items() if name in names}
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in schema.get("required", ()) if name in names],
    }
