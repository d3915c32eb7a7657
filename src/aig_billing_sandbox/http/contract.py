"""The document as validators, built once: they check each request of an operation, and its answer before that is sent."""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, cast
from urllib.parse import parse_qs

from jsonschema import Draft202012Validator

from aig_billing_sandbox.errors import ContractError
from aig_billing_sandbox.http import codes
from aig_billing_sandbox.http.context import RequestContext
from aig_billing_sandbox.http.document import resolve_pointer, resolved_document
from aig_billing_sandbox.http.messages import RefusedRequest, parse_json

MAX_BODY_BYTES = 64 * 1024
_JSON = "application/json"
_LONGEST_MESSAGE = 300
_REMEMBERED_ANSWERS = 256


class OperationContract:
    """What the document says about the requests and answers of one operation."""

    def __init__(self, document: Mapping[str, Any], template: str, method: str) -> None:
        known: dict[str, dict[str, Any]] = {}
        operation: Mapping[str, Any] = _inlined(document, document["paths"][template][method], known)
        parameters: list[Mapping[str, Any]] = operation.get("parameters", [])
        self._query = [(one, Draft202012Validator(one["schema"])) for one in parameters if one["in"] == "query"]
        body = operation.get("requestBody")
        self._body: Any = None if body is None else Draft202012Validator(body["content"][_JSON]["schema"])
        # Errors that an operation does not list have the same envelope.
        error = Draft202012Validator(_inlined(document, {"$ref": "#/components/schemas/ErrorEnvelope"}, known))
        self._answers: dict[str, Any] = {"4XX": error, "5XX": error} | {
            str(status): Draft202012Validator(response["content"][_JSON]["schema"])
            for status, response in operation["responses"].items()
            if _JSON in response.get("content", {})
        }
        self.success_status = next(int(status) for status in self._answers if status.startswith("2"))

    def parse_request(self, context: RequestContext) -> None:
        """Puts query and body into the context; the refusal that is raised otherwise names every wrong place."""
        context.query = {}
        violations = list(self._read_query(parse_qs(context.query_text, keep_blank_values=True), context.query))
        context.body = None
        if self._body is not None:
            context.body = _read_body(context)
            violations += _violations(self._body, context.body, "$")
        if violations:
            raise RefusedRequest(400, codes.INVALID_REQUEST, *violations)

    def _read_query(self, texts: Mapping[str, list[str]], values: dict[str, Any]) -> Iterator[str]:
        """Adds the query's parameters to `values`; yields everything that is wrong with them."""
        for parameter, validator in self._query:
            name, given = parameter["name"], texts.get(parameter["name"], [])
            if not given and parameter.get("required"):
                yield f"query parameter {name}: is required"
            elif len(given) > 1:
                yield f"query parameter {name}: is given {len(given)} times"
            elif given:
                values[name] = _parsed(given[0], parameter["schema"])
                yield from _violations(validator, values[name], f"query parameter {name}")

    @lru_cache(_REMEMBERED_ANSWERS)  # noqa: B019 - a contract is kept as long as the process runs
    def check_answer(self, status: int, body: bytes) -> None:
        """Raises ContractError for an answer that the document does not allow. The same bytes are validated once."""
        validator = self._answers.get(str(status), self._answers.get(f"{status // 100}XX"))
        if validator is None:
            raise ContractError(f"answer {status} is not in the document")
        for violation in _violations(validator, json.loads(body), f"answer {status} at $"):
            raise ContractError(violation)


def _read_body(context: RequestContext) -> Any:  # noqa: ANN401 - JSON
    media_type = context.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (media_type or context.content):
        raise RefusedRequest(400, codes.INVALID_REQUEST, "$: a body is required")
    if media_type != _JSON:
        raise RefusedRequest(415, codes.UNSUPPORTED_MEDIA_TYPE, f"The body must be {_JSON}")
    if len(context.content) > MAX_BODY_BYTES:
        raise RefusedRequest(413, codes.TOO_LARGE, f"The body must not be longer than {MAX_BODY_BYTES} bytes")
    try:
        return parse_json(context.content)
    except ValueError as error:
        raise RefusedRequest(400, codes.INVALID_REQUEST, f"$: the body is not JSON: {error}") from None


def _parsed(text: str, schema: Mapping[str, Any]) -> object:
    """The text as the documented type; what cannot be parsed stays text, for the schema to refuse."""
    types = schema.get("type", ())
    if "null" in types and not text:
        return None
    if "number" not in types and "integer" not in types:
        return text
    try:
        return parse_json(text.encode())
    except ValueError:
        return text


def _violations(validator: Any, value: object, root: str) -> Iterator[str]:  # noqa: ANN401 - jsonschema leaves its types open
    """Everything that is wrong with a value, ordered by JSON path; `root` is what the `$` of the paths is called."""
    for error in sorted(validator.iter_errors(value), key=lambda error: error.json_path):
        message = error.message
        shown = message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "..."
        yield f"{root}{error.json_path[1:]}: {shown}"


@cache
def operation_contract(method: str, template: str) -> OperationContract:
    """The contract of one operation of the client package's document."""
    return OperationContract(resolved_document(), template, method.lower())


def _inlined(document: Mapping[str, Any], node: object, known: dict[str, dict[str, Any]]) -> Any:  # noqa: ANN401 - JSON
    """The node with every `$ref` replaced: resolving them in each validation would take most of its time.

    A schema that contains itself comes out as a dictionary that does; `known` has those of references that were met before.
    """
    if isinstance(node, list):
        return [_inlined(document, entry, known) for entry in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    mapping = cast("dict[str, object]", node)
    reference = mapping.get("$ref")
    if not isinstance(reference, str):
        return {key: _inlined(document, value, known) for key, value in mapping.items()}
    if reference not in known:
        known[reference] = {}
        known[reference].update(_inlined(document, resolve_pointer(document, reference), known))
    beside = {key: value for key, value in mapping.items() if key not in {"$ref", "summary", "description"}}
    return {"allOf": [known[reference], _inlined(document, beside, known)]} if beside else known[reference]
