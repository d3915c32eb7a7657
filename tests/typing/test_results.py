"""What an IDE shows for every operation: the type of its result, in each of the eight ways to call it, for both checkers."""

import pytest
import yaml

from tests.typing.checkers import ROOT, Findings, mypy, pyright
from tests.typing.conftest import Checked

# What stands after `billing.`, the arguments, and the type of the result. Written by hand: the promise, not its echo.
RESULTS = (
    ("credit_balance", "", "BillingCreditBalanceResponse"),
    ("usage_history", 'value_grouping_window="day", start_time=MOMENT, end_time=0', "BillingUsageHistoryResponse"),
    ("invoice_history", 'type="auto"', "BillingInvoiceHistoryResponse"),
    ("invoice_preview", "", "BillingInvoicePreviewResponse"),
    ("topup.create", "amount=5000", "TopupCreateResponse"),
    ("topup.status", 'payment_intent_id="in_1abc"', "TopupStatusResponse"),
    ("topup.limits", "", "TopupLimitsResponse"),
    ("topup.config.get", "", "ConfigGetResponse"),
    ("topup.config.create", "amount=5000, threshold=500", "ConfigCreateResponse"),
    ("topup.config.delete", "", "object"),
    ("spending_limit.get", "", "SpendingLimitGetResponse"),
    ("spending_limit.create", 'amount=5000, duration="daily", strategy="fixed"', "object"),
    ("spending_limit.delete", "", "object"),
)
# What a reader of an answer writes next, and what it is.
FIELDS = (
    ("credit_balance().balance", "float"),
    ("credit_balance().balance_money", "Money"),
    ("credit_balance().balance_money.amount", "Decimal"),
    ("credit_balance().payment_method", "PaymentMethod | None"),
    ("credit_balance().topup_config.last_failed_at", "float | None"),
    ("credit_balance().topup_config.last_failed_at_datetime", "datetime | None"),
    ("usage_history(value_grouping_window='hour').history[0].start_time_datetime", "datetime"),
    ("invoice_history().invoices[0].amount_due_money", "Money"),
    ("invoice_history().pagination.total_count", "float"),
    ("invoice_preview().invoice_lines[0].pricing.unit_amount_decimal", "str | None"),
    ("topup.limits().min_cents", "int"),
    ("topup.create(amount=1000).client_secret", "str | None"),
    ("with_raw_response.credit_balance().status_code", "int"),
    ("with_raw_response.credit_balance().request_id", "str | None"),
    ("with_raw_response.credit_balance().parse()", "BillingCreditBalanceResponse"),
)
PREAMBLE = """\
# mypy: disable-error-code="deprecated"
# pyright: reportDeprecated=false
import datetime as dt
from typing import reveal_type

from aig_billing import AsyncClient, Client, models
from aig_billing.api.ai_gateway_billing import (
    credit_balance, invoice_history, invoice_preview, spending_limit_create, spending_limit_delete, spending_limit_get,
    topup_config_create, topup_config_delete, topup_config_get, topup_create, topup_limits, topup_status, usage_history,
)

MOMENT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


async def shown(client: Client, async_client: AsyncClient) -> None:
    billing = client.ai_gateway.billing
    async_billing = async_client.ai_gateway.billing
"""


def forms(call: str, arguments: str, result: str) -> dict[str, str]:
    """The eight ways to make a call, each with what it gives."""
    group, _, method = call.rpartition(".")
    raw = f"{group}.with_raw_response.{method}" if group else f"with_raw_response.{method}"
    module = call.replace(".", "_")
    sync, asynchronous = (f'"a", client={name}, {arguments}' for name in ("client", "async_client"))
    return {
        f"billing.{call}({arguments})": result,
        f"billing.{raw}({arguments})": f"Response[{result}]",
        f"await async_billing.{call}({arguments})": result,
        f"await async_billing.{raw}({arguments})": f"Response[{result}]",
        f"{module}.sync({sync})": result,
        f"{module}.sync_detailed({sync})": f"Response[{result}]",
        f"await {module}.asyncio({asynchronous})": result,
        f"await {module}.asyncio_detailed({asynchronous})": f"Response[{result}]",
    }


OTHERS = {
    "ai_gateway.list": ("client.ai_gateway.list(page=1)", "list[Gateway]"),
    "ai_gateway.get": ('client.ai_gateway.get(id="a")', "Gateway"),
    "ai_gateway.update": ('client.ai_gateway.update(id="a", body=models.GatewayUpdateBody.from_dict({}))', "Gateway"),
    "user.tokens.verify": ("client.user.tokens.verify()", "TokenVerifyResponse"),
    "accounts.tokens.verify": ("client.accounts.tokens.verify()", "TokenVerifyResponse"),
}
"""What lies outside billing: one way to call each is enough, for all are made by the same templates."""

EXPECTED = {expression: shown for row in RESULTS for expression, shown in forms(*row).items()} | {
    f"billing.{expression}": shown for expression, shown in FIELDS
}
EXPECTED |= dict(OTHERS.values())


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def findings(request: pytest.FixtureRequest, checked: Checked) -> Findings:
    return checked(
        request.param, "results", PREAMBLE + "".join(f"    reveal_type({expression})\n" for expression in EXPECTED)
    )


def test_the_table_has_every_operation_of_the_document() -> None:
    text = (ROOT / "generated/aig_billing/openapi.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - either is a safe one
    named = {
        f"{operation['x-fern-sdk-group-name']}.{operation['x-fern-sdk-method-name']}".removeprefix(
            "ai_gateway.billing."
        )
        for path in document["paths"].values()
        for operation in path.values()
        if "x-fern-sdk-method-name" in operation
    }
    assert named == {call for call, _, _ in RESULTS} | set(OTHERS)


@pytest.mark.slow
def test_every_way_to_call_shows_the_documented_type(findings: Findings) -> None:
    assert findings.errors == {}
    first = PREAMBLE.count("\n") + 1
    shown = {expression: findings.revealed.get(first + index) for index, expression in enumerate(EXPECTED)}
    assert shown == EXPECTED
