"""The document as validators, built once: requests are held against it, and so is every answer before it leaves."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from aig_billing_sandbox.document import resolved_document

_JSON = "application/json"
_LONGEST_MESSAGE = 300
_REMEMBERED_ANSWERS = 512


class ContractError(Exception):
    """An answer of the sandbox is not what the document says: a mistake in the sandbox, never the caller's."""


@dataclass(frozen=True)
class QueryParameter:
    """One query parameter and what it may be."""

    name: str
    required: bool
    validator: Draft202012Validator
    types: frozenset[str]

    def read(self, text: str) -> object:
        """Reads the text of a parameter as the type that the document gives it; what cannot be read stays text."""
        if "null" in self.types and text in {"", "null"}:
            return None
        if self.types & {"number", "integer"}:
            return _number(text)
        return text


class OperationContract:
    """What one operation takes and gives."""

    def __init__(self, document: Mapping[str, Any], template: str, method: str) -> None:
        operation = document["paths"][template][method]
        parameters = [
            _inlined(document, entry)
            for entry in (*document["paths"][template].get("parameters", ()), *operation.get("parameters", ()))
        ]
        self.path = {p["name"]: Draft202012Validator(p["schema"]) for p in parameters if p["in"] == "path"}
        self.query = tuple(
            QueryParameter(
                p["name"], p.get("required", False), Draft202012Validator(p["schema"]), _types_of(p["schema"])
            )
            for p in parameters
            if p["in"] == "query"
        )
        body = _inlined(document, operation["requestBody"]) if "requestBody" in operation else None
        self.body = None if body is None else Draft202012Validator(body["content"][_JSON]["schema"])
        self._answers = dict(_answer_validators(document, operation))
        self.success_status = next(int(status) for status in self._answers if status.startswith("2"))

    def read_query(self, query: str) -> tuple[dict[str, Any], list[str]]:
        """The query's parameters by name, and what is wrong with them, if anything is."""
        pairs = parse_qsl(query, keep_blank_values=True)
        values: dict[str, Any] = {}
        complaints: list[str] = []
        for parameter in self.query:
            texts = [value for name, value in pairs if name == parameter.name]
            if not texts and parameter.required:
                complaints.append(f"query parameter {parameter.name}: is required")
            if len(texts) > 1:
                complaints.append(f"query parameter {parameter.name}: is given {len(texts)} times")
            elif texts:
                values[parameter.name] = parameter.read(texts[0])
                complaints += [
                    f"query parameter {parameter.name}: {_complaint(error)}"
                    for error in parameter.validator.iter_errors(values[parameter.name])
                ]
        return values, complaints

    def complaints_about_body(self, body: object) -> list[str]:
        """What is wrong with a request body, each with its JSON path."""
        if self.body is None:
            return []
        return [f"{error.json_path}: {_complaint(error)}" for error in _sorted(self.body.iter_errors(body))]

    def check_answer(self, status: int, body: bytes) -> None:
        """Refuses to let an answer out that the document does not allow."""
        validator = self._validator_for(status)
        # Whether bytes keep the contract depends on nothing else, so the same answer is validated once.
        seen = (id(validator), hashlib.blake2b(body, digest_size=16).digest())
        if seen in _passed:
            _passed.move_to_end(seen)
            return
        error = next(iter(validator.iter_errors(json.loads(body))), None)
        if error is not None:
            raise ContractError(f"answer {status} at {error.json_path}: {_complaint(error)}")
        _passed[seen] = None
        if len(_passed) > _REMEMBERED_ANSWERS:
            _passed.popitem(last=False)

    def _validator_for(self, status: int) -> Draft202012Validator:
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self._answers:
                return self._answers[key]
        if status < 400:
            raise ContractError(f"answer {status} is not in the document")
        return _ANY_ERROR


_passed: OrderedDict[tuple[int, bytes], None] = OrderedDict()

# For refusals that the document does not list: the envelope's promise holds all the same.
_ANY_ERROR = Draft202012Validator(
    {
        "type": "object",
        "required": ["success", "errors", "messages", "result"],
        "properties": {
            "success": {"const": False},
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
                },
            },
            "messages": {"type": "array"},
            "result": {"type": ["object", "null"]},
        },
    }
)


@cache
def operation_contract(method: str, template: str) -> OperationContract:
    """The contract of one operation of the client package's document."""
    return OperationContract(resolved_document(), template, method.lower())


def _answer_validators(
    document: Mapping[str, Any], operation: Mapping[str, Any]
) -> Iterable[tuple[str, Draft202012Validator]]:
    for status, response in operation["responses"].items():
        schema = _inlined(document, response).get("content", {}).get(_JSON, {}).get("schema")
        if schema is not None:
            yield str(status), Draft202012Validator(schema)


def _inlined(document: Mapping[str, Any], node: Any, above: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    """The node with every `$ref` put in place: following references anew for each validation costs most of its time."""
    if isinstance(node, list):
        return [_inlined(document, entry, above) for entry in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        reference: str = node["$ref"]
        if reference in above:
            raise ValueError(f"the document's {reference} contains itself, which the sandbox cannot inline")
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        inner = _inlined(document, target, (*above, reference))
        return (
            {"allOf": [inner, _inlined(document, beside, above)]}
            if beside.keys() - {"description", "summary"}
            else inner
        )
    return {key: _inlined(document, value, above) for key, value in node.items()}


def _types_of(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type", ())
    types = {named} if isinstance(named, str) else set(named)
    for key in ("oneOf", "anyOf"):
        for option in schema.get(key, ()):
            types |= _types_of(option)
    return frozenset(types)


def _number(text: str) -> object:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or number.adjusted() > 30:
        return text
    return int(number) if number == number.to_integral_value() else number


def _sorted(errors: Iterable[ValidationError]) -> list[ValidationError]:
    return sorted(errors, key=lambda error: error.json_path)


def _complaint(error: ValidationError) -> str:
    message = str(error.message)
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "..."
