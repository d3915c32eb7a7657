"""What the templates are given: operations, models and resources, as values that say everything that is printed."""

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint

from codegen.names import BUILTIN_TYPES


@frozen
class Type:
    """A Python type, as code."""

    options: tuple[str, ...] = ()
    nullable: bool = False

    def __str__(self) -> str:
        return " | ".join([*self.options, *(["None"] if self.nullable else [])])

    def __or__(self, other: "Type") -> "Type":
        """Either of two; what may be anything may be null already."""
        options = tuple(dict.fromkeys(self.options + other.options))
        return Type(("object",)) if "object" in options else Type(options, self.nullable or other.nullable)

    def within(self, *known: str) -> bool:
        """Whether it has options, all of them known."""
        return bool(self.options) and set(self.options) <= set(known)


NULL = Type(nullable=True)


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
    twin: str
    """What its twin gives it as, if it has one: money or datetime."""


@frozen(kw_only=True)
class ModelView:
    """One schema that became a class."""

    name: str
    module: str
    base: str
    """The class that it is derived from."""
    description: str
    fields: tuple[FieldView, ...]
    extra: Type | None
    """The type of properties that are not listed; None when the document allows none."""
    extra_options: str
    """What `prop` is given for them besides, as code."""


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
    default: str
    unit: str | None
    deprecated: bool

    @property
    def declared(self) -> str:
        """Its part of a signature."""
        return f"{self.argument}: {self.annotation}{'' if self.required else f' = {self.default}'}"

    @property
    def annotation(self) -> str:
        """Its type hint."""
        if self.default == "UNSET":
            return f"{self.type} | Unset"
        return str(self.type if self.required else self.type | NULL)

    @property
    def guarded(self) -> str:
        """The code that gives what is sent: UNSET or None for what is left out."""
        if self.default == "UNSET":
            return f"{self.argument} if {self.argument} is UNSET or {self.argument} is None else {self.check}"
        if self.required and not self.type.nullable:
            return self.check
        left_out = "UNSET" if self.location == "body" and not self.required and self.name else "None"
        return f"{left_out} if {self.argument} is None else {self.check}"

    @property
    def in_path(self) -> str:
        """The code that gives what stands in the path; None for the client's own account."""
        if str(self.type) == "str" and "within" not in self.check:
            return self.argument  # it is checked when it is put into the path
        code = f"_check.plain({self.check})"
        return f"None if account_id is None else {code}" if self.argument == "account_id" else code


@frozen(kw_only=True)
class OperationView:
    """One operation."""

    endpoint: Endpoint
    node: Mapping[str, Any]
    """What the document says of it, with its parameters those of its path, and the servers; and its method and path."""
    group: tuple[str, ...]
    name: str
    summary: str
    description: str
    deprecated: str
    credentials: tuple[str, ...] | None
    """Which kinds of credentials it takes, if that is not what the document says for all."""
    arguments: tuple[ArgumentView, ...]
    body: ArgumentView | None
    """The body, where it is one argument and not one for each of its fields."""
    body_required: tuple[str, ...] | None
    """The fields that a body must have if there is one; None where there must be one."""
    result: Type
    successes: tuple[str, ...]
    """What `Success` is given for each successful answer, as code."""
    styles: Mapping[str, str]
    """How lists and objects of the query are written, where that is not by repeating the name."""

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
    def given(self) -> str:
        """All arguments, as code that hands them on to the operation's `call`."""
        by_keyword = [f"{view.argument}={view.argument}" for view in self.keywords]
        return ", ".join([view.argument for view in self.located("path")] + by_keyword)

    @property
    def amount(self) -> str | None:
        """The argument that says what a charge costs."""
        cents = [view.argument for view in self.located("body") if view.unit == "cents"]
        return cents[0] if cents and self.node["x-retry"] == "charge" else None


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

    def visible(self, annotation: object) -> str:
        """Write an annotation so that it names builtins that an operation of the same name hides from its neighbours."""
        names = {operation.name for operation in self.operations} | {child.group[-1] for child in self.children}
        hidden = "|".join(sorted(names & BUILTIN_TYPES)) or "(?!)"  # which matches nothing
        return re.sub(rf"(?<![\w.'\"])({hidden})(?=[\[\],| ]|$)", r"builtins.\1", str(annotation))


@frozen(kw_only=True)
class Views:
    """All that the templates are given."""

    operations: tuple[OperationView, ...]
    models: tuple[ModelView, ...]
    resources: tuple[ResourceView, ...]
    server: str
    title: str
