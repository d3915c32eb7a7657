"""What the templates are given: operations, models and resources, as values that say everything that is printed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty

from aig_billing_runtime.operation import ENVELOPE

UNITS_IN_WORDS = {
    "cents": "cents",
    "unix-ms": "Unix milliseconds",
    "unix-s": "Unix seconds",
    "unix-auto": "Unix seconds or milliseconds",
}


@frozen
class Type:
    """A Python type, as code."""

    options: tuple[str, ...] = ()
    nullable: bool = False

    def __str__(self) -> str:
        return " | ".join([*self.options, *(["None"] if self.nullable else [])])

    @property
    def only(self) -> str:
        """Its one option, if it has only one."""
        return self.options[0] if len(self.options) == 1 else ""

    @classmethod
    def either(cls, types: Sequence["Type"]) -> "Type":
        """Any of several; what may be anything may be null already."""
        options = tuple(dict.fromkeys(option for one in types for option in one.options))
        if "object" in options:
            return cls(("object",))
        return cls(options, any(one.nullable for one in types))

    def or_none(self) -> "Type":
        """The same, with null."""
        return Type(self.options, "object" not in self.options)


@frozen(kw_only=True)
class FieldView:
    """One property of a model."""

    name: str
    attribute: str
    type: Type
    options: str
    """What `prop` is given, as code."""
    text: str
    """Its docstring: meaning and unit."""
    twin: str = ""
    """The function that declares its twin, if it has one."""

    @property
    def twin_name(self) -> str:
        """The name of its twin."""
        return f"{self.attribute}_{self.twin.removesuffix('_of')}"


@frozen(kw_only=True)
class ModelView:
    """One schema that became a class."""

    name: str
    module: str
    description: str
    fields: tuple[FieldView, ...]
    extra_options: str
    """What `prop` is given for them besides, as code."""
    extra: Type | None
    """The type of properties that are not listed; None when the document allows none."""

    @property
    def base(self) -> str:
        """The class that it is derived from."""
        if self.extra is None:
            return "ClosedModel"
        return "Model" if str(self.extra) == "object" else "AnyModel"


@frozen(kw_only=True)
class ArgumentView:
    """One argument of an operation."""

    name: str
    argument: str
    location: str
    type: Type
    check: str
    """The code that checks it before anything is sent, and writes it as JSON has it."""
    text: str
    required: bool
    default: str = "None"
    unit: str | None = None
    deprecated: bool = False
    style: str = ""
    """How an array or object is written in a query, where that is not by repeating its name."""

    @property
    def declared(self) -> str:
        """Its part of a signature."""
        return f"{self.argument}: {self.annotation}{'' if self.required else f' = {self.default}'}"

    @property
    def annotation(self) -> str:
        """Its type hint."""
        if self.default == "UNSET":
            return f"{self.type} | Unset"
        return str(self.type if self.required else self.type.or_none())

    @property
    def guarded(self) -> str:
        """The code that gives what is sent: UNSET or None for what is left out."""
        if self.default == "UNSET":
            return f"{self.argument} if {self.argument} is UNSET or {self.argument} is None else {self.check}"
        if self.location == "body" and not self.required and self.name:
            return f"UNSET if {self.argument} is None else {self.check}"
        may_be_none = self.type.nullable or not self.required
        return f"None if {self.argument} is None else {self.check}" if may_be_none else self.check

    @property
    def in_path(self) -> str:
        """The code that gives what stands in the path; None for the client's own account."""
        if str(self.type) == "str" and "within" not in self.check:
            return self.argument  # it is checked when it is put into the path
        code = f"_check.plain({self.check})"
        return f"None if account_id is None else {code}" if self.argument == "account_id" else code


def in_code(discriminator: tuple[str, Mapping[str, str]]) -> str:
    """Write a discriminator with the models that it names, and not with their names."""
    models = ", ".join(f"{value!r}: {model}" for value, model in discriminator[1].items())
    return f"({discriminator[0]!r}, {{{models}}})"


@frozen
class AnswerView:
    """One successful answer."""

    statuses: tuple[int, int]
    media_type: str
    type: Type
    envelope: tuple[str, ...] | None
    """The properties that the envelope around the result must have; None without an envelope."""
    declared: Mapping[str, Type] = {}
    """The types that the document gives other properties of the envelope."""
    discriminator: tuple[str, dict[str, str]] | None = None
    only: bool = True
    """Whether it is the only successful answer."""

    @property
    def code(self) -> str:
        """What `Success` is given, as code."""
        parts = [str(self.type)]
        parts += [] if self.only else [f"statuses={self.statuses!r}"]
        parts += [] if self.media_type == "application/json" else [f"media_type={self.media_type!r}"]
        envelope = "ENVELOPE" if self.envelope == ENVELOPE else repr(self.envelope)
        parts += [] if self.envelope is None else [f"envelope={envelope}"]
        declared = ", ".join(f"({name!r}, {type_})" for name, type_ in self.declared.items())
        parts += [f"declared=({declared},)"] if declared else []
        parts += [f"discriminator={in_code(self.discriminator)}"] if self.discriminator else []
        return ", ".join(parts)


@frozen(kw_only=True)
class OperationView:
    """One operation."""

    endpoint: Endpoint
    node: Mapping[str, Any]
    """What the document says of it, with its parameters those of its path, and the servers."""
    method: str
    path: str
    group: tuple[str, ...]
    name: str
    summary: str
    description: str
    retry: str
    deprecated: str
    credentials: tuple[str, ...] | None
    """Which kinds of credentials it takes, if that is not what the document says for all."""
    arguments: tuple[ArgumentView, ...]
    body: ArgumentView | None
    """The body, where it is one argument and not one for each of its fields."""
    body_required: tuple[str, ...] | None
    """The fields that a body must have if there is one; None where there must be one."""
    answers: tuple[AnswerView, ...]

    @property
    def call(self) -> str:
        """As people call it, from the client on."""
        return ".".join((*self.group, self.name))

    def located(self, location: str) -> list[ArgumentView]:
        """The arguments that go to one place of a request, in the order of the document; those in the path in its order."""
        return [view for view in self.arguments if view.location == location]

    @property
    def keywords(self) -> list[ArgumentView]:
        """What is given by keyword, what must be given first."""
        others = [view for view in self.arguments if view.location != "path"]
        return sorted(others, key=lambda view: not view.required)

    @property
    def styles(self) -> dict[str, str]:
        """How lists and objects of the query are written, where that is not by repeating the name."""
        return {view.name: view.style for view in self.located("query") if view.style}

    @property
    def given(self) -> str:
        """All arguments, as code that hands them on to the operation's `call`."""
        by_keyword = [f"{view.argument}={view.argument}" for view in self.keywords]
        return ", ".join([view.argument for view in self.located("path")] + by_keyword)

    @property
    def amount(self) -> str | None:
        """The argument that says what a charge costs."""
        cents = [view.argument for view in self.located("body") if view.unit == "cents"]
        return cents[0] if cents and self.retry == "charge" else None

    @property
    def result(self) -> Type:
        """What it returns."""
        return Type.either([answer.type for answer in self.answers])


@frozen(kw_only=True)
class ResourceView:
    """One node of the tree of calls."""

    group: tuple[str, ...]
    name: str
    operations: tuple[OperationView, ...]
    children: tuple["ResourceView", ...]
    mixin: str
    """Module and name of the class that has its hand-written methods; the asynchronous twin has `Async` before its name."""

    @property
    def module(self) -> str:
        """The module that has its classes."""
        return "_".join(self.group)

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes: each way of calling, with and without the raw answer."""
        return tuple(f"{way}{self.name}{raw}" for way in ("", "Async") for raw in ("", "WithRawResponse"))

    @property
    def hidden(self) -> list[str]:
        """The builtins that an operation of the same name hides from the annotations of its neighbours."""
        names = {operation.name for operation in self.operations} | {child.group[-1] for child in self.children}
        return sorted(names & {"bool", "bytes", "dict", "float", "int", "list", "object", "str"})

    def visible(self, annotation: object) -> str:
        """Write an annotation so that it names builtins that an operation of the same name hides."""
        hidden = rf"(?<![\w.'\"])({'|'.join(self.hidden)})(?=[\[\],| ]|$)"
        return re.sub(hidden, r"builtins.\1", str(annotation)) if self.hidden else str(annotation)


@frozen(kw_only=True)
class Views:
    """All that the templates are given."""

    operations: tuple[OperationView, ...]
    models: tuple[ModelView, ...]
    resources: tuple[ResourceView, ...]
    server: str
    title: str

    def operation(self, endpoint: Endpoint) -> OperationView:
        """Find the view of one of the parser's endpoints."""
        return next(one for one in self.operations if one.endpoint is endpoint)

    def model(self, parsed: ModelProperty) -> ModelView:
        """Find the view of one of the parser's models."""
        return next(one for one in self.models if one.name == parsed.class_info.name)
