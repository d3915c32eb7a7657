"""What the templates are given: operations, models and resources, made from the resolved document and the generator's classes.

The generator parses and names; what it drops (extensions, limits, deprecation, null beside an enum) is looked up in the document by
method, path, location and name. Whatever is in one and not in the other stops the build: nothing is lost without a word.
"""

import builtins
import keyword
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from codegen.kinds import Kind, KindReader
from codegen.problems import BuildError

_TWINS: dict[str, tuple[str, str, str]] = {
    # x-unit: suffix, type, how it is made
    "cents": ("money", "Money", "Money.from_cents({value}{currency})"),
    "unix-ms": ("datetime", "datetime", "from_unix_ms({value})"),
    "unix-s": ("datetime", "datetime", "from_unix_s({value})"),
    "unix-auto": ("datetime", "datetime", "from_unix_auto({value})"),
}
_TAKEN_IN_DECODERS = frozenset({*dir(builtins), "src_dict", "extra_fields", "value", "is_finite", "is_integer"})
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


@frozen(kw_only=True)
class ResourceView:
    """One node of the tree of calls."""

    group: tuple[str, ...]
    name: str
    operations: tuple[OperationView, ...]
    children: tuple[tuple[str, str], ...]
    """Attribute and class of each resource below."""
    mixin: str | None

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

    @property
    def result_models(self) -> list[tuple[str, str]]:
        """The models that operations give, each with its module."""
        return sorted(set().union(*(operation.result.models() for operation in self.operations)))

    def operation(self, endpoint: Endpoint) -> OperationView:
        """Find the view of one of the generator's endpoints."""
        method, path = endpoint.method.upper(), _path_of(endpoint)
        return next(view for view in self.operations if (view.method, view.path) == (method, path))

    def model(self, generated: ModelProperty) -> ModelView:
        """Find the view of one of the generator's models."""
        return next(view for view in self.models if view.name == generated.class_info.name)


def build_views(document: Mapping[str, Any], data: GeneratorData, path: Path) -> Views:
    """Make all views, and set the names that the generator uses for its files.

    Raises:
        BuildError: When something of the document is not in the generator's output, or cannot be expressed.
    """
    return _Builder(document, data, path).build()


@frozen
class _Builder:
    document: Mapping[str, Any]
    data: GeneratorData
    path: Path
    classes: dict[str, tuple[str, str]] = field(factory=dict)
    """Class and module of the schema at a place."""
    schemas: dict[str, tuple[str, Mapping[str, Any]]] = field(factory=dict)
    """Place and schema of each class."""

    def build(self) -> Views:
        for model in self.data.models:
            self._match_component(model)
        endpoints = {(endpoint.method.upper(), _path_of(endpoint)): endpoint for endpoint in self._endpoints()}
        wanted = [(method.upper(), path, operation) for path, method, operation in self._documented()]
        for method, path, operation in wanted:
            if (method, path) not in endpoints:
                raise self._lost(f"$.paths[{path!r}].{method.lower()}", "the operation")
            self._match_operation(endpoints[method, path], operation, f"$.paths[{path!r}].{method.lower()}")
        operations = tuple(
            self._operation(method, path, operation, endpoints[method, path]) for method, path, operation in wanted
        )
        self._drop_envelopes()
        models = tuple(self._model(name) for name in (model.class_info.name for model in self.data.models))
        names = [model.name for model in models] + [name for name, _, _ in self._aliases()]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated:
            raise BuildError(self.path, "", f"two schemas would both become {repeated}", "rename one of them")
        return Views(
            operations=operations, models=models, aliases=tuple(self._aliases()), resources=self._resources(operations)
        )

    # Matching what the generator made with where it stands in the document.

    def _endpoints(self) -> Iterator[Endpoint]:
        for collection in self.data.endpoint_collections_by_tag.values():
            yield from collection.endpoints

    def _documented(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for path, item in self.document["paths"].items():
            for method in ("get", "put", "post", "delete", "options", "head", "patch", "trace"):
                if method in item:
                    yield (
                        path,
                        method,
                        {
                            **item[method],
                            "parameters": [*item.get("parameters", []), *item[method].get("parameters", [])],
                        },
                    )

    def _match_component(self, model: ModelProperty) -> None:
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            if ClassName(schema.get("title") or name, "field_") == model.class_info.name:
                self._match_model(model, schema, f"$.components.schemas.{name}")

    def _match_model(self, model: ModelProperty, schema: Mapping[str, Any], place: str) -> None:
        self.classes[place] = (model.class_info.name, model.class_info.module_name)
        self.schemas[model.class_info.name] = (place, schema)
        made = {
            prop.name.get_untrusted_value(): prop
            for prop in (*(model.required_properties or []), *(model.optional_properties or []))
        }
        for name, inner in schema.get("properties", {}).items():
            if name not in made:
                raise self._lost(f"{place}.properties.{name}", "the property")
            self._match(made[name], inner, f"{place}.properties.{name}")

    def _match(self, made: Any, schema: Mapping[str, Any], place: str) -> None:  # noqa: ANN401 - the generator's union of properties
        if "$ref" in schema or place in self.classes:
            return
        if isinstance(made, ModelProperty):
            if schema.get("properties"):
                self._match_model(made, schema, place)
        elif isinstance(made, ListProperty) and "items" in schema:
            self._match(made.inner_property, schema["items"], f"{place}.items")
        elif isinstance(made, UnionProperty):
            for keyword_ in ("oneOf", "anyOf"):
                for index, inner in enumerate(schema.get(keyword_, [])):
                    for candidate in made.inner_properties:
                        self._match(candidate, inner, f"{place}.{keyword_}[{index}]")

    def _match_operation(self, endpoint: Endpoint, operation: Mapping[str, Any], place: str) -> None:
        made = {(location.value, prop.name.get_untrusted_value()) for location, prop in endpoint.iter_all_parameters()}
        for parameter in map(self._resolved, operation["parameters"]):
            if (parameter["in"], parameter["name"]) not in made:
                raise self._lost(f"{place}.parameters", f"the parameter {parameter['name']!r}")
        if "requestBody" in operation:
            if len(endpoint.bodies) != 1:
                raise self._lost(f"{place}.requestBody", "the body")
            self._match(endpoint.bodies[0].prop, self._body_schema(operation, place), f"{place}.requestBody")
        for response in endpoint.responses:
            schema = self._success_schema(operation)
            if schema is None or not response.status_code.pattern.startswith("2"):
                continue
            if self._envelope(schema):
                result = next(
                    (prop for prop in _properties(response.prop) if prop.name.get_untrusted_value() == "result"), None
                )
                self._match(result, schema["allOf"][1]["properties"]["result"], f"{place}.result")
            else:
                self._match(response.prop, schema, f"{place}.result")

    def _drop_envelopes(self) -> None:
        """Leave out the class that the generator makes for each envelope around a result: methods return the result itself."""
        self.data.models[:] = [model for model in self.data.models if model.class_info.name in self.schemas]

    # Making the views.

    @property
    def _reader(self) -> KindReader:
        return KindReader(self.document, self.path, self.classes.get)

    def _model(self, name: str) -> ModelView:
        place, schema = self.schemas[name]
        required = set(schema.get("required", []))
        properties = schema.get("properties", {})
        missing = sorted(required - properties.keys())
        if missing:
            raise BuildError(
                self.path, place, f"{missing[0]!r} is required and not described", "describe it under `properties`"
            )
        fields = []
        for field_name, inner in properties.items():
            kind = self._reader.read(inner, f"{place}.properties.{field_name}")
            attribute = _attribute(field_name)
            unit = inner.get("x-unit")
            fields.append(
                FieldView(
                    name=field_name,
                    attribute=attribute,
                    kind=kind,
                    required=field_name in required,
                    description=self._described(inner),
                    unit=unit,
                    secret=inner.get("format") == "password",
                    twin=_twin(attribute, unit, kind, field_name in required, properties),
                )
            )
        names = (
            [view.attribute for view in fields]
            + [view.twin.name for view in fields if view.twin]
            + ["additional_properties"]
        )
        repeated = next((one for one in names if names.count(one) > 1), None)
        if repeated:
            raise BuildError(self.path, place, f"two properties would both become {repeated!r}", "rename one of them")
        return ModelView(
            name=name,
            module=self.classes[place][1],
            place=place,
            description=_text(schema),
            fields=tuple(fields),
            closed=schema.get("additionalProperties") is False,
        )

    def _described(self, schema: Mapping[str, Any]) -> str:
        """Give a schema's description; that of what it refers to where it has none of its own."""
        inner = next(
            (one for one in (schema, *schema.get("oneOf", []), schema.get("items", {})) if "$ref" in one), schema
        )
        return _text(schema) or _text(self._resolved(inner))

    def _operation(self, method: str, path: str, operation: Mapping[str, Any], endpoint: Endpoint) -> OperationView:
        place = f"$.paths[{path!r}].{method.lower()}"
        tag = str(endpoint.tags[0])
        group, name = _call_of(operation, tag)
        module = "_".join((*group, name)).removeprefix(f"{tag}_")
        object.__setattr__(endpoint, "name", PythonIdentifier(module, "field_"))
        parameters = [self._parameter(parameter, place) for parameter in map(self._resolved, operation["parameters"])]
        unknown = next((view for view in parameters if view.location not in {"path", "query"}), None)
        if unknown:
            raise BuildError(
                self.path, place, f"a parameter in the {unknown.location} is not known", "teach the templates about it"
            )
        schema = self._success_schema(operation)
        enveloped = schema is not None and self._envelope(schema)
        result = Kind()
        result_name = ""
        if schema is not None:
            inner = schema["allOf"][1]["properties"]["result"] if enveloped else schema
            result = self._reader.read(inner, f"{place}.result")
            result_name = str(inner.get("$ref", "")).rpartition("/")[2]
        said = _text(operation)
        deprecated = said[max(said.find("Deprecated"), 0) :] if operation.get("deprecated") else ""
        return OperationView(
            method=method,
            path=path,
            tag=tag,
            module=str(endpoint.name),
            group=group,
            name=name,
            summary=str(operation.get("summary", "")).strip(),
            description=_text(operation),
            retry=operation.get("x-retry", "safe" if method == "GET" else "once"),
            permissions=tuple(operation.get("x-api-token-group", ())),
            deprecated=deprecated,
            path_parameters=tuple(view for view in parameters if view.location == "path"),
            query=tuple(view for view in parameters if view.location == "query"),
            body=tuple(self._body(operation, place)),
            result=result,
            result_name=result_name,
            enveloped=enveloped,
        )

    def _parameter(self, parameter: Mapping[str, Any], place: str) -> ParameterView:
        schema = parameter.get("schema", {})
        return self._argument(
            parameter["name"],
            schema,
            f"{place}.parameters.{parameter['name']}",
            location=parameter["in"],
            required=bool(parameter.get("required")),
            description=_text(parameter) or _text(schema),
        )

    def _body(self, operation: Mapping[str, Any], place: str) -> Iterator[ParameterView]:
        if "requestBody" not in operation:
            return
        schema = self._body_schema(operation, place)
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        required = set(schema.get("required", []))
        for name, inner in schema.get("properties", {}).items():
            where = f"{place}.requestBody.{name}"
            yield self._argument(
                name, inner, where, location="body", required=name in required, description=_text(inner)
            )

    def _argument(
        self, name: str, schema: Mapping[str, Any], place: str, *, location: str, required: bool, description: str
    ) -> ParameterView:
        kind = self._reader.read(schema, place)
        if not kind.is_scalar or kind.is_anything:
            raise BuildError(
                self.path,
                place,
                "an argument is known only as a scalar",
                "teach codegen/views.py and the templates about it",
            )
        if _attribute(name) in _RESERVED_ARGUMENTS:
            raise BuildError(
                self.path,
                place,
                f"an argument cannot be called {_attribute(name)!r}",
                "give it another name in an overlay",
            )
        limits = {side: schema[side] for side in ("minimum", "maximum") if side in schema}
        lost = sorted(key for key in schema if key in _LIMITS_NOT_KNOWN)
        if lost:
            raise BuildError(
                self.path, place, f"the limit {lost[0]!r} would be lost", "teach the runtime's arguments.py about it"
            )
        return ParameterView(
            name=name,
            argument=_attribute(name),
            location=location,
            kind=kind,
            required=required,
            description=description,
            unit=schema.get("x-unit"),
            limits=limits,
        )

    def _body_schema(self, operation: Mapping[str, Any], place: str) -> Mapping[str, Any]:
        content: Mapping[str, Any] = self._resolved(operation["requestBody"])["content"]
        if list(content) != ["application/json"]:
            raise BuildError(
                self.path, f"{place}.requestBody", "only a JSON body is known", "teach the templates about others"
            )
        schema: Mapping[str, Any] = content["application/json"]["schema"]
        return schema

    def _success_schema(self, operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
        for status, response in sorted(operation["responses"].items()):
            if status.startswith("2"):
                content = self._resolved(response).get("content", {}).get("application/json", {})
                schema: Mapping[str, Any] | None = content.get("schema")
                return schema
        return None

    def _envelope(self, schema: Mapping[str, Any]) -> bool:
        """Say whether this is the envelope around a result: `allOf: [Envelope, {properties: {result: ...}}]`."""
        parts = schema.get("allOf", [])
        return (
            len(parts) == 2
            and parts[0].get("$ref") == "#/components/schemas/Envelope"
            and list(parts[1].get("properties", {})) == ["result"]
            and parts[1].get("required") == ["result"]
        )

    def _resolved(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in item:
            found: Any = self.document
            for part in item["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            item = found
        return item

    def _aliases(self) -> Iterator[tuple[str, str, str]]:
        for name, schema in self.document.get("components", {}).get("schemas", {}).items():
            if f"$.components.schemas.{name}" not in self.classes:
                kind = self._reader.read(schema, f"$.components.schemas.{name}")
                if kind.is_anything:
                    yield str(ClassName(name, "field_")), str(PythonIdentifier(name, "field_")), _text(schema)

    def _resources(self, operations: tuple[OperationView, ...]) -> tuple[ResourceView, ...]:
        mixins = {
            tuple(group.split(".")): extra.get("x-python-mixin")
            for group, extra in self.document.get("x-resources", {}).items()
        }
        groups = {operation.group[:depth] for operation in operations for depth in range(1, len(operation.group) + 1)}
        for group in mixins:
            if group not in groups:
                raise BuildError(
                    self.path, f"$.x-resources['{'.'.join(group)}']", "there is no such resource", "correct its name"
                )
        return tuple(
            ResourceView(
                group=group,
                name=_resource_class(group),
                operations=tuple(operation for operation in operations if operation.group == group),
                children=tuple((child[-1], _resource_class(child)) for child in sorted(groups) if child[:-1] == group),
                mixin=mixins.get(group),
            )
            # Leaves first, so that each class stands before the one that names it.
            for group in sorted(groups, key=lambda group: (-len(group), group))
        )

    def _lost(self, place: str, what: str) -> BuildError:
        return BuildError(
            self.path, place, f"the generator lost {what}", "write it in a form that openapi-python-client understands"
        )


_RESERVED_ARGUMENTS = frozenset({"self", "client", "call"})
_LIMITS_NOT_KNOWN = frozenset({"exclusiveMinimum", "exclusiveMaximum", "pattern", "minLength", "maxLength"})


def _properties(prop: Any) -> list[Any]:  # noqa: ANN401 - the generator's union of properties
    return (
        [*(prop.required_properties or []), *(prop.optional_properties or [])]
        if isinstance(prop, ModelProperty)
        else []
    )


def _path_of(endpoint: Endpoint) -> str:
    """Give an endpoint's path as the document writes it: the generator has put its own names into the braces."""
    path: str = endpoint.path.get_untrusted_value()
    for prop in endpoint.path_parameters:
        path = path.replace("{" + str(prop.python_name) + "}", "{" + prop.name.get_untrusted_value() + "}")
    return path


def _call_of(operation: Mapping[str, Any], tag: str) -> tuple[tuple[str, ...], str]:
    group, name = operation.get("x-fern-sdk-group-name"), operation.get("x-fern-sdk-method-name")
    if group and name:
        return tuple(str(group).split(".")), str(name)
    *parts, last = str(operation.get("operationId", "")).split(".")
    return tuple(_attribute(part) for part in parts) or (tag,), _attribute(last)


def _attribute(name: str) -> str:
    """Turn a name into snake case; a builtin's name (`type`, `id`) stays as the documents call it."""
    snake: str = snake_case(name)
    if keyword.iskeyword(snake) or not snake.isidentifier():
        return f"{snake}_" if keyword.iskeyword(snake) else f"field_{snake}"
    return snake


def _resource_class(group: tuple[str, ...]) -> str:
    return f"{ClassName('_'.join(group), 'field_')}Resource"


def _text(item: Mapping[str, Any]) -> str:
    return " ".join(str(item.get("description", "")).split())


def _twin(attribute: str, unit: str | None, kind: Kind, required: bool, properties: Mapping[str, Any]) -> Twin | None:  # noqa: FBT001
    if unit not in _TWINS or kind.scalar not in {"number", "integer"}:
        return None
    suffix, annotation, code = _TWINS[unit]
    currency = ", self.currency" if unit == "cents" and properties.get("currency", {}).get("type") == "string" else ""
    made = code.format(value=f"self.{attribute}", currency=currency)
    function = made.partition("(")[0].partition(".")[0]
    if kind.nullable or not required:
        return Twin(
            f"{attribute}_{suffix}", f"{annotation} | None", f"None if self.{attribute} is None else {made}", function
        )
    return Twin(f"{attribute}_{suffix}", annotation, made, function)
