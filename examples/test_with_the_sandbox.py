"""Pytest with the sandbox: testing your own code against the whole API, on your machine, without a card.

    pip install "aig-billing[sandbox]" pytest
    pytest examples/test_with_the_sandbox.py

The fixture `billing_sandbox` comes with the extra; nothing has to be configured.
"""
# ruff: noqa: S101 - tests assert

import argparse

import pytest
from aig_billing import Client, InternalServerError, usd

from aig_billing_sandbox import Sandbox


def days_left(client: Client, dollars_a_day: int) -> float:
    """The code under test: how many days the credit lasts."""
    balance = client.ai_gateway.billing.credit_balance()
    return float(balance.balance_money.amount / dollars_a_day)


@pytest.fixture
def client(billing_sandbox: Sandbox) -> Client:
    """A client of the sandbox, without a socket; `client(base_url=billing_sandbox.base_url)` would have one."""
    return billing_sandbox.client()


def test_credit_lasts_as_long_as_it_is_not_used(client: Client, billing_sandbox: Sandbox) -> None:
    before = days_left(client, dollars_a_day=5)
    billing_sandbox.use(1_000, model="openai/gpt-5-mini")  # a call that costs 1,000 cents
    assert days_left(client, dollars_a_day=5) == before - 2


def test_a_topup_counts_once_it_has_settled(client: Client, billing_sandbox: Sandbox) -> None:
    billing_sandbox.hold_clock()
    before = days_left(client, dollars_a_day=5)
    client.ai_gateway.billing.topup.create(amount=usd("50"))
    assert days_left(client, dollars_a_day=5) == before
    billing_sandbox.advance(minutes=1)
    assert days_left(client, dollars_a_day=5) == before + 10


def test_an_outage_is_ridden_out(client: Client, billing_sandbox: Sandbox) -> None:
    billing_sandbox.fault("credit_balance", status=503, times=2, headers={"retry-after": "0"})
    assert days_left(client, dollars_a_day=5) > 0
    billing_sandbox.fault("credit_balance", status=503, times=None, headers={"retry-after": "0"})
    with pytest.raises(InternalServerError):
        days_left(client, dollars_a_day=5)


if __name__ == "__main__":
    argparse.ArgumentParser(
        description="Tests to run with pytest: pytest examples/test_with_the_sandbox.py"
    ).parse_args()
