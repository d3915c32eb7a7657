"""Which changes of the resolved document break callers: each rule tried on the real document, in both directions."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from codegen.yaml_io import load_yaml
from compare.compatibility import ApiChange, document_changes, read_surface
from tests.codegen.inline import TEMPLATES

DOCUMENT = load_yaml(TEMPLATES.parents[1] / "generated" / "aig_billing" / "openapi.yaml")
BILLING = "/accounts/{account_id}/ai-gateway/billing"
TOPUP = "ai_gateway.billing.topup.create"
TOPUP_CONFIG = "ai_gateway.billing.topup.config"
USAGE = "ai_gateway.billing.usage_history"

Edit = Callable[[Any], None]


def between(edit: Edit) -> tuple[list[ApiChange], list[ApiChange]]:
    """What the edit changes, and what undoing it changes."""
    edited = copy.deepcopy(DOCUMENT)
    edit(edited)
    old, new = read_surface(DOCUMENT), read_surface(edited)
    return list(document_changes(old, new)), list(document_changes(new, old))


def schemas(document: Any) -> Any:
    return document["components"]["schemas"]


def operation(document: Any, path: str, method: str) -> Any:
    return document["paths"][f"{BILLING}/{path}"][method]


def parameter(document: Any, name: str) -> Any:
    (found,) = (one for one in operation(document, "usage-history", "get")["parameters"] if one.get("name") == name)
    return found


def drop_an_operation(document: Any) -> None:
    del document["paths"][f"{BILLING}/topup"]


def drop_a_field(document: Any) -> None:
    del schemas(document)["Invoice"]["properties"]["created"]


def make_a_field_optional(document: Any) -> None:
    schemas(document)["Invoice"]["required"].remove("currency")


def let_a_field_be_null(document: Any) -> None:
    schemas(document)["Invoice"]["properties"]["currency"]["type"] = ["string", "null"]


def let_an_object_be_null(document: Any) -> None:
    properties = schemas(document)["BillingCreditBalanceResponse"]["properties"]
    properties["topup_config"] = {"oneOf": [properties["topup_config"], {"type": "null"}]}


def make_whole_numbers_of_any(document: Any) -> None:
    schemas(document)["TopupLimitsResponse"]["properties"]["min_cents"]["type"] = "number"


def add_a_word_and_drop_one(document: Any) -> None:
    schemas(document)["TopupStatusResponse"]["properties"]["status"]["enum"] = ["completed", "failed"]


def change_a_list(document: Any) -> None:
    schemas(document)["BillingInvoiceHistoryResponse"]["properties"]["invoices"]["items"] = {"type": "string"}


def swap_a_unit(document: Any) -> None:
    schemas(document)["Invoice"]["properties"]["created"]["x-unit"] = "unix-ms"


def drop_a_unit(document: Any) -> None:
    del schemas(document)["Invoice"]["properties"]["amount_due"]["x-unit"]


def drop_a_secret(document: Any) -> None:
    del schemas(document)["TopupCreateResponse"]["properties"]["client_secret"]["format"]


def close_an_answer(document: Any) -> None:
    schemas(document)["Invoice"]["additionalProperties"] = False


def rename_a_class(document: Any) -> None:
    schemas(document)["Bill"] = schemas(document).pop("Invoice")
    items = schemas(document)["BillingInvoiceHistoryResponse"]["properties"]["invoices"]["items"]
    items["$ref"] = "#/components/schemas/Bill"


def say_what_was_unknown(document: Any) -> None:
    schemas(document)["ConfigDeleteResponse"] = {"type": "object", "properties": {"gone": {"type": "boolean"}}}


def require_an_argument(document: Any) -> None:
    parameter(document, "start_time")["required"] = True


def require_a_new_argument(document: Any) -> None:
    body = schemas(document)["TopupCreateBody"]
    body["properties"]["currency"] = {"type": "string"}
    body["required"].append("currency")


def offer_a_new_argument(document: Any) -> None:
    schemas(document)["TopupCreateBody"]["properties"]["note"] = {"type": "string"}


def drop_an_argument(document: Any) -> None:
    operation(document, "usage-history", "get")["parameters"].remove(parameter(document, "start_time"))


def take_whole_numbers_only(document: Any) -> None:
    parameter(document, "start_time")["schema"]["type"] = ["integer", "null"]


def take_no_null(document: Any) -> None:
    parameter(document, "start_time")["schema"]["type"] = "number"


def take_fewer_words(document: Any) -> None:
    parameter(document, "value_grouping_window")["schema"]["enum"].remove("hour")


def take_any_word(document: Any) -> None:
    del parameter(document, "value_grouping_window")["schema"]["enum"]


def raise_the_minimum(document: Any) -> None:
    schemas(document)["TopupCreateBody"]["properties"]["amount"]["minimum"] = 2000


def drop_the_minimum(document: Any) -> None:
    del schemas(document)["TopupCreateBody"]["properties"]["amount"]["minimum"]


def add_a_maximum(document: Any) -> None:
    schemas(document)["TopupCreateBody"]["properties"]["amount"]["maximum"] = 100_000


def ask_elsewhere(document: Any) -> None:
    document["paths"][f"{BILLING}/top-up"] = document["paths"].pop(f"{BILLING}/topup")


def call_it_something_else(document: Any) -> None:
    operation(document, "topup", "post")["x-fern-sdk-method-name"] = "buy"


def resend_charges(document: Any) -> None:
    operation(document, "topup", "post")["x-retry"] = "safe"


def refuse_readers(document: Any) -> None:
    operation(document, "usage-history", "get")["x-api-token-group"] = ["AI Gateway Write"]


def answer_otherwise(document: Any) -> None:
    responses = operation(document, "topup", "post")["responses"]
    responses["202"] = responses.pop("200")


def refuse_keys(document: Any) -> None:
    del document["security"][1]


def move_the_server(document: Any) -> None:
    document["servers"][0]["url"] = "https://api.example.com"


def serve_one_call_elsewhere(document: Any) -> None:
    operation(document, "topup", "post")["servers"] = [{"url": "https://pay.example.com"}]


def let_one_call_have_no_credentials(document: Any) -> None:
    operation(document, "topup", "post")["security"] = []


def drop_the_mixin(document: Any) -> None:
    del document["x-resources"]


def take_whole_numbers_in_what_is_sent_back(document: Any) -> None:
    schemas(document)["SpendLimitRule"]["properties"]["limit"]["type"] = "integer"


def give_any_number_in_what_is_sent_back(document: Any) -> None:
    schemas(document)["SpendLimitRule"]["properties"]["window"]["type"] = "number"


def require_more_of_what_is_sent_back(document: Any) -> None:
    rule = schemas(document)["SpendLimitRule"]
    rule["properties"]["currency"] = {"type": "string"}
    rule["required"].append("currency")


def require_a_field_of_an_open_body(document: Any) -> None:
    schemas(document)["GatewayUpdateBody"]["required"].append("spend_limits")


def swap_the_values_of_a_map(document: Any) -> None:
    schemas(document)["SpendLimitRule"]["properties"]["metadata"]["additionalProperties"] = {"type": "string"}


def answer_one_of_two_classes(document: Any) -> None:
    invoices = schemas(document)["BillingInvoiceHistoryResponse"]["properties"]["invoices"]
    invoices["items"] = {"oneOf": [invoices["items"], {"$ref": "#/components/schemas/InvoiceLine"}]}


def swap_what_the_envelope_says_of_the_result(document: Any) -> None:
    schemas(document)["ResultInfo"]["properties"]["page"]["type"] = "string"


BREAKING: list[tuple[Edit, str]] = [
    (drop_an_operation, f"`{TOPUP}` is gone"),
    (drop_a_field, "`Invoice.created` is gone"),
    (make_a_field_optional, "`Invoice.currency` may be left out"),
    (let_a_field_be_null, "`Invoice.currency` may be null"),
    (let_an_object_be_null, "`BillingCreditBalanceResponse.topup_config` may be null"),
    (make_whole_numbers_of_any, "`TopupLimitsResponse.min_cents` is number, and was integer"),
    (add_a_word_and_drop_one, "`TopupStatusResponse.status` no longer has the value 'pending'"),
    (change_a_list, "`BillingInvoiceHistoryResponse.invoices[]` is string, and was Invoice"),
    (swap_a_unit, "`Invoice.created` has the unit unix-ms, and had unix-s"),
    (drop_a_unit, "`Invoice.amount_due` has no unit, and had cents"),
    (drop_a_secret, "`TopupCreateResponse.client_secret` is no longer masked when shown"),
    (close_an_answer, "`Invoice` no longer keeps unknown fields"),
    (rename_a_class, "`Invoice` is gone"),
    (say_what_was_unknown, f"`{TOPUP_CONFIG}.delete()` is ConfigDeleteResponse, and was anything"),
    (require_an_argument, f"`{USAGE}(start_time)` must be there"),
    (require_a_new_argument, f"`{TOPUP}(currency)` is new, and must be given"),
    (drop_an_argument, f"`{USAGE}(start_time)` is gone"),
    (take_whole_numbers_only, f"`{USAGE}(start_time)` is integer, and was number"),
    (take_no_null, f"`{USAGE}(start_time)` may not be null"),
    (take_fewer_words, f"`{USAGE}(value_grouping_window)` no longer has the value 'hour'"),
    (raise_the_minimum, f"`{TOPUP}(amount)` has the minimum 2000, and had 1000"),
    (add_a_maximum, f"`{TOPUP}(amount)` has the maximum 100000, and had none"),
    (
        ask_elsewhere,
        f"`{TOPUP}` has the request POST {BILLING}/top-up, and had POST {BILLING}/topup",
    ),
    (call_it_something_else, f"`{TOPUP}` is gone"),
    (resend_charges, f"`{TOPUP}` has the retry class safe, and had charge"),
    (refuse_readers, f"`{USAGE}` no longer has the permission AI Gateway Read"),
    (answer_otherwise, f"`{TOPUP}` has the success status 202, and had 200"),
    (refuse_keys, "`base_url` no longer has the security X-Auth-Email and X-Auth-Key"),
    (
        move_the_server,
        "`base_url` has the server https://api.example.com, and had https://api.cloudflare.com/client/v4",
    ),
    (serve_one_call_elsewhere, f"`{TOPUP}` has the server https://pay.example.com, and had none"),
    (let_one_call_have_no_credentials, f"`{TOPUP}` has the security no credentials, and had none"),
    (drop_the_mixin, "`ai_gateway.billing.topup` is gone"),
    (take_whole_numbers_in_what_is_sent_back, "`SpendLimitRule.limit` is integer, and was number"),
    (give_any_number_in_what_is_sent_back, "`SpendLimitRule.window` is number, and was integer"),
    (require_more_of_what_is_sent_back, "`SpendLimitRule.currency` is new, and must be given"),
    (require_a_field_of_an_open_body, "`GatewayUpdateBody.spend_limits` must be there"),
    (swap_the_values_of_a_map, "`SpendLimitRule.metadata[*]` is string, and was SpendLimitMetadata"),
    (
        answer_one_of_two_classes,
        "`BillingInvoiceHistoryResponse.invoices[]` is Invoice or InvoiceLine, and was Invoice",
    ),
    (swap_what_the_envelope_says_of_the_result, "`ResultInfo.page` is string, and was number"),
]


@pytest.mark.parametrize(("edit", "reported"), BREAKING, ids=lambda one: getattr(one, "__name__", ""))
def test_what_breaks_callers_is_reported_in_words(edit: Edit, reported: str) -> None:
    there, _ = between(edit)
    assert reported in [str(change) for change in there if change.breaks], [str(change) for change in there]


# What undoes a change that breaks, and breaks nothing itself.
FITTING_BACKWARDS: list[tuple[Edit, str]] = [
    (drop_an_operation, f"`{TOPUP}` is new"),
    (drop_a_field, "`Invoice.created` is new"),
    (make_a_field_optional, "`Invoice.currency` must be there"),
    (let_a_field_be_null, "`Invoice.currency` may not be null"),
    (make_whole_numbers_of_any, "`TopupLimitsResponse.min_cents` is integer, and was number"),
    (drop_a_unit, "`Invoice.amount_due` has the unit cents, and had none"),
    (drop_a_secret, "`TopupCreateResponse.client_secret` is masked when shown"),
    (close_an_answer, "`Invoice` keeps unknown fields"),
    (require_an_argument, f"`{USAGE}(start_time)` may be left out"),
    (drop_an_argument, f"`{USAGE}(start_time)` is new"),
    (take_whole_numbers_only, f"`{USAGE}(start_time)` is number, and was integer"),
    (take_fewer_words, f"`{USAGE}(value_grouping_window)` also has the value 'hour'"),
    (raise_the_minimum, f"`{TOPUP}(amount)` has the minimum 1000, and had 2000"),
    (add_a_maximum, f"`{TOPUP}(amount)` has no maximum, and had 100000"),
    (refuse_readers, f"`{USAGE}` also has the permission AI Gateway Read"),
    (refuse_keys, "`base_url` also has the security X-Auth-Email and X-Auth-Key"),
    (drop_the_mixin, "`ai_gateway.billing.topup` is new"),
]


@pytest.mark.parametrize(("edit", "reported"), FITTING_BACKWARDS, ids=lambda one: getattr(one, "__name__", ""))
def test_what_only_gives_more_or_asks_for_less_breaks_nothing(edit: Edit, reported: str) -> None:
    _, back = between(edit)
    assert reported in [str(change) for change in back]
    assert [str(change) for change in back if change.breaks] == []


def test_what_lies_in_an_object_without_a_name_goes_by_the_way_to_it() -> None:
    unnamed = copy.deepcopy(DOCUMENT)
    period = unnamed["components"]["schemas"].pop("InvoiceLinePeriod")
    schemas(unnamed)["InvoiceLine"]["properties"]["period"] = period
    without_its_end = copy.deepcopy(unnamed)
    del schemas(without_its_end)["InvoiceLine"]["properties"]["period"]["properties"]["end"]
    named, old, new = map(read_surface, (DOCUMENT, unnamed, without_its_end))
    (change,) = document_changes(old, new)
    assert (str(change), change.breaks) == ("`InvoiceLine.period.end` is gone", True)
    assert {str(one) for one in document_changes(named, old)} == {
        "`InvoiceLine.period` is object, and was InvoiceLinePeriod",
        "`InvoiceLinePeriod` is gone",
    }


UNNAMED = {"type": "object", "properties": {"code": {"type": "string"}, "reason": {"type": "string"}}}


@pytest.mark.parametrize("others", [[], [UNNAMED], [{"type": "string"}], [{"type": "null"}]], ids=str)
def test_what_lies_in_a_choice_is_compared_as_what_stands_alone(others: list[Any]) -> None:
    old = copy.deepcopy(DOCUMENT)
    status = schemas(old)["TopupStatusResponse"]["properties"]
    status["failure"] = {"oneOf": [{"$ref": "#/components/schemas/Failure"}, *others]}
    schemas(old)["Failure"] = {"type": "object", "properties": {"code": {"type": "number"}, "text": {"type": "string"}}}
    new = copy.deepcopy(old)
    del schemas(new)["Failure"]["properties"]["code"]
    (change,) = document_changes(read_surface(old), read_surface(new))
    assert (str(change), change.breaks) == ("`Failure.code` is gone", True)


def test_a_choice_without_a_name_is_compared_as_a_whole() -> None:
    old = copy.deepcopy(DOCUMENT)
    schemas(old)["TopupStatusResponse"]["properties"]["failure"] = {
        "oneOf": [UNNAMED, {**UNNAMED, "required": ["code"]}]
    }
    new = copy.deepcopy(old)
    del schemas(new)["TopupStatusResponse"]["properties"]["failure"]["oneOf"][1]["properties"]["code"]
    (change,) = document_changes(read_surface(old), read_surface(new))
    assert change.breaks
    assert str(change).startswith("`TopupStatusResponse.failure` is {")


def test_of_what_is_gone_or_new_one_line_says_enough() -> None:
    there, back = between(drop_an_operation)
    assert {str(one) for one in there} == {f"`{TOPUP}` is gone", "`TopupCreateResponse` is gone"}
    assert {str(one) for one in back} == {f"`{TOPUP}` is new", "`TopupCreateResponse` is new"}


def test_a_component_that_is_not_in_the_client_breaks_nothing() -> None:
    def reword_errors(document: Any) -> None:
        schemas(document)["ErrorInfo"]["properties"]["code"]["type"] = "string"
        schemas(document)["ErrorEnvelope"]["required"].remove("errors")

    assert between(reword_errors) == ([], [])


@pytest.mark.parametrize("edit", [offer_a_new_argument, take_any_word, drop_the_minimum])
def test_looser_arguments_break_nothing(edit: Edit) -> None:
    there, back = between(edit)
    assert there
    assert [str(change) for change in there if change.breaks] == []
    assert any(change.breaks for change in back)


def test_a_word_that_is_added_to_an_answer_breaks_nothing() -> None:
    """Answers keep words that they do not know, so callers had to be ready for one."""
    there, _ = between(add_a_word_and_drop_one)
    assert ("`TopupStatusResponse.status` also has the value 'failed'", False) in [
        (str(one), one.breaks) for one in there
    ]


def test_wording_and_examples_change_nothing() -> None:
    def reword(document: Any) -> None:
        schemas(document)["Invoice"]["description"] = "A bill."
        operation(document, "topup", "post")["summary"] = "Buy"
        del operation(document, "topup", "post")["requestBody"]["content"]["application/json"]["examples"]

    assert between(reword) == ([], [])


def test_a_deprecation_is_reported_and_breaks_nothing() -> None:
    def deprecate(document: Any) -> None:
        operation(document, "topup", "post")["deprecated"] = True

    there, back = between(deprecate)
    assert [(str(one), one.breaks) for one in there] == [(f"`{TOPUP}` is deprecated", False)]
    assert [(str(one), one.breaks) for one in back] == [(f"`{TOPUP}` is no longer deprecated", False)]
