"""Reads an OpenAPI document into facts, and reports what it says in a form that facts about the documents do not have.

Each kind of object may hold the keywords named here and no others, so that nothing can be added to the spec unnoticed.
"""

from collections.abc import Mapping
from typing import Any

from tests.contract.facts import Address, Facts, Problem
from tests.contract.specified_types import TypeReading
from tests.contract.strict_reading import StrictReading, child

METHODS = "get put post delete options head patch trace"
STATUS = "200"
MEDIA_TYPE = "application/json"
ENVELOPE = "#/components/schemas/Envelope"


def specified_facts(spec: Any) -> tuple[Facts, list[Problem]]:
    """What a spec says, and what it says beyond facts: unknown keywords, wrong shapes, missing wording, unused components."""
    document = _Document(spec)
    document.read(spec)
    return document.facts, list(dict.fromkeys(document.reading.problems))


class _Document:
    def __init__(self, spec: Any) -> None:
        self.facts = Facts()
        self.reading = StrictReading(spec)
        self._types = TypeReading(self.reading, self.facts)
        self._tags: list[Any] = []

    def read(self, spec: Any) -> None:
        root = self.reading.keywords(spec, "$", "openapi info servers tags security paths components")
        self.reading.exactly(root.get("openapi"), "3.1.0", "$.openapi")
        info = self.reading.keywords(root.get("info"), "$.info", "title version description")
        self.reading.wording(info, "$.info", "title", "version", "description")
        self._read_servers(root.get("servers"))
        self._read_tags(root.get("tags"))
        self._read_security(root.get("security"))
        self._types.add_fields(("envelope",), *self.reading.component("schemas", "Envelope", "$.components.schemas"))
        self.facts.add(("operations",), True, "$.paths")
        for path, item in self.reading.mapping(root.get("paths"), "$.paths").items():
            place = child("$.paths", path)
            for method, operation in self.reading.keywords(item, place, "", METHODS).items():
                self._read_operation(("operations", f"{method.upper()} {path}"), operation, child(place, method))
        sections = "securitySchemes parameters schemas"
        self.reading.refuse_unused(self.reading.keywords(root.get("components"), "$.components", sections))

    def _read_servers(self, servers: Any) -> None:
        urls = []
        for index, item in self.reading.items(servers, "$.servers"):
            place = child("$.servers", index)
            server = self.reading.keywords(item, place, "url description")
            self.reading.wording(server, place, "description")
            urls.append(server.get("url"))
        self.facts.add(("server",), urls, "$.servers")

    def _read_tags(self, tags: Any) -> None:
        for index, item in self.reading.items(tags, "$.tags"):
            place = child("$.tags", index)
            tag = self.reading.keywords(item, place, "name description")
            self.reading.wording(tag, place, "name", "description")
            if tag.get("name") in self._tags:
                self.reading.note(place, "this tag is there already", "keep one of the two")
            self._tags.append(tag.get("name"))

    def _read_security(self, security: Any) -> None:
        alternatives = []
        for index, requirement in self.reading.items(security, "$.security"):
            place = child("$.security", index)
            headers = []
            for name, scopes in self.reading.mapping(requirement, place).items():
                self.reading.exactly(scopes, [], child(place, name))
                headers.append(self._header(*self.reading.component("securitySchemes", name, place)))
            alternatives.append(headers)
        self.facts.add(("authentication",), alternatives, "$.security")

    def _header(self, item: Any, place: str) -> str:
        """The header that a security scheme asks for, up to the secret itself."""
        if isinstance(item, Mapping) and item.get("type") == "http":
            scheme = self.reading.keywords(item, place, "type scheme description")
            header = f"Authorization: {str(scheme.get('scheme')).capitalize()}"
        else:
            scheme = self.reading.keywords(item, place, "type in name description")
            self.reading.exactly(scheme.get("type"), "apiKey", child(place, "type"))
            self.reading.exactly(scheme.get("in"), "header", child(place, "in"))
            header = f"{scheme.get('name')}:"
        self.reading.wording(scheme, place, "description")
        return header

    def _read_operation(self, address: Address, item: Any, place: str) -> None:
        required = "operationId tags summary description parameters responses"
        operation = self.reading.keywords(item, place, required, "requestBody x-api-token-group")
        self.facts.add(address, True, place)
        for fact, keyword in (("call", "operationId"), ("permissions", "x-api-token-group")):
            self.facts.add((*address, fact), operation.get(keyword), child(place, keyword))
        self.reading.wording(operation, place, "summary", "description")
        if operation.get("tags") not in [[tag] for tag in self._tags]:
            self.reading.note(child(place, "tags"), "this is not exactly one of the tags in $.tags", "name one of them")
        self._read_parameters(address, operation.get("parameters"), child(place, "parameters"))
        if "requestBody" in operation:
            self._read_body((*address, "body"), operation["requestBody"], child(place, "requestBody"))
        self._read_responses((*address, "result"), operation.get("responses"), child(place, "responses"))

    def _read_parameters(self, address: Address, parameters: Any, place: str) -> None:
        order = []
        for index, item in self.reading.items(parameters, place):
            at, parameter = child(place, index), item
            if isinstance(item, Mapping) and "$ref" in item:
                parameter, at, _ = self.reading.reference(item, at, "parameters")
            parameter = self.reading.keywords(parameter, at, "name in required description schema example")
            self.reading.wording(parameter, at, "description")
            field = (*address, f"{parameter.get('in')} parameter", str(parameter.get("name")))
            if self.facts.get(field):
                self.reading.note(child(place, index), "this parameter is there already")
            order.append(field[-1])
            self.facts.add(field, True, at)
            self.facts.add((*field, "required"), parameter.get("required"), child(at, "required"))
            self._types.add_schema(field, parameter.get("schema"), child(at, "schema"), described=False)
        self.facts.add((*address, "parameters", "order"), order, place)

    def _read_body(self, address: Address, item: Any, place: str) -> None:
        body = self.reading.keywords(item, place, "description required content")
        self.reading.wording(body, place, "description")
        self.facts.add(address, True, place)
        self.facts.add((*address, "required"), body.get("required"), child(place, "required"))
        component, at, _ = self.reading.reference(*self._media_schema(body.get("content"), child(place, "content")))
        self._types.add_fields(address, component, at)

    def _read_responses(self, address: Address, item: Any, place: str) -> None:
        responses = self.reading.keywords(item, place, STATUS)
        at = child(place, STATUS)
        response = self.reading.keywords(responses.get(STATUS), at, "description content")
        self.reading.wording(response, at, "description")
        schema, at = self._media_schema(response.get("content"), child(at, "content"))
        parts = self.reading.keywords(schema, at, "allOf").get("allOf")
        at = child(at, "allOf")
        if not isinstance(parts, list) or len(parts) != 2:
            self.reading.note(at, "this is not the envelope and its result", "name both, in this order")
            return
        self.reading.exactly(parts[0], {"$ref": ENVELOPE}, child(at, 0))
        at = child(at, 1)
        wrapping = self.reading.keywords(parts[1], at, "type required properties")
        self.reading.exactly(wrapping.get("type"), "object", child(at, "type"))
        self.reading.exactly(wrapping.get("required"), ["result"], child(at, "required"))
        at = child(at, "properties")
        properties = self.reading.keywords(wrapping.get("properties"), at, "result")
        self.facts.add(address, True, child(at, "result"))
        self._types.add_named_type(address, properties.get("result"), child(at, "result"))

    def _media_schema(self, item: Any, place: str) -> tuple[Any, str]:
        """The schema of the one media type, and its place."""
        content = self.reading.keywords(item, place, MEDIA_TYPE)
        at = child(place, MEDIA_TYPE)
        media = self.reading.keywords(content.get(MEDIA_TYPE), at, "schema examples")
        examples = self.reading.mapping(media.get("examples"), child(at, "examples"))
        if not examples:
            self.reading.note(child(at, "examples"), "there is no example", "give one")
        for name, example in examples.items():
            where = child(at, "examples", name)
            self.reading.wording(self.reading.keywords(example, where, "summary value"), where, "summary")
        return media.get("schema"), child(at, "schema")
