"""The sandbox and the document say the same: every operation, every request, every answer."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.http.context import OperationResult, RequestContext
from aig_billing_sandbox.http.contract import OperationContract
from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.messages import RefusedRequest
from aig_billing_sandbox.http.operations import OPERATIONS
from aig_billing_sandbox.http.pages import render_page
from codegen.yaml_io import load_yaml
from tests.sandbox.caller import BASE_URL, Caller

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/accounts/{account_id}/ai-gateway/billing/"
REF = "#/components/schemas/Recursive"


def test_the_sandbox_serves_the_operations_of_the_document_and_no_other() -> None:
    documented = {
        (method.upper(), path)
        for path, item in resolved_document()["paths"].items()
        for method in item
        if method in {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
    }
    assert {(operation.method, operation.path) for operation in OPERATIONS} == documented


def test_operations_are_called_as_in_the_client() -> None:
    names: set[str] = set()
    for item in resolved_document()["paths"].values():
        for operation in item.values():
            group = operation["x-fern-sdk-group-name"].removeprefix("ai_gateway.billing").removeprefix(".")
            names.add(".".join(part for part in (group, operation["x-fern-sdk-method-name"]) if part))
    assert {operation.name for operation in OPERATIONS} == names


def test_writing_permission_is_asked_for_as_the_document_says(sandbox: Sandbox) -> None:
    headers = {"authorization": f"Bearer {sandbox.read_token}"}
    with httpx.Client(transport=sandbox.transport(), base_url=BASE_URL, headers=headers) as client:
        for operation in OPERATIONS:
            documented = resolved_document()["paths"][operation.path][operation.method.lower()]
            accepted = documented.get("x-api-token-group", ["AI Gateway Read"])
            path = operation.path.format(account_id=sandbox.account_id, id="default")
            refused = client.request(operation.method, path).status_code == 403
            assert refused == ("AI Gateway Read" not in accepted), operation.name


def test_an_answer_that_breaks_the_contract_does_not_leave_and_takes_its_work_back(
    sandbox: Sandbox, api: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(context: RequestContext) -> OperationResult:
        context.db.execute("DELETE FROM auto_topups")
        return {"amount": "5000", "threshold": 500}

    api.post("topup/config", {"amount": 5000, "threshold": 500})
    setting = next(operation for operation in OPERATIONS if operation.name == "topup.config.create")
    original = setting.run
    object.__setattr__(setting, "run", broken)
    try:
        assert "The sandbox failed" in api.refused("POST", "topup/config", 500, json={"amount": 6000, "threshold": 600})
    finally:
        object.__setattr__(setting, "run", original)
    assert "answer 200 at $.result.amount: '5000' is not of type 'number'" in caplog.text
    assert api.get("topup/config")["amount"] == 5000


@pytest.mark.parametrize(
    ("schema", "body", "path"),
    [
        (
            {"properties": {"name": {"type": "string"}, "parts": {"items": {"$ref": REF}}}},
            {"parts": [{"name": 1}]},
            "$.parts[0].name",
        ),
        ({"type": "array", "items": {"$ref": REF}}, [[[], 1]], "$[0][1]"),
        ({"type": "object", "additionalProperties": {"$ref": REF}}, {"a": {"b": {}, "c": 1}}, "$.a.c"),
        (
            {"type": ["object", "null"], "allOf": [{"properties": {"next": {"$ref": REF}}}]},
            {"next": {"next": 1}},
            "$.next.next",
        ),
    ],
)
def test_a_schema_may_contain_itself(schema: dict[str, Any], body: object, path: str) -> None:
    document = copy.deepcopy(resolved_document())
    document["components"]["schemas"]["Recursive"] = schema
    document["paths"][PREFIX + "topup"]["post"]["requestBody"]["content"]["application/json"]["schema"] = {"$ref": REF}
    request = RequestContext("POST", "", "", {"content-type": "application/json"}, "")
    request.content = json.dumps(body).encode()
    with pytest.raises(RefusedRequest, match=f"^{re.escape(path)}: 1 is not of type"):
        OperationContract(document, PREFIX + "topup", "post").parse_request(request)
    render_page(document)


@pytest.mark.parametrize("mode", ["documented", "live"])
def test_answers_hold_against_the_document_read_without_the_sandbox(sandbox: Sandbox, api: Caller, mode: Any) -> None:
    sandbox.behave(mode=mode)
    sandbox.use("12.345")
    for operation in OPERATIONS:
        if not operation.path.startswith(PREFIX):
            continue
        path = operation.path.removeprefix(PREFIX) + (
            "?value_grouping_window=day&start_time=0&end_time=0" if "usage" in operation.path else ""
        )
        body = {
            "topup.create": {"amount": 5000},
            "topup.status": {"payment_intent_id": "in_none"},
            "topup.config.create": {"amount": 5000, "threshold": 500},
            "spending_limit.create": {"amount": 5000, "duration": "daily", "strategy": "fixed"},
        }.get(operation.name)
        response = api.send(operation.method, path, json=body)
        document = resolved_document()
        documented = document["paths"][operation.path][operation.method.lower()]["responses"]
        entry = documented[str(response.status_code)]
        if "$ref" in entry:
            entry = document["components"]["responses"][entry["$ref"].rsplit("/", 1)[1]]
        schema = {**entry["content"]["application/json"]["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(response.json())
        for header in entry.get("headers", {}):
            assert header.lower() in response.headers, (operation.name, header)


def test_the_document_is_read_as_the_generator_reads_it() -> None:
    """Whose reader takes JSON's scalars only, where the sandbox's is one of YAML 1.1."""
    assert load_yaml(ROOT / "generated/aig_billing/openapi.yaml") == resolved_document()
