"""What people see of the hand-written methods: signatures, docstrings and errors of `billing.topup`'s own, alike for both clients."""

import inspect
import pydoc
import subprocess
import sys

import pytest
from aig_billing import AsyncClient, Client

METHODS = ("create_once", "reconcile", "settle", "ensure", "wait")


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_signatures_and_help_name_what_is_called_and_what_it_returns(kind: type, name: str) -> None:
    topup = kind(api_token="any").ai_gateway.billing.topup
    method = getattr(topup, name)
    signature = str(inspect.signature(method))
    assert "self" not in signature
    assert "Flow" not in signature
    shown = pydoc.plain(pydoc.render_doc(method))
    assert "Flow" not in shown
    assert "Args:" in shown
    assert inspect.iscoroutinefunction(method) == (kind is AsyncClient)


def test_wrong_arguments_are_reported_for_the_method_that_was_called() -> None:
    topup = Client(api_token="any").ai_gateway.billing.topup
    with pytest.raises(TypeError, match=r"create_once\(\) got an unexpected keyword argument 'keys'"):
        topup.create_once(keys="k", amount=1000)  # type: ignore[call-arg]  # the mistake of the test


def test_a_balance_loads_nothing_of_charges() -> None:
    code = (
        "import sys; from aig_billing import Client\n"
        "billing = Client(api_token='any').ai_gateway.billing\n"
        "import aig_billing.api.ai_gateway_billing.credit_balance\n"
        "print(sorted(name for name in sys.modules if name.startswith(('aig_billing_charges', 'sqlalchemy'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
