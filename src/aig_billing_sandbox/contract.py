"""The document as validators, built once: requests are held against it, and so is every answer before it leaves."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from aig_billing_sandbox.document import resolved_document
from aig_billing_sandbox.errors import ContractError

_JSON = "application/json"
_LONGEST_MESSAGE = 300
_REMEMBERED_ANSWERS = 512


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a value, and where in it, as a JSON path."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class Schema:
    """A schema that values are held against."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator: Any = Draft202012Validator(schema)

    def complaints(self, value: object) -> list[Complaint]:
        """Everything that is wrong with a value, ordered by place."""
        errors = [Complaint(error.json_path, _shortened(error.message)) for error in self._validator.iter_errors(value)]
        return sorted(errors, key=lambda complaint: complaint.path)


class AnswerSchema:
    """A schema for whole answers. Whether bytes keep it depends on nothing else, so the same answer is validated once."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = Schema(schema)
        self._lock = threading.Lock()
        self._passed: OrderedDict[bytes, None] = OrderedDict()

    def check(self, status: int, body: bytes) -> None:
        """Refuses to let an answer out that the document does not allow."""
        digest = hashlib.blake2b(body, digest_size=16).digest()
        with self._lock:
            if digest in self._passed:
                self._passed.move_to_end(digest)
                return
        for complaint in self._schema.complaints(json.loads(body)):
            raise ContractError(f"answer {status} at {complaint}")
        with self._lock:
            self._passed[digest] = None
            if len(self._passed) > _REMEMBERED_ANSWERS:
                self._passed.popitem(last=False)


class QueryParameter:
    """One query parameter and what it may be."""

    def __init__(self, parameter: Mapping[str, Any]) -> None:
        self.name: str = parameter["name"]
        self._required: bool = parameter.get("required", False)
        self._schema = Schema(parameter["schema"])
        types = parameter["schema"].get("type", ())
        self._types: set[str] = {types} if isinstance(types, str) else set(types)

    def read(self, texts: list[str], values: dict[str, Any]) -> list[str]:
        """Puts the parameter among the values; returns what is wrong with it."""
        if not texts:
            return [f"query parameter {self.name}: is required"] if self._required else []
        if len(texts) > 1:
            return [f"query parameter {self.name}: is given {len(texts)} times"]
        values[self.name] = value = self._parse(texts[0])
        return [f"query parameter {self.name}: {complaint.message}" for complaint in self._schema.complaints(value)]

    def _parse(self, text: str) -> object:
        """The text as the type that the document gives it; what cannot be read stays text, for the schema to refuse."""
        if "null" in self._types and text in {"", "null"}:
            return None
        if not self._types & {"number", "integer"}:
            return text
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        if not number.is_finite():
            return text
        # A number of a thousand digits is not worth writing out.
        return int(number) if abs(number.adjusted()) < 30 and number == number.to_integral_value() else number


class OperationContract:
    """What one operation takes and gives."""

    def __init__(self, document: Mapping[str, Any], template: str, method: str) -> None:
        operation: Mapping[str, Any] = _inlined(document, document["paths"][template][method])
        parameters: list[Mapping[str, Any]] = operation.get("parameters", [])
        self._query = [QueryParameter(entry) for entry in parameters if entry["in"] == "query"]
        body = operation.get("requestBody")
        self.body = None if body is None else Schema(body["content"][_JSON]["schema"])
        self._answers = dict(_answer_schemas(operation["responses"]))
        self.success_status = next(int(status) for status in self._answers if status.startswith("2"))

    def read_query(self, query: str) -> tuple[dict[str, Any], list[str]]:
        """The query's parameters by name, and what is wrong with them, if anything is."""
        pairs = parse_qsl(query, keep_blank_values=True)
        values: dict[str, Any] = {}
        complaints: list[str] = []
        for parameter in self._query:
            complaints += parameter.read([text for name, text in pairs if name == parameter.name], values)
        return values, complaints

    def complaints_about_body(self, body: object) -> list[str]:
        """What is wrong with a request body, each with its JSON path."""
        return [] if self.body is None else [str(complaint) for complaint in self.body.complaints(body)]

    def check_answer(self, status: int, body: bytes) -> None:
        """Refuses to let an answer out that the document does not allow."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self._answers:
                return self._answers[key].check(status, body)
        if status < 400:
            raise ContractError(f"answer {status} is not in the document")
        return _ANY_ERROR.check(status, body)


# For refusals that the document does not list: the envelope's promise holds all the same.
_ANY_ERROR = AnswerSchema(
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


def _answer_schemas(responses: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, AnswerSchema]]:
    for status, response in responses.items():
        schema = response.get("content", {}).get(_JSON, {}).get("schema")
        if schema is not None:
            yield str(status), AnswerSchema(schema)


def _inlined(document: Mapping[str, Any], node: object, above: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    """The node with every `$ref` put in place: following references anew for each validation costs most of its time."""
    if isinstance(node, list):
        return [_inlined(document, entry, above) for entry in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    mapping = cast("dict[str, object]", node)
    reference = mapping.get("$ref")
    if not isinstance(reference, str):
        return {key: _inlined(document, value, above) for key, value in mapping.items()}
    if reference in above:
        raise ValueError(f"the document's {reference} contains itself, which the sandbox cannot inline")
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    inner = _inlined(document, target, (*above, reference))
    beside = {key: value for key, value in mapping.items() if key not in {"$ref", "summary", "description"}}
    return {"allOf": [inner, _inlined(document, beside, above)]} if beside else inner


def _shortened(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "..."
