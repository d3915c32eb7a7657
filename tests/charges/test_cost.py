"""`billing.topup.cost` says what a top-up costs with the fee, exactly, and sends nothing."""

import httpx
import pytest
from aig_billing import AsyncClient, Client, Money, usd


def refuse(_: httpx.Request) -> httpx.Response:
    raise AssertionError("nothing may be sent")


@pytest.mark.parametrize(
    ("amount", "fee", "total"),
    [("100", "5", "105"), ("10", "0.50", "10.50"), ("10.10", "0.51", "10.61"), ("10.09", "0.50", "10.59")],
)
def test_a_cost_is_credit_fee_and_total(amount: str, fee: str, total: str) -> None:
    with Client(api_token="any", account_id="any", transport=httpx.MockTransport(refuse)) as client:
        cost = client.ai_gateway.billing.topup.cost(amount=usd(amount))
    assert (cost.credit, cost.fee, cost.total) == (Money(amount), Money(fee), Money(total))


def test_a_cost_says_itself() -> None:
    client = AsyncClient(api_token="any", account_id="any", transport=httpx.MockTransport(refuse))
    cost = client.ai_gateway.billing.topup.cost(amount=usd("100"))
    assert str(cost) == "$100.00 credit + 5 % fee = $105.00, tax may be added"


def test_an_amount_that_cannot_be_bought_has_no_cost() -> None:
    with Client(api_token="any", account_id="any", transport=httpx.MockTransport(refuse)) as client:
        for amount in (999, 100.0, True):
            with pytest.raises((ValueError, TypeError), match="amount"):
                client.ai_gateway.billing.topup.cost(amount=amount)  # type: ignore[arg-type]
