"""Reads `documented_api.json`, the field-by-field transcription of Cloudflare's documents, into facts."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.contract.facts import Address, Facts, declaration

TRANSCRIPTION = Path(__file__).parent / "documented_api.json"
CALL_PREFIX = "aiGateway."


def load_transcription() -> dict[str, Any]:
    transcription: dict[str, Any] = json.loads(TRANSCRIPTION.read_text(encoding="utf-8"))
    return transcription


def documented_facts(transcription: Mapping[str, Any]) -> Facts:
    """All that the documents say."""
    facts = Facts()
    facts.add(("server",), [transcription["base_url"]], f"`{transcription['base_url']}`")
    schemes = [scheme["scheme"] for scheme in transcription["auth"]]
    facts.add(("authentication",), [_headers(scheme) for scheme in transcription["auth"]], "; ".join(schemes))
    _add_fields(facts, ("envelope",), transcription["envelope"])
    facts.add(("operations",), True, f"{len(transcription['operations'])} operations")
    for operation in transcription["operations"]:
        _add_operation(facts, operation)
    return facts


def _add_operation(facts: Facts, operation: Mapping[str, Any]) -> None:
    name = f"{operation['method']} {operation['path']}"
    address = ("operations", name)
    call = operation["call"]
    facts.add(address, True, f"`{name}`")
    facts.add((*address, "call"), call.removeprefix(CALL_PREFIX), f"`client.{call}`")
    facts.add((*address, "permissions"), operation["permissions"], "Accepted Permissions")
    parameters = [(location, field) for location in ("path", "query") for field in _parameters(operation, location)]
    facts.add((*address, "parameters", "order"), [field["name"] for _, field in parameters], f"`client.{call}`")
    for location, field in parameters:
        _add_field(facts, (*address, f"{location} parameter", field["name"]), field)
    if body := operation["body"]:
        facts.add((*address, "body"), True, " and ".join(map(declaration, body)))
        facts.add((*address, "body", "required"), any(field["required"] for field in body), "the body's fields")
        _add_fields(facts, (*address, "body"), body)
    _add_result(facts, (*address, "result"), operation)


def _parameters(operation: Mapping[str, Any], location: str) -> Sequence[Mapping[str, Any]]:
    fields: Sequence[Mapping[str, Any]] = operation["path_params" if location == "path" else "query"]
    return fields


def _add_result(facts: Facts, address: Address, operation: Mapping[str, Any]) -> None:
    result_type, result = operation["result_type"], operation["result"]
    has_fields = isinstance(result, list)
    place = f"`{result_type}`" if has_fields else f"`{result_type} = {result}`"
    facts.add(address, True, place)
    facts.add((*address, "named"), result_type, place)
    facts.add((*address, "type"), "object" if has_fields else result, place)
    if has_fields:
        _add_fields(facts, address, result)


def _add_fields(facts: Facts, address: Address, fields: Sequence[Mapping[str, Any]]) -> None:
    order = [field["name"] for field in fields]
    facts.add((*address, "order"), order, ", ".join(map(declaration, fields)))
    for field in fields:
        _add_field(facts, (*address, field["name"]), field)


def _add_field(facts: Facts, address: Address, field: Mapping[str, Any]) -> None:
    place = declaration(field)
    facts.add(address, True, place)
    facts.add((*address, "required"), field["required"], place)
    facts.add((*address, "nullable"), field["nullable"], place)
    _add_type(facts, address, field, place)


def _add_type(facts: Facts, address: Address, field: Mapping[str, Any], place: str) -> None:
    facts.add((*address, "type"), field["type"], place)
    match field["type"]:
        case "array":
            items = (*address, "each")
            facts.add(items, True, place)
            facts.add((*items, "nullable"), False, place)
            _add_type(facts, items, field["items"], place)
        case "object":
            if "declared" in field:
                facts.add((*address, "named"), declared_type(field), place)
            _add_fields(facts, address, field["fields"])
        case _:
            facts.add((*address, "enum"), field.get("enum"), place)
            facts.add((*address, "minimum"), field.get("minimum"), place)


def declared_type(field: Mapping[str, Any]) -> str:
    """The type in a declaration: `PaymentMethod` in `payment_method: PaymentMethod | null`."""
    declared: str = field["declared"]
    return declared.split(": ", 1)[1].removesuffix(" | null")


def _headers(scheme: Mapping[str, Any]) -> list[str]:
    """`Authorization: Bearer` and the like, without what stands for the secret."""
    return [f"{name}: {re.sub(r'<[a-z]+>$', '', value)}".strip() for name, value in scheme["headers"].items()]
