"""The wheel as users get it: in its own environment, bare and with each extra, talking to the sandbox over a socket."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from aig_billing_runtime.version import __version__
from aig_billing_sandbox import Sandbox
from tests.packaging.conftest import Environment, bare_variables, run

pytestmark = [pytest.mark.installs, pytest.mark.slow]

EXTRAS = ("", "sandbox", "journal", "speed", "cli", "monitor", "fleet", "all")
ADDED = {
    "": set[str](),
    "sandbox": {"starlette", "uvicorn", "pyyaml", "jsonschema", "jinja2"},
    "journal": {"sqlalchemy", "platformdirs"},
    "speed": {"orjson"},
    "cli": {"typer", "rich", "sqlalchemy", "platformdirs", "pyyaml"},
    "monitor": {"typer", "rich", "sqlalchemy", "platformdirs", "prometheus-client", "apprise", "pyyaml"},
}
ADDED["fleet"] = ADDED["monitor"] | {"procrastinate", "psycopg"}
ADDED["all"] = set[str]().union(*ADDED.values())
EVERY_ADDED = frozenset().union(*ADDED.values())

USE = """
    from aig_billing import AsyncClient, Client, NotFoundError, __version__, usd
    import asyncio, json, pathlib, sys, aig_billing

    with Client() as client:
        billing = client.ai_gateway.billing
        before = billing.credit_balance()
        payment = billing.topup.create(amount=usd("50")).payment_intent_id
        try:
            client.with_options(account_id="0" * 32).ai_gateway.billing.credit_balance()
        except NotFoundError as error:
            refused = error.status_code

    async def again():
        async with AsyncClient() as client:
            return (await client.ai_gateway.billing.topup.status(payment_intent_id=payment)).status

    print(json.dumps({
        "version": __version__,
        "home": str(pathlib.Path(aig_billing.__file__).parent),
        "balance": str(before.balance_money),
        "refused": refused,
        "status": asyncio.run(again()),
    }))
"""


def used(environment: Environment, sandbox: Sandbox, cwd: Path, program: str = USE) -> dict[str, str]:
    """Run a program in the environment with the sandbox as the service; it prints one line of JSON."""
    printed = environment.run(
        "-c",
        textwrap.dedent(program),
        cwd=cwd,
        CLOUDFLARE_BASE_URL=sandbox.base_url,
        CLOUDFLARE_API_TOKEN=sandbox.token,
        CLOUDFLARE_ACCOUNT_ID=sandbox.account_id,
    )
    answer: dict[str, str] = json.loads(printed)
    return answer


def failing(environment: Environment, cwd: Path, *arguments: str) -> str:
    """Run the environment's Python or a command of it; give the last line of what it said when it failed, as it must."""
    command = [str(environment.python), "-I", *arguments] if arguments[0] == "-c" else [*arguments]
    done = subprocess.run(
        command, cwd=cwd, env=bare_variables(cwd), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0, done.stdout
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_client_works_with_what_is_installed(
    environment_with: Callable[[str], Environment], billing_sandbox: Sandbox, tmp_path: Path, extra: str
) -> None:
    environment = environment_with(extra)
    installed = environment.installed()
    assert installed & EVERY_ADDED == ADDED[extra], f"[{extra}] brings other packages than it should"
    answer = used(environment, billing_sandbox, tmp_path)
    assert Path(answer["home"]).is_relative_to(environment.folder), "the client was not the installed one"
    assert answer["version"] == __version__
    assert answer["balance"].startswith("$")
    assert int(answer["refused"]) == 404
    assert answer["status"] in {"pending", "completed"}
    assert [charge.amount_cents for charge in billing_sandbox.charges()][-1:] == [5000]


def test_the_bare_install_brings_few_packages(environment_with: Callable[[str], Environment]) -> None:
    expected = {"aig-billing", "httpx", "httpcore", "h11", "anyio", "idna", "certifi", "attrs", "typing-extensions"}
    assert environment_with("").installed() <= expected


def test_types_reach_those_who_install_it(environment_with: Callable[[str], Environment], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from aig_billing import Client\nreveal_type(Client().ai_gateway.billing.credit_balance().balance_money.amount)\n"
    )
    mypy = (sys.executable, "-m", "mypy", "--strict", "--no-incremental")
    said = run(*mypy, "--python-executable", environment_with("").python, program, cwd=tmp_path)
    assert 'Revealed type is "decimal.Decimal"' in said


def test_with_the_sandbox_extra_the_sandbox_runs_in_python_and_as_a_process(
    environment_with: Callable[[str], Environment], billing_sandbox: Sandbox, tmp_path: Path
) -> None:
    environment = environment_with("sandbox")
    program = """
        from aig_billing import Client
        from aig_billing_sandbox import Sandbox
        import json

        with Sandbox() as sandbox:
            with Client(api_token=sandbox.token, account_id=sandbox.account_id, transport=sandbox.transport()) as client:
                without = str(client.ai_gateway.billing.credit_balance().balance_money)
            with Client(api_token=sandbox.token, account_id=sandbox.account_id, base_url=sandbox.base_url) as client:
                over = str(client.ai_gateway.billing.credit_balance().balance_money)
        print(json.dumps({"without a socket": without, "over a socket": over}))
    """
    answer = used(environment, billing_sandbox, tmp_path, program)
    assert answer["without a socket"] == answer["over a socket"]
    assert "--seed" in environment.run("-m", "aig_billing_sandbox", "--help", cwd=tmp_path)


def test_with_the_journal_extra_a_charge_is_kept_in_a_journal(
    environment_with: Callable[[str], Environment], billing_sandbox: Sandbox, tmp_path: Path
) -> None:
    program = """
        from aig_billing import Client, usd
        import json, pathlib

        with Client() as client:
            topup = client.ai_gateway.billing.topup
            journal = "sqlite:///" + str(pathlib.Path("journal.db").absolute())
            ids = [topup.create_once(key="november", amount=usd("20"), journal=journal).payment_intent_id for _ in range(2)]
        print(json.dumps({"first": ids[0], "second": ids[1]}))
    """
    answer = used(environment_with("journal"), billing_sandbox, tmp_path, program)
    assert answer["first"] == answer["second"]
    assert len(billing_sandbox.charges()) == 1


def test_with_the_speed_extra_orjson_reads_the_answers(
    environment_with: Callable[[str], Environment], billing_sandbox: Sandbox, tmp_path: Path
) -> None:
    program = """
        from aig_billing import Client
        import json, sys

        with Client() as client:
            client.ai_gateway.billing.credit_balance()
        print(json.dumps({"loaded": "orjson" if "orjson" in sys.modules else "json"}))
    """
    assert used(environment_with("speed"), billing_sandbox, tmp_path, program) == {"loaded": "orjson"}
    assert used(environment_with(""), billing_sandbox, tmp_path, program) == {"loaded": "json"}


def test_with_the_cli_extra_the_command_works(
    environment_with: Callable[[str], Environment], billing_sandbox: Sandbox, tmp_path: Path
) -> None:
    command = environment_with("cli").command("aig-billing")
    variables = bare_variables(tmp_path) | {
        "CLOUDFLARE_BASE_URL": billing_sandbox.base_url,
        "CLOUDFLARE_API_TOKEN": billing_sandbox.token,
        "CLOUDFLARE_ACCOUNT_ID": billing_sandbox.account_id,
    }
    assert __version__ in run(command, "--version", cwd=tmp_path, env=variables)
    assert "$" in run(command, "balance", cwd=tmp_path, env=variables)


def test_without_an_extra_one_line_says_what_to_install(
    environment_with: Callable[[str], Environment], tmp_path: Path
) -> None:
    bare = environment_with("")
    assert "aig-billing[cli]" in failing(bare, tmp_path, str(bare.command("aig-billing")), "balance")
    assert "aig-billing[sandbox]" in failing(bare, tmp_path, "-c", "from aig_billing_sandbox import Sandbox; Sandbox()")
    charge = """
        from aig_billing import Client
        Client(api_token="t", account_id="a" * 32, base_url="http://127.0.0.1:9").ai_gateway.billing.topup.create_once(key="k", amount=1000)
    """
    assert "aig-billing[journal]" in failing(bare, tmp_path, "-c", textwrap.dedent(charge))
