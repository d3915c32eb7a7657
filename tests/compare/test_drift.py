"""`make drift` says what is published otherwise than openapi.yaml has it: a line a difference, with the text of ours to look at."""

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.resolve import Resolved, resolve
from compare.drift import KEPT, differences, drift, read_kept
from compare.sdk_types import read_sdk

ROOT = Path(__file__).parents[2]
SPEC = """
openapi: "3.1.0"
info: {title: Small, version: "1"}
paths:
  /accounts/{account_id}/ai-gateway/billing/credit:
    post:
      operationId: credit.buy
      description: Buys credit.
      parameters:
        - {name: account_id, in: path, required: true, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [auto, manual]}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Body"}
      responses:
        "200":
          description: Bought.
          content:
            application/json:
              schema:
                allOf:
                  - $ref: "#/components/schemas/Envelope"
                  - type: object
                    required: [result]
                    properties:
                      result: {$ref: "#/components/schemas/Credit"}
        "402": {description: Declined.}
components:
  schemas:
    Envelope:
      type: object
      required: [success, errors]
      properties: {success: {type: boolean}, errors: {type: array, items: {type: object}}}
    Body:
      type: object
      required: [amount]
      additionalProperties: false
      properties: {amount: {type: integer, minimum: 1000}}
    Credit:
      type: object
      required: [balance, state, lines]
      properties:
        balance: {type: number}
        state: {type: string, enum: [open, paid]}
        card:
          oneOf: [{$ref: "#/components/schemas/Card"}, {type: "null"}]
        lines: {type: array, items: {$ref: "#/components/schemas/Line"}}
        labels: {type: object, additionalProperties: {type: string}}
    Card: {type: object, properties: {brand: {type: string}}}
    Line: {type: object, required: [amount], properties: {amount: {type: number}}}
"""
OVERLAY = """
overlay: "1.0.0"
info: {title: Small, version: "1"}
actions:
  - target: $.components.schemas.Credit.properties.balance
    description: "What is left. Evidence: none."
    update: {description: What is left.}
  - target: $.components.schemas.Card.properties.brand
    description: "It is a string. Evidence: none."
    update: {enum: [visa]}
"""
POST = "POST /accounts/{account_id}/ai-gateway/billing/credit"
ROUTE = "/accounts/{account_id}/ai-gateway/billing/credit"


@pytest.fixture
def ours(tmp_path: Path) -> Resolved:
    (tmp_path / "openapi").mkdir()
    (tmp_path / "overlays").mkdir()
    (tmp_path / "openapi" / "small.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "overlays" / "20-facts.yaml").write_text(OVERLAY, encoding="utf-8")
    return resolve(tmp_path / "openapi" / "small.yaml", tmp_path / "overlays")


def operation(document: Any) -> Any:
    return document["paths"][ROUTE]["post"]


def schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def fields(document: Any, name: str) -> Any:
    return schema(document, name)["properties"]


CHANGES: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "a new operation": (
        lambda it: it["paths"].update({"/x/ai-gateway/eligibility": {"get": {"responses": {}}}}),
        "GET /x/ai-gateway/eligibility: only published",
        "openapi/small.yaml",
    ),
    "an operation that is gone": (lambda it: it["paths"].pop(ROUTE), f"{POST}: only here", "openapi/small.yaml"),
    "a deprecation": (
        lambda it: operation(it).update(deprecated=True),
        f"{POST}: deprecated: here no, published yes",
        "openapi/small.yaml",
    ),
    "a deprecation in words": (
        lambda it: operation(it).update(description="Deprecated, use something else."),
        f"{POST}: deprecated: here no, published yes",
        "openapi/small.yaml",
    ),
    "a note": (
        lambda it: operation(it).update(description="Buys credit. Dashboard sessions\n only: API tokens are rejected."),
        f"{POST}: note: here none, published dashboard sessions only",
        "openapi/small.yaml",
    ),
    "a new parameter": (
        lambda it: operation(it)["parameters"].append({"name": "page", "in": "query", "schema": {"type": "integer"}}),
        f"{POST} > query > page: only published",
        "openapi/small.yaml",
    ),
    "a parameter's words": (
        lambda it: operation(it)["parameters"][1]["schema"]["enum"].append("all"),
        f"{POST} > query > kind: enum: here auto, manual, published all, auto, manual",
        "openapi/small.yaml",
    ),
    "a parameter's default": (
        lambda it: operation(it)["parameters"][1]["schema"].update(default="auto"),
        f"{POST} > query > kind: default: here none, published auto",
        "openapi/small.yaml",
    ),
    "a parameter that is required": (
        lambda it: operation(it)["parameters"][1].update(required=True),
        f"{POST} > query > kind: always present: here no, published yes",
        "openapi/small.yaml",
    ),
    "a new field of a body": (
        lambda it: fields(it, "Body").update(card={"type": "string"}),
        f"{POST} > body > card: only published",
        "openapi/small.yaml",
    ),
    "the type of a body's field": (
        lambda it: fields(it, "Body")["amount"].update(type="number"),
        f"{POST} > body > amount: type: here integer, published number",
        "openapi/small.yaml",
    ),
    "a limit": (
        lambda it: fields(it, "Body")["amount"].update(minimum=500),
        f"{POST} > body > amount: minimum: here 1000, published 500",
        "openapi/small.yaml",
    ),
    "a body that is open": (
        lambda it: schema(it, "Body").pop("additionalProperties"),
        f"{POST} > body: closed: here yes, published none",
        "openapi/small.yaml",
    ),
    "null in an answer": (
        lambda it: fields(it, "Credit").update(balance={"type": ["number", "null"]}),
        f"{POST} > answer > balance: null: here not allowed, published allowed",
        "openapi/small.yaml",
    ),
    "null as OpenAPI 3.0 writes it": (
        lambda it: fields(it, "Credit").update(balance={"type": "number", "nullable": True}),
        f"{POST} > answer > balance: null: here not allowed, published allowed",
        "openapi/small.yaml",
    ),
    "a field that may be absent": (
        lambda it: schema(it, "Credit")["required"].remove("balance"),
        f"{POST} > answer > balance: always present: here yes, published no",
        "openapi/small.yaml",
    ),
    "a new word of an answer": (
        lambda it: fields(it, "Credit")["state"]["enum"].append("void"),
        f"{POST} > answer > state: enum: here open, paid, published open, paid, void",
        "openapi/small.yaml",
    ),
    "a field behind a reference and a union with null": (
        lambda it: fields(it, "Card")["brand"].pop("enum"),
        f"{POST} > answer > card > brand: enum: here visa, published none",
        "overlays/20-facts.yaml, action 2",
    ),
    "a field of a list's items": (
        lambda it: fields(it, "Line").update(tax={"type": "number"}),
        f"{POST} > answer > lines > [] > tax: only published",
        "openapi/small.yaml",
    ),
    "the values of a map": (
        lambda it: fields(it, "Credit")["labels"].update(additionalProperties={"type": "integer"}),
        f"{POST} > answer > labels > *: type: here string, published integer",
        "openapi/small.yaml",
    ),
    "a new status": (
        lambda it: operation(it)["responses"].update({"409": {"description": "Conflict."}}),
        f"{POST} > status 409: only published",
        "openapi/small.yaml",
    ),
    "a status that is gone": (
        lambda it: operation(it)["responses"].pop("402"),
        f"{POST} > status 402: only here",
        "openapi/small.yaml",
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_kind_of_difference_is_one_line_with_the_text_to_look_at(ours: Resolved, kind: str) -> None:
    change, line, text = CHANGES[kind]
    published = copy.deepcopy(ours.document)
    change(published)
    (found,) = differences(ours, published)
    assert str(found).startswith(f"{line}; look at "), str(found)
    assert text in str(found)


def test_what_means_the_same_is_no_difference(ours: Resolved) -> None:
    """Other names, an inlined component, the envelope as one component, numbers as statuses, and what lies elsewhere."""
    published = copy.deepcopy(ours.document)
    post = operation(published)
    post.update(operationId="something_else", summary="Other words", tags=["Other"])
    credit = published["components"]["schemas"].pop("Credit")
    one = {
        "type": "object",
        "properties": {"success": {"enum": [True]}, "errors": {}, "messages": {}, "result": credit},
    }
    published["components"]["schemas"]["aig_response"] = one
    credit["properties"]["card"] = {
        "type": ["object", "null"],
        "properties": {"brand": {"type": "string", "enum": ["visa"]}},
    }
    post["responses"][200] = post["responses"].pop("200")
    post["responses"][200]["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/aig_response"}
    published["paths"]["/zones/{zone_id}"] = {"get": {"responses": {}}}
    published["paths"][ROUTE.replace("account_id", "account_tag")] = published["paths"].pop(ROUTE)
    assert [str(one) for one in differences(ours, published)] == []


def test_a_schema_that_holds_itself_is_read_to_its_end(ours: Resolved) -> None:
    published = copy.deepcopy(ours.document)
    fields(published, "Line")["parts"] = {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}
    assert [one.what for one in differences(ours, published)] == ["only published"]


def run(ours: Resolved, tmp_path: Path, published: object, kept: str = "kept: []") -> int:
    (tmp_path / "published").write_text(
        published if isinstance(published, str) else json.dumps(published), encoding="utf-8"
    )
    (tmp_path / "kept.yaml").write_text(kept, encoding="utf-8")
    return drift(ours, schema=tmp_path / "published", kept=tmp_path / "kept.yaml")


def test_the_exit_code_is_0_for_none_and_1_for_some(
    ours: Resolved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ours, tmp_path, ours.document) == 0
    assert capsys.readouterr().out == ""
    published = copy.deepcopy(ours.document)
    del fields(published, "Line")["amount"]
    assert run(ours, tmp_path, yaml.safe_dump(published)) == 1  # the same file, in YAML
    assert capsys.readouterr().out.splitlines() == [
        f"{POST} > answer > lines > [] > amount: only here; look at {ours.spec_path}"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "- a list",
        "a: [b",
        "paths: 3",
        '{"openapi": "3.1.0"}',
        "",
        "\x00",
        '{"paths": {"/ai-gateway/x": {"get": {"parameters": 3}}}}',
    ],
)
def test_what_cannot_be_read_ends_with_2_and_says_so(
    ours: Resolved, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ours, tmp_path, text) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.match(r"error: .*published", printed.err)
    assert drift(ours, schema=tmp_path / "nothing") == 2
    assert drift(ours, sdk=tmp_path) == 2


KEEP = """
kept:
  - reason: It is not about money.
    differences: ["POST /accounts/{}/ai-gateway/billing/credit > answer > *: only published"]
"""


def test_what_is_kept_on_purpose_does_not_count_and_is_a_remark_once_it_is_gone(
    ours: Resolved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = copy.deepcopy(ours.document)
    fields(published, "Credit")["colour"] = {"type": "string"}
    assert run(ours, tmp_path, published, KEEP) == 0
    assert capsys.readouterr().out == ""
    assert run(ours, tmp_path, ours.document, KEEP) == 0
    assert capsys.readouterr().out.startswith("remark: a kept difference no longer exists: POST /accounts/{}")
    assert run(ours, tmp_path, published, KEEP.replace("It is not about money.", '""')) == 2  # a reason is needed
    fields(published, "Credit")["balance"]["type"] = "integer"  # a kept difference hides nothing else
    assert run(ours, tmp_path, published, KEEP) == 1


PACKAGE = {
    "resources/ai_gateway/billing.py": """
class BillingResource(SyncAPIResource):
    def buy(self, *, account_id: str, amount: int, kind: Literal["auto", "manual"] | Omit = omit) -> Credit:
        \"\"\"Buys credit.

        Args:
          amount: Deprecated is not said of the method here.
        \"\"\"
        return self._post(
            path_template("/accounts/{account_id}/ai-gateway/billing/credit", account_id=account_id),
            body=maybe_transform({"amount": amount}, credit_params.CreditParams),
            options=make_request_options(query=maybe_transform({"kind": kind}, credit_params.CreditParams)),
        )
class AsyncBillingResource(AsyncAPIResource):
    def not_read(self) -> str:
        return self._get("/accounts/{account_id}/ai-gateway/other")
""",
    "types/credit_params.py": """
from typing_extensions import Annotated, Literal, Required, TypedDict
class CreditParams(TypedDict, total=False):
    account_id: Required[str]
    amount: Required[int]
    kind: Literal["auto", "manual"]
""",
    "types/credit.py": """
from typing import Dict, List, Optional
class Card(BaseModel):
    brand_name: Optional[Literal["visa"]] = FieldInfo(alias="brand", default=None)
class Line(BaseModel):
    amount: float
class Credit(BaseModel):
    balance: float
    state: Literal["open", "paid"]
    lines: List[Line]
    card: Optional[Card] = None
    labels: Optional[Dict[str, str]] = None
""",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    imports = "from ...types import credit_params\nfrom ...types.credit import Credit\n"
    for name, text in PACKAGE.items():
        file = tmp_path / "cloudflare" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((imports if name.startswith("resources") else "") + text, encoding="utf-8")
    return tmp_path


def test_an_installed_sdk_is_read_the_same_way(ours: Resolved, package: Path) -> None:
    assert [str(one) for one in differences(ours, read_sdk(package), of_sdk=True)] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "types/credit.py",
            "balance: float",
            "balance: int",
            f"{POST} > answer > balance: type: here number, published integer",
        ),
        (
            "types/credit.py",
            "balance: float",
            "balance: Optional[float] = None",
            f"{POST} > answer > balance: always a value: here yes, published no",
        ),
        (
            "types/credit.py",
            '"paid"]',
            '"paid", "void"]',
            f"{POST} > answer > state: enum: here open, paid, published open, paid, void",
        ),
        ("types/credit.py", 'alias="brand"', 'alias="make"', f"{POST} > answer > card > brand: only here"),
        (
            "types/credit_params.py",
            "Required[int]",
            "int",
            f"{POST} > body > amount: always present: here yes, published no",
        ),
        (
            "resources/ai_gateway/billing.py",
            "    def buy",
            '    @typing_extensions.deprecated("no")\n    def buy',
            f"{POST}: deprecated: here no, published yes",
        ),
        (
            "resources/ai_gateway/billing.py",
            "Buys credit.",
            "Buys credit. Dashboard\n        sessions only.",
            f"{POST}: note: here none, published dashboard sessions only",
        ),
        (
            "resources/ai_gateway/billing.py",
            "class AsyncB",
            "class B",
            "GET /accounts/{account_id}/ai-gateway/other: only published",
        ),
    ],
)
def test_a_difference_of_an_sdk_is_a_line_too(  # noqa: PLR0917 - one row of the table
    ours: Resolved, package: Path, file: str, old: str, new: str, line: str
) -> None:
    path = package / "cloudflare" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert line in [str(one).partition("; look at ")[0] for one in differences(ours, read_sdk(package), of_sdk=True)]


@pytest.mark.slow
def test_our_own_document_differs_from_itself_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    resolved = resolve(ROOT / "openapi" / "billing.yaml", ROOT / "overlays" / "spec")
    assert drift(resolved, schema=ROOT / "generated" / "aig_billing" / "openapi.yaml") == 0
    assert all(line.startswith("remark: ") for line in capsys.readouterr().out.splitlines())
    assert read_kept(KEPT, "sdk")
    assert read_kept(KEPT, "schema")


@pytest.mark.slow
@pytest.mark.installs
def test_the_newest_official_python_sdk_differs_only_in_what_is_kept(tmp_path: Path) -> None:
    sdk = os.environ.get("SDK_PACKAGE") or str(tmp_path / "sdk")
    if "SDK_PACKAGE" not in os.environ:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", sdk, "cloudflare"]
        subprocess.run(command, check=True)
    command = [sys.executable, "-m", "codegen", "drift", "--sdk", sdk]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
