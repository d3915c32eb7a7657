"""Makes the views that the templates are given, from the document and the generator's classes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import ClassName, PythonIdentifier

from codegen.errors import BuildError
from codegen.kinds import Kind, KindReader
from codegen.matching import Matches, place_of
from codegen.names import attribute_of, call_of, resource_class, resource_module
from codegen.specification import Specification, text_of
from codegen.views import ChildView, FieldView, ModelView, OperationView, ParameterView, ResourceView, Twin, Views

_TWINS: dict[str, tuple[str, str, str]] = {
    # x-unit: suffix, type, how it is made
    "cents": ("money", "Money", "Money.from_cents({value}{currency})"),
    "unix-ms": ("datetime", "datetime", "from_unix_ms({value})"),
    "unix-s": ("datetime", "datetime", "from_unix_s({value})"),
    "unix-auto": ("datetime", "datetime", "from_unix_auto({value})"),
}
_RESERVED_ARGUMENTS = frozenset({"self", "client", "call"})
_LIMITS_NOT_KNOWN = frozenset({"exclusiveMinimum", "exclusiveMaximum", "pattern", "minLength", "maxLength"})


def build_views(document: Mapping[str, Any], data: GeneratorData, path: Path) -> Views:
    """Make all views, and set the names that the generator uses for its files.

    Raises:
        BuildError: When something of the document is not in the generator's output, or cannot be expressed.
    """
    specification = Specification(document, path)
    return _Builder(specification, Matches.find(specification, data)).build()


@frozen
class _Builder:
    specification: Specification
    matches: Matches

    def build(self) -> Views:
        operations = tuple(
            self._operation(method, path, operation, self.matches.endpoints[method, path])
            for method, path, operation in self.specification.operations()
        )
        self.matches.drop_envelopes()
        models = tuple(self._model(model.class_info.name) for model in self.matches.data.models)
        names = [model.name for model in models] + [name for name, _, _ in self._aliases()]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated:
            raise self._error("$.components.schemas", f"two schemas would both become {repeated}", "rename one of them")
        return Views(
            operations=operations,
            models=models,
            aliases=tuple(self._aliases()),
            resources=self._resources(operations),
        )

    @property
    def _reader(self) -> KindReader:
        return KindReader(self.specification.document, self.specification.path, self.matches.classes.get)

    def _model(self, name: str) -> ModelView:
        place, schema = self.matches.schemas[name]
        required = set(schema.get("required", []))
        properties = schema.get("properties", {})
        missing = sorted(required - properties.keys())
        if missing:
            raise self._error(place, f"{missing[0]!r} is required and not described", "describe it under `properties`")
        fields = []
        for field_name, inner in properties.items():
            kind = self._reader.read(inner, f"{place}.properties.{field_name}")
            attribute = attribute_of(field_name)
            unit = inner.get("x-unit")
            fields.append(
                FieldView(
                    name=field_name,
                    attribute=attribute,
                    kind=kind,
                    required=field_name in required,
                    description=self.specification.described(inner),
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
            raise self._error(place, f"two properties would both become {repeated!r}", "rename one of them")
        return ModelView(
            name=name,
            module=self.matches.classes[place][1],
            place=place,
            description=text_of(schema),
            fields=tuple(fields),
            closed=schema.get("additionalProperties") is False,
        )

    def _operation(self, method: str, path: str, operation: Mapping[str, Any], endpoint: Endpoint) -> OperationView:
        place = place_of(method, path)
        tag = str(endpoint.tags[0])
        group, name = call_of(operation, tag)
        module = "_".join((*group, name)).removeprefix(f"{tag}_")
        object.__setattr__(endpoint, "name", PythonIdentifier(module, "field_"))
        parameters = [
            self._parameter(parameter, place) for parameter in map(self.specification.resolved, operation["parameters"])
        ]
        unknown = next((view for view in parameters if view.location not in {"path", "query"}), None)
        if unknown:
            raise self._error(
                place, f"a parameter in the {unknown.location} is not known", "teach the templates about it"
            )
        schema = self.specification.success_schema(operation)
        enveloped = schema is not None and self.specification.is_envelope(schema)
        result = Kind()
        result_name = ""
        if schema is not None:
            inner = schema["allOf"][1]["properties"]["result"] if enveloped else schema
            result = self._reader.read(inner, f"{place}.result")
            result_name = str(inner.get("$ref", "")).rpartition("/")[2]
        said = text_of(operation)
        deprecated = said[max(said.find("Deprecated"), 0) :] if operation.get("deprecated") else ""
        return OperationView(
            method=method,
            path=path,
            tag=tag,
            module=str(endpoint.name),
            group=group,
            name=name,
            summary=str(operation.get("summary", "")).strip(),
            description=text_of(operation),
            retry=operation.get("x-retry", "safe" if method == "GET" else "once"),
            permissions=tuple(operation.get("x-api-token-group", ())),
            deprecated=deprecated,
            error_hints=tuple(operation.get("x-error-hints", ())),
            payment_field=str(operation.get("x-payment-id", "")),
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
            description=text_of(parameter) or text_of(schema),
        )

    def _body(self, operation: Mapping[str, Any], place: str) -> Iterator[ParameterView]:
        if "requestBody" not in operation:
            return
        schema = self.specification.body_schema(operation, place)
        if "$ref" in schema:
            schema = self.specification.schemas[schema["$ref"].rpartition("/")[2]]
        required = set(schema.get("required", []))
        for name, inner in schema.get("properties", {}).items():
            where = f"{place}.requestBody.{name}"
            yield self._argument(
                name, inner, where, location="body", required=name in required, description=text_of(inner)
            )

    def _argument(
        self, name: str, schema: Mapping[str, Any], place: str, *, location: str, required: bool, description: str
    ) -> ParameterView:
        kind = self._reader.read(schema, place)
        if not kind.is_scalar or kind.is_anything:
            raise self._error(
                place,
                "an argument is known only as a scalar",
                "teach codegen/view_builder.py and the templates about it",
            )
        if attribute_of(name) in _RESERVED_ARGUMENTS:
            raise self._error(
                place,
                f"an argument cannot be called {attribute_of(name)!r}",
                "give it another name in an overlay",
            )
        limits = {side: schema[side] for side in ("minimum", "maximum") if side in schema}
        lost = sorted(key for key in schema if key in _LIMITS_NOT_KNOWN)
        if lost:
            raise self._error(
                place, f"the limit {lost[0]!r} would be lost", "teach the runtime's arguments.py about it"
            )
        return ParameterView(
            name=name,
            argument=attribute_of(name),
            location=location,
            kind=kind,
            required=required,
            description=description,
            unit=schema.get("x-unit"),
            limits=limits,
        )

    def _aliases(self) -> Iterator[tuple[str, str, str]]:
        for name, schema in self.specification.schemas.items():
            if f"$.components.schemas.{name}" not in self.matches.classes:
                kind = self._reader.read(schema, f"$.components.schemas.{name}")
                if kind.is_anything:
                    yield str(ClassName(name, "field_")), str(PythonIdentifier(name, "field_")), text_of(schema)

    def _resources(self, operations: tuple[OperationView, ...]) -> tuple[ResourceView, ...]:
        mixins = {
            tuple(group.split(".")): extra.get("x-python-mixin")
            for group, extra in self.specification.document.get("x-resources", {}).items()
        }
        groups = {operation.group[:depth] for operation in operations for depth in range(1, len(operation.group) + 1)}
        for group in mixins:
            if group not in groups:
                place = f"$.x-resources['{'.'.join(group)}']"
                raise self._error(place, "there is no such resource", "correct its name")
        by_class: dict[str, tuple[str, ...]] = {}
        for group in sorted(groups):
            other = by_class.setdefault(resource_class(group), group)
            if other != group:
                told = f"{'.'.join(other)} and {'.'.join(group)} both make the class {resource_class(group)}"
                raise self._error("$.paths", told, "rename one of the two groups")
        return tuple(
            ResourceView(
                group=group,
                name=resource_class(group),
                operations=tuple(operation for operation in operations if operation.group == group),
                children=tuple(
                    ChildView(child[-1], resource_class(child), resource_module(child))
                    for child in sorted(groups)
                    if child[:-1] == group
                ),
                mixin=mixins.get(group),
            )
            for group in sorted(groups)
        )

    def _error(self, place: str, reason: str, hint: str) -> BuildError:
        return BuildError(self.specification.path, place, reason, hint)


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
