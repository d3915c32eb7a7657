"""What the templates are given: operations, models and resources, as values that say everything that is printed.

What the generator drops (extensions, limits, deprecation, null beside an enum) was looked up in the resolved document.
"""

import builtins
from collections.abc import Mapping

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from codegen.kinds import Kind
from codegen.matching import path_of
from codegen.names import resource_module

_TAKEN_IN_DECODERS = frozenset(dir(builtins)) | {
    *("src_dict", "whole", "made", "value", "name", "extra", "extra_fields"),
    *("allocate", "is_finite", "is_integer"),
}
_UNIT_IN_WORDS = {
    "cents": "cents",
    "unix-ms": "Unix milliseconds",
    "unix-s": "Unix seconds",
    "unix-auto": "Unix seconds or milliseconds",
}


@frozen
class Twin:
    """The property that says a raw number in dollars or as a date."""

    name: str
    annotation: str
    code: str
    function: str


@frozen(kw_only=True)
class FieldView:
    """One property of a model."""

    name: str
    attribute: str
    kind: Kind
    required: bool
    description: str
    unit: str | None = None
    secret: bool = False
    twin: Twin | None = None

    @property
    def local(self) -> str:
        """Its name as a variable of a decoder, where a builtin's name (`type`) would hide the builtin."""
        return f"{self.attribute}_" if self.attribute in _TAKEN_IN_DECODERS else self.attribute

    @property
    def annotation(self) -> str:
        """Its type hint; an optional one is None when absent."""
        own = self.kind.full_annotation()
        return own if self.required or self.kind.is_anything or own.endswith("| None") else f"{own} | None"

    @property
    def in_words(self) -> str:
        """Its description, with its unit if that is not said in it."""
        unit = _UNIT_IN_WORDS.get(self.unit or "", "")
        first_word = unit.split(" ")[-1]
        return (
            self.description if not unit or first_word in self.description else f"{self.description} In {unit}.".strip()
        )


@frozen(kw_only=True)
class ModelView:
    """One schema that became a class."""

    name: str
    module: str
    place: str
    description: str
    fields: tuple[FieldView, ...]
    closed: bool
    """Whether the document refuses other fields."""

    @property
    def imports(self) -> list[tuple[str, str]]:
        """The models it names, each with its module, without itself."""
        return sorted(set().union(*(view.kind.models() for view in self.fields)) - {(self.module, self.name)})

    @property
    def ordered(self) -> list[FieldView]:
        """Its fields, those that must be given first."""
        return sorted(self.fields, key=lambda view: not view.required)


@frozen(kw_only=True)
class ParameterView:
    """One argument of an operation."""

    name: str
    argument: str
    location: str
    kind: Kind
    required: bool
    description: str
    unit: str | None
    limits: Mapping[str, float]

    @property
    def annotation(self) -> str:
        """Its type hint."""
        own = "datetime | float" if self.unit == "unix-ms" else self.kind.annotation(argument=True)
        return own if self.required and not self.kind.nullable else f"{own} | None"

    @property
    def check(self) -> str:
        """The code that checks it before anything is sent."""
        extra = "".join(f", {side}={value!r}" for side, value in self.limits.items())
        extra += ', unit="cents"' if self.unit == "cents" else ""
        if self.unit == "unix-ms":
            function, extra = "unix_ms", ""
        elif self.kind.words:
            function, extra = "choice", f", {self.kind.words!r}"
        else:
            function = {"integer": "integer", "number": "number", "string": "text", "boolean": "flag"}[self.kind.scalar]
            extra = extra if function in {"integer", "number"} else ""
        checked = f"_check.{function}({self.argument!r}, {self.argument}{extra})"
        return (
            checked if self.required and not self.kind.nullable else f"None if {self.argument} is None else {checked}"
        )

    @property
    def in_words(self) -> str:
        """Its description, with its unit if that is not said in it."""
        unit = _UNIT_IN_WORDS.get(self.unit or "", "")
        return (
            self.description
            if not unit or unit.split(" ")[-1] in self.description
            else f"{self.description} In {unit}."
        )


@frozen(kw_only=True)
class OperationView:
    """One operation."""

    method: str
    path: str
    tag: str
    module: str
    group: tuple[str, ...]
    name: str
    summary: str
    description: str
    retry: str
    permissions: tuple[str, ...]
    deprecated: str
    error_hints: tuple[Mapping[str, object], ...]
    payment_field: str
    path_parameters: tuple[ParameterView, ...]
    query: tuple[ParameterView, ...]
    body: tuple[ParameterView, ...]
    result: Kind
    result_name: str
    enveloped: bool

    @property
    def call(self) -> str:
        """As people call it, from the client on."""
        return ".".join((*self.group, self.name))

    @property
    def arguments(self) -> tuple[ParameterView, ...]:
        """What is given by keyword, what must be given first."""
        return tuple(sorted((*self.query, *self.body), key=lambda view: not view.required))

    @property
    def given(self) -> str:
        """All arguments, as code that hands them on to the operation's `call`."""
        by_keyword = [f"{view.argument}={view.argument}" for view in self.arguments]
        return ", ".join([view.argument for view in self.path_parameters] + by_keyword)

    @property
    def amount(self) -> str | None:
        """The argument that says what a charge costs."""
        if self.retry != "charge":
            return None
        return next((view.argument for view in self.body if view.unit == "cents"), None)

    @property
    def annotation(self) -> str:
        """The type hint of its result."""
        return self.result.full_annotation()


@frozen
class ChildView:
    """A resource below another."""

    attribute: str
    name: str
    """Its class."""
    module: str


@frozen(kw_only=True)
class ResourceView:
    """One node of the tree of calls."""

    group: tuple[str, ...]
    name: str
    operations: tuple[OperationView, ...]
    children: tuple[ChildView, ...]
    mixin: str | None

    @property
    def module(self) -> str:
        """The module that has its classes."""
        return resource_module(self.group)

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes: each way of calling, with and without the raw answer."""
        return tuple(f"{way}{self.name}{raw}" for way in ("", "Async") for raw in ("", "WithRawResponse"))

    @property
    def result_models(self) -> list[tuple[str, str]]:
        """The models that its operations give, each with its module."""
        return sorted(set[tuple[str, str]]().union(*(operation.result.models() for operation in self.operations)))

    @property
    def is_root(self) -> bool:
        """Whether the client itself has it."""
        return len(self.group) == 1

    @property
    def mixin_module(self) -> str:
        """Where the hand-written methods are."""
        return (self.mixin or "").rpartition(".")[0]

    @property
    def mixin_class(self) -> str:
        """The class that has them; its asynchronous twin has `Async` before it."""
        return (self.mixin or "").rpartition(".")[2]


@frozen(kw_only=True)
class Views:
    """All that the templates are given."""

    operations: tuple[OperationView, ...]
    models: tuple[ModelView, ...]
    aliases: tuple[tuple[str, str, str], ...]
    """Name, module and description of each schema that may be anything."""
    resources: tuple[ResourceView, ...]

    def operation(self, endpoint: Endpoint) -> OperationView:
        """Find the view of one of the generator's endpoints."""
        method, path = endpoint.method.upper(), path_of(endpoint)
        return next(view for view in self.operations if (view.method, view.path) == (method, path))

    def model(self, generated: ModelProperty) -> ModelView:
        """Find the view of one of the generator's models."""
        return next(view for view in self.models if view.name == generated.class_info.name)
