"""Which of the generator's classes stands for which place of the document; what it has lost stops the build here."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName

from codegen.errors import BuildError
from codegen.specification import Specification


@frozen
class Matches:
    """The generator's endpoints and classes, found again in the document."""

    specification: Specification
    data: GeneratorData
    endpoints: dict[tuple[str, str], Endpoint] = field(factory=dict)
    """The endpoint of a method and path."""
    classes: dict[str, tuple[str, str]] = field(factory=dict)
    """Class and module of the schema at a place."""
    schemas: dict[str, tuple[str, Mapping[str, Any]]] = field(factory=dict)
    """Place and schema of each class."""

    @classmethod
    def find(cls, specification: Specification, data: GeneratorData) -> "Matches":
        """Match everything.

        Raises:
            BuildError: When something of the document is not among what the generator made.
        """
        matches = cls(specification, data)
        for model in data.models:
            matches._match_component(model)
        for endpoint in matches._endpoints():
            matches.endpoints[endpoint.method.upper(), path_of(endpoint)] = endpoint
        for method, path, operation in specification.operations():
            place = place_of(method, path)
            if (method, path) not in matches.endpoints:
                raise matches._lost(place, "the operation")
            matches._match_operation(matches.endpoints[method, path], operation, place)
        return matches

    def drop_envelopes(self) -> None:
        """Leave out the class that the generator makes for each envelope around a result: methods return the result itself."""
        self.data.models[:] = [model for model in self.data.models if model.class_info.name in self.schemas]

    def _endpoints(self) -> Iterator[Endpoint]:
        for collection in self.data.endpoint_collections_by_tag.values():
            yield from collection.endpoints

    def _match_component(self, model: ModelProperty) -> None:
        for name, schema in self.specification.schemas.items():
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
        for parameter in map(self.specification.resolved, operation["parameters"]):
            if (parameter["in"], parameter["name"]) not in made:
                raise self._lost(f"{place}.parameters", f"the parameter {parameter['name']!r}")
        if "requestBody" in operation:
            if len(endpoint.bodies) != 1:
                raise self._lost(f"{place}.requestBody", "the body")
            self._match(
                endpoint.bodies[0].prop, self.specification.body_schema(operation, place), f"{place}.requestBody"
            )
        for response in endpoint.responses:
            schema = self.specification.success_schema(operation)
            if schema is None or not response.status_code.pattern.startswith("2"):
                continue
            if self.specification.is_envelope(schema):
                result = next(
                    (prop for prop in _properties(response.prop) if prop.name.get_untrusted_value() == "result"), None
                )
                self._match(result, schema["allOf"][1]["properties"]["result"], f"{place}.result")
            else:
                self._match(response.prop, schema, f"{place}.result")

    def _lost(self, place: str, what: str) -> BuildError:
        return BuildError(
            self.specification.path,
            place,
            f"the generator lost {what}",
            "write it in a form that openapi-python-client understands",
        )


def _properties(prop: Any) -> list[Any]:  # noqa: ANN401 - the generator's union of properties
    return (
        [*(prop.required_properties or []), *(prop.optional_properties or [])]
        if isinstance(prop, ModelProperty)
        else []
    )


def path_of(endpoint: Endpoint) -> str:
    """Give an endpoint's path as the document writes it: the generator has put its own names into the braces."""
    path: str = endpoint.path.get_untrusted_value()
    for prop in endpoint.path_parameters:
        path = path.replace("{" + str(prop.python_name) + "}", "{" + prop.name.get_untrusted_value() + "}")
    return path


def place_of(method: str, path: str) -> str:
    """Name an operation's place in the document."""
    return f"$.paths[{path!r}].{method.lower()}"
