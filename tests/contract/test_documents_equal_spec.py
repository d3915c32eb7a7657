"""Documents = spec: `openapi/billing.yaml` says what Cloudflare's documents say, all of it, and nothing else.

The documents' side is `documented_api.json`, transcribed from them without the spec at hand. Both are turned into facts with the same
addresses and compared in both directions. Whoever knows more than the documents writes it into overlays/spec/.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.yaml_io import load_yaml
from tests.contract import mutations
from tests.contract.documented_facts import declared_type, documented_facts, load_transcription
from tests.contract.facts import differences
from tests.contract.mutations import Mutation
from tests.contract.specified_facts import specified_facts

ROOT = Path(__file__).parents[2]
SPEC = load_yaml(ROOT / "openapi" / "billing.yaml")
TRANSCRIPTION = load_transcription()
DOCUMENTED = documented_facts(TRANSCRIPTION)

BILLING = "/accounts/{account_id}/ai-gateway/billing"


def problems_with(spec: Any) -> list[str]:
    specified, problems = specified_facts(spec)
    return [str(problem) for problem in (*differences(DOCUMENTED, specified), *problems)]


def test_the_spec_says_what_the_documents_say_and_nothing_else() -> None:
    problems = problems_with(SPEC)
    assert not problems, "\n".join(problems)


def test_nothing_is_compared_with_nothing() -> None:
    """An empty reading on both sides would agree as well."""
    specified, _ = specified_facts(SPEC)
    assert len(specified) == len(DOCUMENTED) > 800
    assert len([address for address, _ in specified if address[0] == "operations" and len(address) == 2]) == 12


# Each way of departing from the documents is noticed, and reported in words that help.


def _schemas(spec: Any) -> Any:
    return spec["components"]["schemas"]


def _drop_a_field(spec: Any) -> None:
    del _schemas(spec)["TopupConfig"]["properties"]["threshold"]


def _add_a_field(spec: Any) -> None:
    _schemas(spec)["Invoice"]["properties"]["tax"] = {"type": "number", "description": "Tax on it."}


def _make_a_field_optional(spec: Any) -> None:
    _schemas(spec)["Invoice"]["required"].remove("currency")


def _make_a_field_required(spec: Any) -> None:
    _schemas(spec)["PaymentMethod"]["required"] = ["brand"]


def _change_a_type(spec: Any) -> None:
    _schemas(spec)["InvoiceLine"]["properties"]["quantity"]["type"] = "string"


def _let_a_field_be_null(spec: Any) -> None:
    _schemas(spec)["BillingCreditBalanceResponse"]["properties"]["balance"]["type"] = ["number", "null"]


def _let_an_object_never_be_null(spec: Any) -> None:
    fields = _schemas(spec)["BillingCreditBalanceResponse"]["properties"]
    fields["payment_method"] = {"$ref": "#/components/schemas/PaymentMethod"}


def _widen_an_enum(spec: Any) -> None:
    _schemas(spec)["TopupStatusResponse"]["properties"]["status"]["enum"].append("failed")


def _narrow_an_enum(spec: Any) -> None:
    _schemas(spec)["BillingInvoicePreviewResponse"]["properties"]["status"]["enum"].remove("void")


def _lower_a_minimum(spec: Any) -> None:
    _schemas(spec)["TopupCreateBody"]["properties"]["amount"]["minimum"] = 500


def _add_a_maximum(spec: Any) -> None:
    _schemas(spec)["TopupCreateBody"]["properties"]["amount"]["maximum"] = 1_000_000


def _close_a_body(spec: Any) -> None:
    _schemas(spec)["TopupCreateBody"]["additionalProperties"] = False


def _drop_a_parameter(spec: Any) -> None:
    del spec["paths"][f"{BILLING}/invoice-history"]["get"]["parameters"][1]


def _add_a_parameter(spec: Any) -> None:
    page = {
        "name": "page",
        "in": "query",
        "required": False,
        "description": "Page.",
        "schema": {"type": "number"},
        "example": 2,
    }
    spec["paths"][f"{BILLING}/invoice-history"]["get"]["parameters"].append(page)


def _require_a_parameter(spec: Any) -> None:
    spec["paths"][f"{BILLING}/usage-history"]["get"]["parameters"][2]["required"] = True


def _drop_an_operation(spec: Any) -> None:
    del spec["paths"][f"{BILLING}/topup/config"]["delete"]


def _add_an_operation(spec: Any) -> None:
    limits = copy.deepcopy(spec["paths"][f"{BILLING}/credit-balance"])
    limits["get"]["operationId"] = "billing.topup.limits"
    spec["paths"][f"{BILLING}/topup/limits"] = limits


def _change_a_path(spec: Any) -> None:
    spec["paths"] = {path.replace("usage-history", "usage"): item for path, item in spec["paths"].items()}


def _change_a_method(spec: Any) -> None:
    status = spec["paths"][f"{BILLING}/topup/status"]
    status["get"] = status.pop("post")


def _drop_a_permission(spec: Any) -> None:
    spec["paths"][f"{BILLING}/credit-balance"]["get"]["x-api-token-group"].remove("AI Gateway Read")


def _add_a_permission(spec: Any) -> None:
    spec["paths"][f"{BILLING}/topup"]["post"]["x-api-token-group"] = ["AI Gateway Write"]


def _drop_a_way_to_authenticate(spec: Any) -> None:
    del spec["security"][1]


def _rename_a_header(spec: Any) -> None:
    spec["components"]["securitySchemes"]["apiKey"]["name"] = "X-Api-Key"


def _swap_a_result(spec: Any) -> None:
    media = spec["paths"][f"{BILLING}/topup/config"]["get"]["responses"]["200"]["content"]["application/json"]
    media["schema"]["allOf"][1]["properties"]["result"]["$ref"] = "#/components/schemas/TopupConfig"


def _say_more_of_an_unknown_result(spec: Any) -> None:
    _schemas(spec)["SpendingLimitDeleteResponse"]["type"] = "object"


def _drop_the_envelope(spec: Any) -> None:
    media = spec["paths"][f"{BILLING}/topup"]["post"]["responses"]["200"]["content"]["application/json"]
    media["schema"] = {"$ref": "#/components/schemas/TopupCreateResponse"}


def _let_the_envelope_lack_messages(spec: Any) -> None:
    _schemas(spec)["Envelope"]["required"].remove("messages")


def _add_a_status(spec: Any) -> None:
    responses = spec["paths"][f"{BILLING}/topup"]["post"]["responses"]
    responses["403"] = {"description": "No."}


def _move_the_server(spec: Any) -> None:
    spec["servers"][0]["url"] = "https://api.example.com/client/v4"


def _leave_a_component_over(spec: Any) -> None:
    _schemas(spec)["Refund"] = {"description": "A refund."}


WAYS: list[tuple[Callable[[Any], None], str, str]] = [
    (
        _drop_a_field,
        "$.components.schemas.TopupConfig",
        "threshold is missing; the documents have `threshold: number | null`",
    ),
    (_add_a_field, "$.components.schemas.Invoice.properties.tax", "tax is in no document"),
    (
        _make_a_field_optional,
        "$.components.schemas.Invoice.required",
        "required is false, in the documents true (`currency: string`)",
    ),
    (
        _make_a_field_required,
        "$.components.schemas.PaymentMethod.required",
        "required is true, in the documents false (`brand?: string`)",
    ),
    (
        _change_a_type,
        "$.components.schemas.InvoiceLine.properties.quantity.type",
        'is "string", in the documents "number"',
    ),
    (
        _let_a_field_be_null,
        "BillingCreditBalanceResponse.properties.balance",
        "nullable is true, in the documents false",
    ),
    (
        _let_an_object_never_be_null,
        "BillingCreditBalanceResponse.properties.payment_method",
        "(`payment_method: PaymentMethod | null`)",
    ),
    (
        _widen_an_enum,
        "$.components.schemas.TopupStatusResponse.properties.status.enum",
        '["completed", "pending", "failed"]',
    ),
    (
        _narrow_an_enum,
        "$.components.schemas.BillingInvoicePreviewResponse.properties.status.enum",
        '"uncollectible", "void"]',
    ),
    (
        _lower_a_minimum,
        "$.components.schemas.TopupCreateBody.properties.amount.minimum",
        "is 500, in the documents 1000",
    ),
    (
        _add_a_maximum,
        "$.components.schemas.TopupCreateBody.properties.amount.maximum",
        "the documents say nothing of the kind",
    ),
    (
        _close_a_body,
        "$.components.schemas.TopupCreateBody.additionalProperties",
        "the documents say nothing of the kind",
    ),
    (_drop_a_parameter, "invoice-history'].get", "query parameter > type is missing; the documents have `type?:"),
    (_add_a_parameter, "invoice-history'].get.parameters[2]", "query parameter > page is in no document"),
    (
        _require_a_parameter,
        "usage-history'].get.parameters[2].required",
        "is true, in the documents false (`end_time?: number | null`)",
    ),
    (_drop_an_operation, "$.paths", f"DELETE {BILLING}/topup/config is missing"),
    (_add_an_operation, f"$.paths['{BILLING}/topup/limits'].get", f"GET {BILLING}/topup/limits is in no document"),
    (_change_a_path, "$.paths", f"GET {BILLING}/usage-history is missing"),
    (_change_a_method, "$.paths", f"POST {BILLING}/topup/status is missing"),
    (_drop_a_permission, "credit-balance'].get['x-api-token-group']", '["AI Gateway Write", "AI Gateway Read"]'),
    (_add_a_permission, "topup'].post['x-api-token-group']", 'is ["AI Gateway Write"], in the documents null'),
    (_drop_a_way_to_authenticate, "$.security", '["X-Auth-Email:", "X-Auth-Key:"]'),
    (_rename_a_header, "$.security", '"X-Api-Key:"'),
    (
        _swap_a_result,
        "topup/config'].get.responses['200']",
        'named is "TopupConfig", in the documents "ConfigGetResponse"',
    ),
    (
        _say_more_of_an_unknown_result,
        "$.components.schemas.SpendingLimitDeleteResponse.type",
        "`SpendingLimitDeleteResponse = unknown`",
    ),
    (_drop_the_envelope, "topup'].post.responses['200'].content['application/json'].schema", "'allOf' is missing"),
    (
        _let_the_envelope_lack_messages,
        "$.components.schemas.Envelope.required",
        "envelope > messages > required is false",
    ),
    (_add_a_status, "topup'].post.responses['403']", "the documents say nothing of the kind"),
    (_move_the_server, "$.servers", "https://api.cloudflare.com/client/v4"),
    (_leave_a_component_over, "$.components.schemas.Refund", "nothing that is documented refers to this component"),
]


@pytest.mark.parametrize(("depart", "place", "words"), WAYS, ids=[way.__name__.strip("_") for way, _, _ in WAYS])
def test_a_departure_is_reported_with_its_place_and_what_the_documents_have(
    depart: Callable[[Any], None], place: str, words: str
) -> None:
    spec = copy.deepcopy(SPEC)
    depart(spec)
    reported = problems_with(spec)
    assert any(place in problem and words in problem for problem in reported), "\n".join(reported)
    assert all(problem.startswith("openapi/billing.yaml: $") for problem in reported)


# What may be worded freely: descriptions, summaries, the title and version, and the examples, which have their own tests.
FREE = re.compile(r"^\$\.info\.(title|version)$|\.(description|summary)$|\.examples?[.\[]|\.example$")


@pytest.mark.slow
@pytest.mark.parametrize("kind", mutations.KINDS, ids=lambda kind: kind.__name__)
def test_no_small_change_anywhere_in_the_spec_goes_unnoticed(kind: Callable[[Any], Iterator[Mutation]]) -> None:
    values_only = kind is mutations.change_values
    tried = [mutation for mutation in kind(SPEC) if not _is_free(mutation, values_only=values_only)]
    unnoticed = [mutation.place for mutation in tried if not problems_with(mutation.document)]
    assert not unnoticed, "\n".join(map(str, unnoticed))
    assert len(tried) > 40


def _is_free(mutation: Mutation, *, values_only: bool) -> bool:
    """Below an example everything is free; elsewhere the words are, but not whether there are any."""
    if re.search(r"\.examples?[.\[]|\.example$", mutation.place):
        return True
    return values_only and FREE.search(mutation.place) is not None


@pytest.mark.slow
@pytest.mark.parametrize("kind", [mutations.drop_items, mutations.change_values], ids=lambda kind: kind.__name__)
def test_no_small_change_anywhere_in_the_transcription_goes_unnoticed(
    kind: Callable[[Any], Iterator[Mutation]],
) -> None:
    specified, _ = specified_facts(SPEC)
    quoted = re.compile(r"\.(declared|scheme)$")  # words for messages
    tried = [mutation for mutation in kind(TRANSCRIPTION) if not quoted.search(mutation.place)]
    unnoticed = [
        mutation.place for mutation in tried if not list(differences(documented_facts(mutation.document), specified))
    ]
    assert not unnoticed, "\n".join(map(str, unnoticed))
    assert len(tried) > 100


# The transcription agrees with the declarations that it quotes.

TYPES = {"number": "number", "string": "string", "boolean": "boolean", "unknown": "unknown", "Array": "array"}


def test_each_transcribed_field_is_what_its_declaration_says() -> None:
    fields = list(_fields(TRANSCRIPTION))
    assert len(fields) > 90
    for field in fields:
        declared = field["declared"]
        assert declared.split(": ")[0] == field["name"] + ("" if field["required"] else "?"), declared
        assert declared.endswith(" | null") == field["nullable"], declared
        kind = declared_type(field)
        if kind.startswith('"'):
            assert field["type"] == "string", declared
            listed = [json.loads(value) for value in kind.split(" | ") if value.startswith('"')]
            more = re.search(r"\| (\d+) more$", kind)
            assert field["enum"][: len(listed)] == listed, declared
            assert len(field["enum"]) == len(listed) + (int(more[1]) if more else 0), declared
        else:
            assert field["type"] == TYPES.get(kind, "object"), declared


def _fields(node: Any) -> Iterator[Any]:
    if isinstance(node, dict) and "declared" in node:
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _fields(value)


# Units are wording, so the comparison does not see them; what the documents say of them is little enough to be listed.

UNITS = {
    ("TopupCreateBody", "amount"): "in cents; 1000 cents or more",
    ("ConfigCreateBody", "amount"): "in cents; 1000 cents or more",
    ("ConfigCreateBody", "threshold"): "in cents; 500 cents or more",
    ("SpendingLimitCreateBody", "amount"): "in cents; 100 cents or more",
}


def test_the_spec_gives_a_unit_where_the_documents_do_and_nowhere_else() -> None:
    for name, schema in SPEC["components"]["schemas"].items():
        for field, value in schema.get("properties", {}).items():
            words = value.get("description", "")
            expected = UNITS.get((name, field))
            assert expected is None or expected in words, (name, field)
            assert expected or not re.search("cent|dollar|second", words), (name, field)
    query = {
        parameter["name"]: parameter for parameter in SPEC["paths"][f"{BILLING}/usage-history"]["get"]["parameters"][1:]
    }
    assert query["start_time"]["description"].endswith("in Unix milliseconds.")
    assert query["end_time"]["description"].endswith("in Unix milliseconds.")
