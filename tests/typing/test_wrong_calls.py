"""Calls that cannot work are errors in the editor already, for both checkers, and the right call beside each is none."""

import pytest

from tests.typing.checkers import Findings, mypy, pyright
from tests.typing.conftest import Checked

pytestmark = pytest.mark.slow

# What is wrong, the wrong line, and a right line that differs in that alone.
CALLS = (
    (
        "dollars as text are not cents",
        'billing.topup.create(amount="50")',
        'billing.topup.create(amount=usd("50"))',
    ),
    (
        "cents have no fraction",
        "billing.topup.create(amount=50.5)",
        "billing.topup.create(amount=5050)",
    ),
    (
        "an argument is missing",
        "billing.topup.create()",
        "billing.topup.create(amount=5000)",
    ),
    (
        "arguments go by name",
        "billing.topup.create(5000)",
        "billing.topup.create(amount=5000)",
    ),
    (
        "no such argument",
        "billing.credit_balance(account='a')",
        "billing.credit_balance(account_id='a')",
    ),
    (
        "no such operation",
        "billing.balance()",
        "billing.credit_balance()",
    ),
    (
        "not one of the enum",
        "billing.invoice_history(type='card')",
        "billing.invoice_history(type='auto')",
    ),
    (
        "a window is required",
        "billing.usage_history()",
        "billing.usage_history(value_grouping_window='day')",
    ),
    (
        "a window is day or hour",
        "billing.usage_history(value_grouping_window='week')",
        "billing.usage_history(value_grouping_window='hour')",
    ),
    (
        "a date as text is not a time",
        "billing.usage_history(value_grouping_window='day', start_time='2026-11-01')",
        "billing.usage_history(value_grouping_window='day', start_time=1795132800000)",
    ),
    (
        "a setting is missing",
        "billing.topup.config.create(amount=1000)",
        "billing.topup.config.create(amount=1000, threshold=500)",
    ),
    (
        "no such field",
        "billing.credit_balance().ballance",
        "billing.credit_balance().balance",
    ),
    (
        "there may be no card",
        "billing.credit_balance().payment_method.brand",
        "billing.topup.create(amount=1000).brand",
    ),
    (
        "an unknown result has no fields",
        "billing.topup.config.delete().ok",
        "billing.topup.config.delete()",
    ),
    (
        "a raw answer is not a result",
        "billing.with_raw_response.credit_balance().balance",
        "billing.with_raw_response.credit_balance().parse().balance",
    ),
    (
        "credentials go by name",
        "Client('token')",
        "Client(api_token='token')",
    ),
    (
        "a timeout is a number",
        "Client(timeout='30')",
        "Client(timeout=30)",
    ),
    (
        "an async transport in a sync client",
        "Client(transport=httpx.AsyncHTTPTransport())",
        "AsyncClient(transport=httpx.AsyncHTTPTransport())",
    ),
    (
        "an async client in a sync function",
        "credit_balance.sync('a', client=AsyncClient())",
        "credit_balance.sync('a', client=Client())",
    ),
    (
        "not awaited",
        "AsyncClient().ai_gateway.billing.credit_balance().balance",
        "(await AsyncClient().ai_gateway.billing.credit_balance()).balance",
    ),
    (
        "cents and dollars do not add",
        "billing.credit_balance().balance_money + 'x'",
        "billing.credit_balance().balance_money.amount + 1",
    ),
    (
        "usd takes no list",
        "usd([50])",
        "usd(50)",
    ),
    (
        "deprecated",
        "billing.spending_limit.create(amount=100, duration='daily', strategy='fixed')",
        "billing.spending_limit.get()",
    ),
)
PREAMBLE = """\
# pyright: reportUnusedExpression=false
import httpx
from aig_billing import AsyncClient, Client, usd
from aig_billing.api.ai_gateway_billing import credit_balance


async def written(client: Client) -> None:
    billing = client.ai_gateway.billing
"""


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def findings(request: pytest.FixtureRequest, checked: Checked) -> Findings:
    return checked(
        request.param, "wrong", PREAMBLE + "".join(f"    {wrong}\n    {right}\n" for _, wrong, right in CALLS)
    )


@pytest.mark.parametrize("number", range(len(CALLS)), ids=[about for about, _, _ in CALLS])
def test_a_wrong_call_is_an_error_and_the_right_one_is_none(findings: Findings, number: int) -> None:
    _, wrong, right = CALLS[number]
    line = PREAMBLE.count("\n") + 1 + 2 * number
    assert findings.errors.get(line), f"nothing is said about: {wrong}"
    assert line + 1 not in findings.errors, f"{findings.errors[line + 1]} is said about: {right}"


def test_nothing_else_is_said(findings: Findings) -> None:
    lines = set(findings.errors)
    assert not {line for line in lines if line <= PREAMBLE.count("\n")}
