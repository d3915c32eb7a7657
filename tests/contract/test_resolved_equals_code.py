"""Resolved document = code: the generated package holds what `openapi.yaml` says, all of it, and nothing else.

The document's side is read by `resolved.py` and `expected_code.py`, the code's side by introspection of the imported package; neither
knows how codegen/ gets from one to the other.
"""

import ast
import functools
import importlib
import importlib.util
import inspect
import itertools
import pkgutil
import re
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import aig_billing
import httpx
import pytest
from aig_billing import AsyncClient, Client, Response, errors, models, resources
from aig_billing.types import Call

from aig_billing_runtime.operation import ErrorHint
from aig_billing_runtime.resource import Resource
from tests.contract.expected_code import (
    Twin,
    api_module,
    argument_annotation,
    field_annotation,
    result_annotation,
    sample_instance,
    shown,
    twin_of,
)
from tests.contract.resolved import (
    PACKAGE,
    Operation,
    Property,
    Schema,
    component_name,
    read_resolved,
    snake_case,
)

RESOLVED = read_resolved()
OPERATIONS = RESOLVED.operations
RECORDS = RESOLVED.records
HINT = "run `make gen`; if it stays, the fault is in overlays/code/ or codegen/"
NO_DEFAULT = inspect.Parameter.empty
KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY
POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD
TREES = [(Client, False), (Client, True), (AsyncClient, False), (AsyncClient, True)]
WORDS_OF_UNITS = {
    "cents": "cents",
    "unix-ms": "milliseconds",
    "unix-s": "seconds",
    "unix-auto": "seconds or milliseconds",
    "dollars": "dollars",
    "seconds": "seconds",
}

by_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
by_record = pytest.mark.parametrize("record", RECORDS)
by_tree = pytest.mark.parametrize(("client", "raw"), TREES, ids=["sync", "sync-raw", "async", "async-raw"])


def same(place: str, there: object, expected: object) -> None:
    assert there == expected, (
        f"{place}: this is {_reported(there)}, and the document makes it {_reported(expected)}; {HINT}"
    )


def same_names(place: str, there: typing.Iterable[str], expected: typing.Iterable[str]) -> None:
    missing, superfluous = sorted({*expected} - {*there}), sorted({*there} - {*expected})
    reported = [f"{name} is missing" for name in missing] + [f"{name} is not in the document" for name in superfluous]
    assert not reported, f"{place}: {', '.join(reported)}; {HINT}"


def _reported(value: object) -> str:
    return shown(value) if isinstance(value, type) or typing.get_args(value) else repr(value)


# Nothing more and nothing less: files, models, calls


def test_what_is_imported_is_what_stands_in_this_tree() -> None:
    assert aig_billing.__file__ is not None
    assert PACKAGE.samefile(aig_billing.__path__[0]), (
        f"aig_billing comes from {aig_billing.__path__[0]}: install this tree"
    )


def test_there_is_a_file_for_each_operation_and_each_schema_and_no_other() -> None:
    expected = {f"{name}.py" for name in ("__init__", "client", "errors", "types")}
    expected |= {"openapi.yaml", "py.typed", "api/__init__.py", "models/__init__.py", "resources/__init__.py"}
    expected |= {f"resources/{'_'.join(group)}.py" for group in groups()}
    expected |= {f"api/{operation.folder}/__init__.py" for operation in OPERATIONS}
    expected |= {f"api/{operation.folder}/{operation.module}.py" for operation in OPERATIONS}
    expected |= {f"models/{snake_case(name)}.py" for name in RECORDS}
    files = {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    same_names("generated/aig_billing", {path.relative_to(PACKAGE).as_posix() for path in files}, expected)


def test_every_generated_file_says_that_it_is_and_one_says_what_it_was_made_from() -> None:
    for path in PACKAGE.rglob("*.py"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert re.fullmatch(r"# .*do not edit.*", first), (
            f"{path.name} does not say that it is generated: {first!r}; {HINT}"
        )
    said = re.compile(r"^# .*sha256 [0-9a-f]{64}; generator: openapi-python-client [0-9.]+\.$", re.MULTILINE)
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".yaml"}]
    same(
        "the files that say what they were made from",
        [path.name for path in files if said.search(path.read_text())],
        ["openapi.yaml"],
    )


def test_there_is_a_model_for_each_schema_that_calls_take_or_return_and_no_other() -> None:
    same_names("aig_billing.models.__all__", models.__all__, RECORDS)
    same_names("dir(aig_billing.models)", dir(models), RECORDS)
    for name in RECORDS:
        model = getattr(models, name)
        same(f"aig_billing.models.{name}.__name__", model.__name__, name)
        home = importlib.import_module(f"aig_billing.models.{snake_case(name)}")
        assert getattr(home, name) is model, f"aig_billing.models.{name} is not the one in {home.__name__}; {HINT}"
    with pytest.raises(AttributeError, match="Unheard"):
        _ = models.Unheard


def test_the_package_gives_the_clients_and_all_errors_by_name() -> None:
    for name in (*aig_billing.__all__, "Client", "AsyncClient", "Response", "Money", "RateLimit", "usd", "models"):
        assert name in aig_billing.__all__, f"aig_billing.__all__: {name} is missing; {HINT}"
        assert getattr(aig_billing, name) is not None
    same_names("aig_billing.__all__, the errors", errors_of(aig_billing), errors.__all__)
    same_names("aig_billing.errors.__all__", errors_of(errors), errors.__all__)
    for name in errors.__all__:
        assert getattr(aig_billing, name) is getattr(errors, name)
    same_names(
        "aig_billing.errors.__all__", errors.__all__, errors_of(importlib.import_module("aig_billing_runtime.errors"))
    )
    with pytest.raises(AttributeError, match="Unheard"):
        _ = aig_billing.Unheard


def errors_of(module: ModuleType) -> set[str]:
    named = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return {name for name, kind in named.items() if inspect.isclass(kind) and issubclass(kind, errors.CloudflareError)}


# The tree of calls


@pytest.fixture
def make() -> Callable[[type], Any]:
    """Makes clients that can send nothing."""

    def one(client: type) -> Any:
        return client(api_token="test-token", account_id="acct", transport=httpx.MockTransport(_refuse))

    return one


def _refuse(_: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing may be sent here")


def nodes(client: type, *, raw: bool) -> dict[tuple[str, ...], type]:
    """The resource class at each group of the document, found by following the annotations of properties."""
    found: dict[tuple[str, ...], type] = {}
    for group in groups():
        above: Any = client if len(group) == 1 else found.get(group[:-1])
        child = getattr(above, group[-1], None)
        assert isinstance(child, property), f"{_class_name(above)}.{group[-1]} is missing; {HINT}"
        assert child.fget is not None
        found[group] = hints(child.fget)["return"]
        if raw and len(group) == 1:
            fget = found[group].with_raw_response.fget  # type: ignore[attr-defined]  # resources have it
            found[group] = hints(fget)["return"]
    return found


def groups() -> list[tuple[str, ...]]:
    """Each group, after the one that it is in."""
    return sorted({operation.group[:depth] for operation in OPERATIONS for depth in range(1, len(operation.group) + 1)})


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations as types, by the names that a type checker finds in the module."""
    function = inspect.unwrap(function)
    return typing.get_type_hints(function, localns=for_type_checkers(sys.modules[function.__module__]))


@functools.cache
def for_type_checkers(module: ModuleType) -> dict[str, Any]:
    """What a module imports under `if TYPE_CHECKING:`, by the name that it has there."""
    found: dict[str, Any] = {}
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            for line in statement.body:
                if isinstance(line, ast.Import):
                    found |= {one.asname or one.name: importlib.import_module(one.name) for one in line.names}
                    continue
                assert isinstance(line, ast.ImportFrom), f"{module.__name__} line {line.lineno}: not an import; {HINT}"
                home = importlib.util.resolve_name("." * line.level + (line.module or ""), module.__package__)
                source = importlib.import_module(home)
                names = [one.name for one in line.names]
                # Without `__all__` a star stands for the classes of a module.
                names = list(getattr(source, "__all__", classes_of(source))) if names == ["*"] else names
                found |= {name: getattr(source, name) for name in names}
                assert not any(one.asname not in {None, one.name} for one in line.names)
    return found


@pytest.mark.parametrize("module", [aig_billing, models, resources], ids=lambda module: module.__name__)
def test_type_checkers_and_callers_find_the_same_names(module: ModuleType) -> None:
    """What is loaded when it is first asked for is imported for type checkers alone."""
    seen = for_type_checkers(module)
    seen = {name: value for name, value in seen.items() if name != "Call"}  # which is for the annotation of a function
    same_names(
        f"the imports for type checkers of {module.__name__}", {*seen, "__version__"}, {*module.__all__, "__version__"}
    )
    for name, expected in seen.items():
        assert getattr(module, name) is expected, f"{module.__name__}.{name} is another thing to type checkers; {HINT}"
        assert module.__getattr__(name) is expected, f"{module.__name__}.{name} is not loaded by its name; {HINT}"
        assert name in vars(module), f"{module.__name__}.{name} is looked up again each time; {HINT}"
    same(f"dir({module.__name__})", module.__dir__(), sorted(module.__all__))


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    """The tree of calls costs nothing of the models and operations below it until one is called, nor of errors, money and attrs."""
    # Without click httpx has no command of its own, which would load rich, and that decimal.
    before = "import sys; sys.modules['click'] = None; import httpx; before = {*sys.modules}"
    code = f"{before}; import aig_billing.client, aig_billing.resources; print(*{{*sys.modules}} - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = ("aig_billing.models.", "aig_billing.api.", "aig_billing.resources.", "aig_billing_charges")
    runtime = ("arguments", "compression", "failures", "masking", "money", "ratelimit", "response", "retries")
    late = ("attr", "decimal", *(f"aig_billing_runtime.{name}" for name in runtime))
    loaded = {name for name in done.stdout.split() if name.startswith(heavy + late)}
    assert loaded == set(), f"aig_billing.resources loads {', '.join(sorted(loaded))}; {HINT}"


def test_every_module_has_what_it_says_it_gives() -> None:
    for module in modules():
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{module.__name__}.__all__: there is no {name}; {HINT}"


def _class_name(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind))


@by_tree
def test_the_tree_has_the_calls_of_the_document_and_no_others(client: type, raw: bool) -> None:
    for group, resource in nodes(client, raw=raw).items():
        expected = {operation.name for operation in OPERATIONS if operation.group == group}
        expected |= {below[-1] for below in groups() if below[:-1] == group}
        if not raw:
            expected.add("with_raw_response")
        there = {name for name in vars(resource) if not name.startswith("_")}
        same_names(f"{resource.__name__} ({'.'.join(group)})", there, expected)


@by_tree
def test_the_tree_leads_where_it_says(make: Callable[[type], Any], client: type, raw: bool) -> None:
    expected = nodes(client, raw=raw)
    for group, resource in expected.items():
        node = make(client)
        owner = node
        for depth, name in enumerate(group):
            node = getattr(node, name)
            if raw and depth == 0:
                node = node.with_raw_response
        place = f"{client.__name__}().{'.'.join(group)}{' (raw)' if raw else ''}"
        same(f"type({place})", type(node), resource)
        assert not hasattr(node, "__dict__"), f"{place} is not as light as it could be; {HINT}"
        assert node._client is owner, f"{place} is of another client; {HINT}"
        assert ".".join(group) in repr(node), f"repr({place}) does not say where it is: {node!r}; {HINT}"
        if not raw:
            same(f"type({place}.with_raw_response)", type(node.with_raw_response), nodes(client, raw=True)[group])


@by_tree
def test_hand_written_methods_come_in_by_the_mixins_that_the_document_names(client: type, raw: bool) -> None:
    named = {tuple(group.split(".")): extra for group, extra in RESOLVED.content.get("x-resources", {}).items()}
    same_names(
        "$.x-resources", {".".join(group) for group in named}, {".".join(group) for group in named} & set(dotted())
    )
    for group, resource in nodes(client, raw=raw).items():
        bases: tuple[type, ...] = (Resource,)
        if group in named and not raw:
            home, _, name = named[group]["x-python-mixin"].rpartition(".")
            bases = (
                getattr(importlib.import_module(home), f"{'Async' if client is AsyncClient else ''}{name}"),
                Resource,
            )
        same(f"{resource.__name__}.__bases__", resource.__bases__, bases)
        (base,) = [one for one in resource.__orig_bases__ if typing.get_origin(one) is Resource]  # type: ignore[attr-defined]
        same(f"the client of {resource.__name__}", typing.get_args(base)[0].__forward_arg__, client.__name__)


def dotted() -> list[str]:
    return [".".join(group) for group in groups()]


def test_there_is_no_resource_beside_the_tree() -> None:
    reached = {resource.__name__ for client, raw in TREES for resource in nodes(client, raw=raw).values()}
    there = [name for group in groups() for name in classes_of(home_of(group))]
    same_names("aig_billing.resources", there, reached)
    same_names("aig_billing.resources.__all__", resources.__all__, reached)
    assert len(there) == len(reached), f"aig_billing.resources: a class stands in two modules; {HINT}"


def home_of(group: tuple[str, ...]) -> ModuleType:
    return importlib.import_module(f"aig_billing.resources.{'_'.join(group)}")


def classes_of(module: ModuleType) -> dict[str, type]:
    """The classes that are written in a module."""
    named = vars(module).items()
    return {name: kind for name, kind in named if inspect.isclass(kind) and kind.__module__ == module.__name__}


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_client_has_the_roots_of_the_tree_and_the_address_of_the_document(client: type) -> None:
    there = {name for name in vars(client) if not name.startswith("_")}
    same_names(client.__name__, there, {"default_base_url"} | {group[0] for group in groups()})
    (server,) = RESOLVED.content["servers"]
    same(f"{client.__name__}.default_base_url", vars(client)["default_base_url"], server["url"])
    shown_as = f"with {client.__name__}() as client"
    assert shown_as in (client.__doc__ or ""), f"{client.__name__}.__doc__ does not show {shown_as!r}; {HINT}"


def arguments_for(operation: Operation) -> dict[str, Any]:
    """Arguments that the document accepts: what its examples show."""
    body: Mapping[str, Any] = next(iter(operation.body_examples.values()), {})
    return {snake_case(name): value for name, value in {**operation.shown_query, **body}.items()}


# Signatures


def signature_of(function: Callable[..., Any]) -> dict[str, tuple[object, object, Any]]:
    """Kind, default and annotation of each parameter, and the annotation of what is returned."""
    known = hints(function)
    parameters = inspect.signature(function).parameters.values()
    found = {one.name: (one.kind, one.default, known.get(one.name, "none")) for one in parameters if one.name != "self"}
    return {**found, "return": (None, None, known.get("return", "none"))}


def keywords_of(operation: Operation) -> dict[str, tuple[object, object, Any]]:
    return {
        argument.python_name: (
            KEYWORD_ONLY,
            NO_DEFAULT
            if argument.required
            else argument.schema.get("default")
            if argument.location == "query"
            else None,
            argument_annotation(RESOLVED, argument),
        )
        for argument in operation.keywords
    }


def _response_of(result: Any) -> Any:
    generic: Any = Response
    return generic[result]


def _call_of(result: Any) -> Any:
    generic: Any = Call
    return generic[result]


def same_signature(
    place: str, function: Callable[..., Any], expected: Mapping[str, tuple[object, object, Any]]
) -> None:
    there = signature_of(function)
    same_names(f"the parameters of {place}", there, expected)
    for name, (kind, default, annotation) in expected.items():
        at = f"{place}, {'parameter ' if name != 'return' else ''}{name}"
        same(f"{at}: kind", there[name][0], kind)
        same(f"{at}: default", there[name][1], default)
        same(f"{at}: annotation", there[name][2], annotation)


@by_tree
@by_operation
def test_a_method_takes_and_gives_what_the_document_says(client: type, raw: bool, operation: Operation) -> None:
    resource = nodes(client, raw=raw)[operation.group]
    method = getattr(resource, operation.name)
    result = result_annotation(operation)
    expected = {
        **keywords_of(operation),
        **{
            argument.python_name: (KEYWORD_ONLY, NO_DEFAULT, argument_annotation(RESOLVED, argument))
            for argument in operation.in_location("path")
        },
        **({"account_id": (KEYWORD_ONLY, None, str | None)} if operation.takes_an_account else {}),
        "return": (None, None, _response_of(result) if raw else result),
    }
    place = f"{resource.__name__}.{operation.name} ({operation})"
    same_signature(place, method, expected)
    same(
        f"{place} is a coroutine function",
        inspect.iscoroutinefunction(inspect.unwrap(method)),
        client is AsyncClient,
    )


API_FUNCTIONS: list[tuple[str, type | None, bool]] = [
    ("sync", Client, False),
    ("sync_detailed", Client, True),
    ("asyncio", AsyncClient, False),
    ("asyncio_detailed", AsyncClient, True),
]


@by_operation
def test_an_api_module_has_five_functions_that_take_and_give_what_the_document_says(operation: Operation) -> None:
    module = api_module(operation)
    result = result_annotation(operation)
    path = {argument.python_name: (POSITIONAL, NO_DEFAULT, str) for argument in operation.in_location("path")}
    for name, client, detailed in API_FUNCTIONS:
        function = getattr(module, name, None)
        assert function is not None, f"{module.__name__}.{name} is missing; {HINT}"
        expected = {
            **path,
            "client": (KEYWORD_ONLY, NO_DEFAULT, client),
            **keywords_of(operation),
            "return": (None, None, _response_of(result) if detailed else result),
        }
        same_signature(f"{module.__name__}.{name}", function, expected)
        is_async = inspect.iscoroutinefunction(inspect.unwrap(function))
        same(f"{module.__name__}.{name} is a coroutine function", is_async, client is AsyncClient)
    account = {"account_id": (POSITIONAL, NO_DEFAULT, str | None)} if operation.takes_an_account else {}
    made = {**path, **account, **keywords_of(operation)}
    same_signature(f"{module.__name__}.call", module.call, {**made, "return": (None, None, _call_of(result))})
    functions = {
        name for name, one in vars(module).items() if inspect.isfunction(one) and one.__module__ == module.__name__
    }
    same_names(module.__name__, functions, {"call", *(name for name, _, _ in API_FUNCTIONS)})


# What an operation says of itself


@by_operation
def test_an_operation_carries_what_the_document_says_of_it(operation: Operation) -> None:
    there = api_module(operation).OPERATION
    place = f"{api_module(operation).__name__}.OPERATION"
    same(f"{place}.call", there.call, operation.call)
    same(f"{place}.method", there.method, operation.method)
    same(f"{place}.path", there.path, operation.path)
    same(f"{place}.parameters", there.parameters, tuple(one.name for one in operation.in_location("path")))
    same(f"{place}.retry", there.retry, operation.item["x-retry"])
    same(f"{place}.permissions", there.permissions, tuple(operation.item.get("x-api-token-group", ())))
    hints = tuple(ErrorHint(**hint) for hint in operation.item.get("x-error-hints", ()))
    same(f"{place}.error_hints", there.error_hints, hints)
    same(f"{place}.payment_field", there.payment_field or None, operation.item.get("x-payment-id"))
    sent = [*operation.item.get("requestBody", {}).get("content", {}), "application/json"]
    same(f"{place}.content_type", there.content_type, sent[0])
    same(f"bool({place}.deprecated)", bool(there.deprecated), operation.item.get("deprecated", False))
    assert squeezed(there.deprecated) in squeezed(operation.item["description"]), (
        f"{place}.deprecated says what the document does not: {there.deprecated!r}; {HINT}"
    )


@by_operation
def test_each_form_of_a_deprecated_operation_and_no_other_is_marked(operation: Operation) -> None:
    """By PEP 702's decorator, so that type checkers and interpreters warn."""
    expected = api_module(operation).OPERATION.deprecated or None
    for client, raw in TREES:
        resource = nodes(client, raw=raw)[operation.group]
        there = getattr(getattr(resource, operation.name), "__deprecated__", None)
        same(f"{resource.__name__}.{operation.name}.__deprecated__", there, expected)
    for name, _, _ in API_FUNCTIONS:
        there = getattr(getattr(api_module(operation), name), "__deprecated__", None)
        same(f"{api_module(operation).__name__}.{name}.__deprecated__", there, expected)


def squeezed(text: str | None) -> str:
    """A text without the white space that line breaks put into it or took out of it."""
    return "".join((text or "").split())


def described_in_full(operation: Operation) -> Iterator[str]:
    """What the docstring of an operation must tell."""
    yield f"{operation.method} {operation.path}"
    yield from operation.item.get("x-api-token-group", ())
    name, items = component_name(operation.result), component_name(operation.result.get("items", {}))
    result = (
        name if name in RECORDS else f"list[{items}]" if items else "object, any JSON: the document does not say what"
    )
    yield f"Returns: {result}."
    yield "Raises:"
    yield "APIError:"
    yield "ValueError, TypeError:"
    if operation.item["x-retry"] == "charge":
        yield "ChargeOutcomeUnknown:"


def arguments_described(docstring: str) -> dict[str, str]:
    """The text that a docstring gives to each argument, on one line."""
    section = inspect.cleandoc(docstring).partition("Args:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def text_of(schema: Schema, description: str) -> str:
    """What is said of a value: what the document says, and its unit if that is not said in it."""
    text = " ".join(description.split())
    unit = WORDS_OF_UNITS.get(schema.get("x-unit", ""), "")
    if unit and unit.split()[-1] not in text:
        unsure = ", unconfirmed" if "x-unit-confidence" in schema else ""
        text += f" In {'Unix ' if schema['x-unit'].startswith('unix') else ''}{unit}{unsure}."
    return text


def same_docstring(place: str, docstring: str | None, operation: Operation, *, client: bool) -> None:
    there = inspect.cleandoc(docstring or "")
    summary, _, rest = there.partition("\n\n")
    same(
        f"the first line of the docstring of {place}",
        " ".join(summary.split()),
        f"{operation.item['summary'].rstrip('.')}.",
    )
    description = " ".join(operation.item["description"].split())
    same(f"the second part of the docstring of {place}", " ".join(rest.partition("\n\n")[0].split()), description)
    for text in described_in_full(operation):
        assert squeezed(text) in squeezed(there), f"the docstring of {place} does not tell {text!r}; {HINT}"
    expected = {one.python_name: text_of(one.schema, one.description) for one in operation.arguments}
    for name, argument in {one.python_name: one for one in operation.arguments}.items():
        if "default" in argument.schema:
            expected[name] += f" Default: {argument.schema['default']!r}."
    if client:
        expected["client"] = "The client to send it with."
    else:
        expected |= {
            name: f"{expected[name]} The client's own if it is not given."
            for name in ("account_id",)
            if name in expected
        }
    same(f"what the docstring of {place} tells of arguments", arguments_described(docstring or ""), expected)
    permissions = {group for other in OPERATIONS for group in other.item.get("x-api-token-group", ())}
    for permission in permissions - set(operation.item.get("x-api-token-group", ())):
        assert squeezed(permission) not in squeezed(there), (
            f"the docstring of {place} asks for {permission}, too; {HINT}"
        )


def modules() -> Iterator[ModuleType]:
    """Every module of the package."""
    yield aig_billing
    for found in pkgutil.walk_packages(aig_billing.__path__, f"{aig_billing.__name__}."):
        yield importlib.import_module(found.name)


def defined_in(holder: Any, module: str) -> Iterator[tuple[str, Any]]:
    """Functions, classes and properties that are written there, with what is in the classes."""
    for name, member in vars(holder).items():
        one = member.__func__ if isinstance(member, staticmethod | classmethod) else member
        if isinstance(one, property) and inspect.isclass(holder):
            yield f"{holder.__qualname__}.{name}", one
        elif getattr(one, "__module__", None) == module and not (name.startswith("__") and inspect.isclass(holder)):
            if inspect.isfunction(one) or inspect.isclass(one):
                yield one.__qualname__, one
            if inspect.isclass(one):
                yield from defined_in(one, module)


def test_everything_says_what_it_is() -> None:
    """People meet the client in their editor: modules, classes, methods, properties and functions have docstrings."""
    seen = 0
    for module in modules():
        assert module.__doc__, f"{module.__name__} has no docstring; {HINT}"
        for name, one in defined_in(module, module.__name__):
            assert one.__doc__, f"{module.__name__}: {name} has no docstring; {HINT}"
            seen += 1
    assert seen > 150


@by_operation
def test_docstrings_name_request_permissions_arguments_units_and_result(operation: Operation) -> None:
    for client, raw in TREES:
        resource = nodes(client, raw=raw)[operation.group]
        reported = inspect.getdoc(getattr(resource, operation.name))
        if raw:
            assert f"`{operation.call}`" in (reported or ""), (
                f"{resource.__name__}.{operation.name} does not say what it is like; {HINT}"
            )
        else:
            same_docstring(f"{resource.__name__}.{operation.name}", reported, operation, client=False)
            assert "\n\nReturns:\n" in (reported or ""), (
                f"{resource.__name__}.{operation.name}: no line before Returns; {HINT}"
            )
            assert ("\nArgs:\n" in (reported or "")) == bool(operation.arguments), (
                f"{resource.__name__}.{operation.name} lists arguments that there are not, or not those that there are; {HINT}"
            )
    module = api_module(operation)
    same_docstring(f"{module.__name__}.sync", module.sync.__doc__, operation, client=True)
    for name, other in (("sync_detailed", "sync"), ("asyncio", "sync"), ("asyncio_detailed", "sync_detailed")):
        assert f"`{other}`" in (getattr(module, name).__doc__ or ""), (
            f"{module.__name__}.{name} does not say what it is like; {HINT}"
        )
    folder = importlib.import_module(module.__package__ or "")
    for name in re.findall(r"`(\w+)`", folder.__doc__ or ""):
        assert hasattr(module, name), f"the docstring of {folder.__name__} names {name}, which is not there; {HINT}"
    for text in (operation.item["summary"], operation.call, f"{operation.method} {operation.path}"):
        assert squeezed(text) in squeezed(module.__doc__), (
            f"the docstring of {module.__name__} does not tell {text!r}; {HINT}"
        )


# Models


def members(record: str) -> set[str]:
    return {name for name in dir(getattr(models, record)) if not name.startswith("_")}


def is_open(record: str) -> bool:
    return RESOLVED.schemas[record].get("additionalProperties") is not False


def twins_of(record: str) -> dict[str, tuple[Property, Twin]]:
    """The twins of a model by their names, each with the property that it says in another way."""
    schema = RESOLVED.schemas[record]
    return {twin.name: (field, twin) for field in RESOLVED.properties(schema) if (twin := twin_of(field, schema))}


@by_record
def test_a_model_has_an_attribute_for_each_property_and_no_other(record: str) -> None:
    fields = RESOLVED.properties(RESOLVED.schemas[record])
    expected = [field.python_name for field in fields] + ["additional_properties"] * is_open(record)
    same_names(f"the fields of {record}", inspect.signature(getattr(models, record)).parameters, expected)
    same_names(record, members(record), [*expected, *twins_of(record), "from_dict", "to_dict", "to_json"])


@by_record
def test_an_attribute_has_the_type_and_default_that_the_document_gives(record: str) -> None:
    model = getattr(models, record)
    known = typing.get_type_hints(model, localns={name: getattr(models, name) for name in RECORDS})
    parameters = inspect.signature(model).parameters
    for field in RESOLVED.properties(RESOLVED.schemas[record]):
        place = f"{record}.{field.python_name}"
        same(f"the annotation of {place}", known[field.python_name], field_annotation(RESOLVED, field))
        default = parameters[field.python_name].default
        same(f"the default of {place}", default, NO_DEFAULT if field.required else None)
    if is_open(record):
        same(f"the annotation of {record}.additional_properties", known["additional_properties"], dict[str, object])
        same(f"{record}.additional_properties", sample_instance(RESOLVED, record).additional_properties, {})
        same(f"the kind of {record}.additional_properties", parameters["additional_properties"].kind, KEYWORD_ONLY)


@by_record
def test_a_number_with_a_unit_has_a_twin_that_says_it_in_money_or_as_a_moment(record: str) -> None:
    """That type checkers see `Money` and `datetime` is shown in tests/typing."""
    for field, twin in twins_of(record).values():
        for raw, expected in twin.tries:
            instance = sample_instance(RESOLVED, record).__replace__(**{field.python_name: raw})
            same(f"{record}.{twin.name} of {raw!r}", getattr(instance, twin.name), expected)
        if type(None) in typing.get_args(twin.annotation):
            instance = sample_instance(RESOLVED, record).__replace__(**{field.python_name: None})
            same(f"{record}.{twin.name} of None", getattr(instance, twin.name), None)


@by_record
def test_the_fields_that_errors_are_found_by_are_those_of_the_document(record: str) -> None:
    schema = RESOLVED.schemas[record]
    there = getattr(models, record).__table__()
    reported = {(field.name, field.required, field.secret) for field in there.fields}
    expected = {(one.name, one.required, one.schema.get("format") == "password") for one in RESOLVED.properties(schema)}
    same(f"the table of {record}: name, required, secret", reported, expected)
    same(f"the table of {record} has no others", there.extra is None, not is_open(record))


def test_twins_are_tried_on_every_unit() -> None:
    """The test before this one would have nothing to say of a document without units."""
    units = {field.schema.get("x-unit") for name in RECORDS for field in RESOLVED.properties(RESOLVED.schemas[name])}
    assert units >= {"cents", "unix-s", "unix-auto"}


@by_record
def test_a_secret_and_nothing_else_is_masked_when_a_model_is_shown(record: str) -> None:
    instance = sample_instance(RESOLVED, record)
    for field in RESOLVED.properties(RESOLVED.schemas[record]):
        secret = field.schema.get("format") == "password"
        shows = f"{field.python_name}={getattr(instance, field.python_name)!r}" in repr(instance)
        same(f"repr({record}) shows {field.python_name}", shows, not secret)
        if secret:
            reported = instance.__replace__(**{field.python_name: "pi_1_secret_never-shown"})
            assert "never-shown" not in f"{reported!r} {reported!s}", f"{record}.{field.python_name} is shown; {HINT}"
            nothing = instance.__replace__(**{field.python_name: None})
            assert f"{field.python_name}=None" in repr(nothing)


def attributes_described(model: type) -> dict[str, str]:
    """The docstring under each attribute of a class, on one line."""
    (reported,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(reported, ast.ClassDef)
    found = {}
    for line, following in itertools.pairwise(reported.body):
        target = (
            line.target
            if isinstance(line, ast.AnnAssign)
            else line.targets[0]
            if isinstance(line, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name):
            assert isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant), (  # noqa: PT018 - one thing
                f"{model.__name__}.{target.id} has no docstring; {HINT}"
            )
            found[target.id] = " ".join(str(following.value.value).split())
    return found


@by_record
def test_a_model_tells_what_it_is_and_under_each_attribute_its_meaning_and_its_one_unit(record: str) -> None:
    model = getattr(models, record)
    schema = RESOLVED.schemas[record]
    description = " ".join(schema["description"].split())
    same(f"the docstring of {record}", " ".join((model.__doc__ or "").split()), description)
    assert squeezed(description) in squeezed(sys.modules[model.__module__].__doc__)
    expected = {}
    for field in RESOLVED.properties(schema):
        options = [field.schema, *field.schema.get("oneOf", ())]
        text = (
            field.schema.get("description")
            or RESOLVED.follow(next(one for one in options if "$ref" in one))["description"]
        )
        expected[field.python_name] = text_of(field.schema, text)
        if field.schema.get("x-unit-confidence") == "unconfirmed":
            assert "unconfirmed" in expected[field.python_name], (
                f"{record}.{field.name} is too sure of its unit; {HINT}"
            )
    for name, (field, twin) in twins_of(record).items():
        kind = "exactly, as money" if name.endswith("_money") else "as an aware datetime in UTC"
        expected[twin.name] = f"`{field.python_name}`, {kind}."
    same(f"the docstrings under the attributes of {record}", attributes_described(model), expected)


def test_no_name_of_a_field_stands_in_its_model_more_than_three_times() -> None:
    for record in RECORDS:
        source = inspect.getsource(getattr(models, record))
        code = re.sub(r'""".*?"""', "", source, flags=re.DOTALL)
        for field in RESOLVED.properties(RESOLVED.schemas[record]):
            times = len(re.findall(rf"\b{field.python_name}\b", code))
            assert times <= 3, f"{record}.{field.python_name} stands {times} times in its class; {HINT}"


def test_a_model_fits_on_a_screen() -> None:
    lines = sorted(len(path.read_text().splitlines()) for path in (PACKAGE / "models").glob("[a-z]*.py"))
    assert lines[len(lines) // 2] <= 60
