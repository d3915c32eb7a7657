"""Code = wire: what a client sends is a request that the resolved document knows, and what the document shows is what a client reads.

Requests are taken from an httpx transport of these tests, and byte by byte from a socket; they are read by the document alone. Answers
are the document's examples, everything that can be varied in an answer one thing at a time, and what schemathesis makes of the schemas
(in `test_generated_answers.py`). The sandbox is asked whether it takes what the document allows.
"""

import asyncio
import copy
import datetime as dt
import functools
import json
import random
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aig_billing import (
    APIResponseValidationError,
    APIStatusError,
    AsyncClient,
    ChargeOutcomeUnknown,
    Client,
    CloudflareError,
    RateLimit,
    Response,
    errors,
    models,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aig_billing_sandbox import Sandbox
from tests.contract.expected_code import api_module
from tests.contract.possible_arguments import ACCOUNT_ID, REFUSED_ACCOUNTS, allowed, as_sent, refused
from tests.contract.resolved import Operation, Schema, component_name, read_resolved, snake_case, types_of, without_null
from tests.contract.variations import by_chance, variations, whole, without_optional_nulls
from tests.contract.wire import ENVELOPE, HINT, ByteServer, Wire, header_lines, json_answer, read_request

# A deprecated operation is still called here, and warns.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RESOLVED = read_resolved()
OPERATIONS = RESOLVED.operations
ACCOUNT = "7f3c0a9e5b1d42d8a6e4c9b20f18d573"
TOKEN = "test-token"

by_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire) -> Iterator[Client]:
    with Client(api_token=TOKEN, account_id=ACCOUNT, transport=wire, max_retries=0) as made:
        yield made


def method_of(client: object, operation: Operation, *, raw: bool = False) -> Any:
    node: Any = client
    for depth, name in enumerate(operation.group):
        node = getattr(node, name)
        if raw and depth == 0:
            node = node.with_raw_response
    return getattr(node, operation.name)


# Each way to make a call, as a function of transport, operation and keyword arguments.


def _sync(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
    with Client(api_token=TOKEN, account_id=ACCOUNT, transport=wire) as client:
        return method_of(client, operation)(**arguments)


def _sync_raw(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
    with Client(api_token=TOKEN, transport=wire) as client:
        return method_of(client, operation, raw=True)(**arguments, **account_of(operation))


def _async(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
    async def go() -> Any:
        async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, transport=wire) as client:
            return await method_of(client, operation)(**arguments)

    return asyncio.run(go())


def _async_raw(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
    async def go() -> Any:
        async with AsyncClient(api_token=TOKEN, transport=wire) as client:
            return await method_of(client, operation, raw=True)(**arguments, **account_of(operation))

    return asyncio.run(go())


def _api(name: str) -> Callable[[Wire, Operation, dict[str, Any]], Any]:
    def sync(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
        with Client(api_token=TOKEN, transport=wire) as client:
            return getattr(api_module(operation), name)(*path_of(operation), client=client, **keywords_of(arguments))

    async def go(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
        async with AsyncClient(api_token=TOKEN, transport=wire) as client:
            return await getattr(api_module(operation), name)(
                *path_of(operation), client=client, **keywords_of(arguments)
            )

    def asynchronous(wire: Wire, operation: Operation, arguments: dict[str, Any]) -> Any:
        return asyncio.run(go(wire, operation, arguments))

    return asynchronous if name.startswith("asyncio") else sync


FORMS: dict[str, Callable[[Wire, Operation, dict[str, Any]], Any]] = {
    "sync": _sync,
    "sync raw": _sync_raw,
    "async": _async,
    "async raw": _async_raw,
    "api sync": _api("sync"),
    "api sync_detailed": _api("sync_detailed"),
    "api asyncio": _api("asyncio"),
    "api asyncio_detailed": _api("asyncio_detailed"),
}
WHOLE_ANSWER = {"sync raw", "async raw", "api sync_detailed", "api asyncio_detailed"}


def account_of(operation: Operation) -> dict[str, str]:
    return {"account_id": ACCOUNT} if operation.takes_an_account else {}


def path_of(operation: Operation) -> list[str]:
    """What stands in the path of each call here: the account, and what the document shows."""
    return list((operation.shown_path | account_of(operation)).values())


def others_in_the_path(operation: Operation) -> dict[str, str]:
    return {name: shown for name, shown in operation.shown_path.items() if name != "account_id"}


def keywords_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """What the functions of `api` take by keyword: all but what stands in the path, which methods take by keyword as well."""
    return {name: value for name, value in arguments.items() if name != "id"}


def shown_arguments(operation: Operation) -> list[dict[str, Any]]:
    """Each set of arguments that the document shows: one for each example of a body, with the examples of query and path."""
    bodies = list(operation.body_examples.values()) or [{}]
    if operation.takes_a_whole_body:
        model = getattr(models, str(component_name(operation.in_location("body")[0].schema)))
        bodies = [{"body": model.from_dict(body)} for body in bodies]
    shown = {**operation.shown_query, **others_in_the_path(operation)}
    return [{snake_case(name): value for name, value in {**shown, **body}.items()} for body in bodies]


def envelope_of(operation: Operation, result: Any) -> dict[str, Any]:
    return {**ENVELOPE, "result": result}


# Requests


@pytest.mark.parametrize("form", FORMS)
@by_operation
def test_every_form_of_a_call_sends_the_request_that_the_document_shows(
    wire: Wire, operation: Operation, form: str
) -> None:
    wire.answer = json_answer(envelope_of(operation, whole(RESOLVED, operation.result)), int(operation.success))
    for arguments in shown_arguments(operation):
        FORMS[form](wire, operation, arguments)
        sent = wire.last()
        read = read_request(RESOLVED, sent)
        assert read.operation is operation, f"{form} of {operation} sends {read.operation}; {HINT}"
        assert list(read.path.values()) == path_of(operation), (
            f"{form} of {operation}: {read.path} stands in the path; {HINT}"
        )
        held = {**read.query, **read.body_by_argument}
        given = {one.name: arguments[one.python_name] for one in operation.keywords if one.python_name in arguments}
        expected = {name: value.to_dict() if hasattr(value, "to_dict") else value for name, value in given.items()}
        assert len(expected) + len(others_in_the_path(operation)) == len(arguments), (
            f"{operation}: an example has a field that the schema does not know; {HINT}"
        )
        assert held == expected, f"{form} of {operation}: {held} was sent for {expected}; {HINT}"
        assert sent.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("form", FORMS)
@by_operation
def test_a_deprecated_call_warns_where_it_is_made_and_others_do_not(
    wire: Wire, operation: Operation, form: str
) -> None:
    wire.answer = json_answer(envelope_of(operation, whole(RESOLVED, operation.result)), int(operation.success))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        FORMS[form](wire, operation, shown_arguments(operation)[0])
    reported = {(one.category, str(one.message)) for one in warned}
    expected: set[tuple[type[Warning], str]] = set()
    if operation.item.get("deprecated"):
        expected.add((DeprecationWarning, api_module(operation).OPERATION.deprecated))
    if "x-warning" in operation.item:
        expected.add((UserWarning, operation.item["x-warning"]))
    assert reported == expected, f"{form} of {operation} warns {reported}; {HINT}"
    assert {Path(one.filename).name for one in warned} <= {Path(__file__).name}, (
        f"{form} of {operation} blames {warned}; {HINT}"
    )


@by_operation
def test_a_shown_body_is_sent_as_it_is_shown(wire: Wire, client: Client, operation: Operation) -> None:
    wire.answer = json_answer(envelope_of(operation, whole(RESOLVED, operation.result)), int(operation.success))
    for arguments, body in zip(shown_arguments(operation), operation.body_examples.values(), strict=False):
        method_of(client, operation)(**arguments)
        assert wire.last().content == json.dumps(body, separators=(",", ":")).encode()


USAGE_QUERY = b"value_grouping_window=hour&end_time=1795132800000.5&start_time=1794960000000"
GATEWAY = models.GatewayUpdateBody(
    cache_invalidate_on_update=False,
    cache_ttl=None,
    collect_logs=True,
    rate_limiting_interval=60,
    rate_limiting_limit=None,
    additional_properties={"authentication": True},
)
SENT: dict[str, tuple[dict[str, Any], bytes, bytes]] = {
    "ai_gateway.list": (
        {"page": 2, "search": "a b"},
        b"GET /client/v4/accounts/acct/ai-gateway/gateways?page=2&search=a+b",
        b"",
    ),
    "ai_gateway.get": ({"id": "prod"}, b"GET /client/v4/accounts/acct/ai-gateway/gateways/prod", b""),
    "ai_gateway.update": (
        {"id": "prod", "body": GATEWAY},
        b"PUT /client/v4/accounts/acct/ai-gateway/gateways/prod",
        (
            b'{"authentication":true,"cache_invalidate_on_update":false,"cache_ttl":null,"collect_logs":true,'
            b'"rate_limiting_interval":60,"rate_limiting_limit":null}'
        ),
    ),
    "user.tokens.verify": ({}, b"GET /client/v4/user/tokens/verify", b""),
    "accounts.tokens.verify": ({}, b"GET /client/v4/accounts/acct/tokens/verify", b""),
    "ai_gateway.billing.credit_balance": ({}, b"GET /client/v4/accounts/acct/ai-gateway/billing/credit-balance", b""),
    "ai_gateway.billing.usage_history": (
        {"value_grouping_window": "hour", "start_time": 1794960000000, "end_time": 1795132800000.5},
        b"GET /client/v4/accounts/acct/ai-gateway/billing/usage-history?" + USAGE_QUERY,
        b"",
    ),
    "ai_gateway.billing.invoice_history": (
        {"type": "manual"},
        b"GET /client/v4/accounts/acct/ai-gateway/billing/invoice-history?type=manual",
        b"",
    ),
    "ai_gateway.billing.invoice_preview": ({}, b"GET /client/v4/accounts/acct/ai-gateway/billing/invoice-preview", b""),
    "ai_gateway.billing.topup.create": (
        {"amount": 5000},
        b"POST /client/v4/accounts/acct/ai-gateway/billing/topup",
        b'{"amount":5000}',
    ),
    "ai_gateway.billing.topup.status": (
        {"payment_intent_id": 'in_1é"'},
        b"POST /client/v4/accounts/acct/ai-gateway/billing/topup/status",
        '{"payment_intent_id":"in_1é\\""}'.encode(),
    ),
    "ai_gateway.billing.topup.limits": ({}, b"GET /client/v4/accounts/acct/ai-gateway/billing/topup/limits", b""),
    "ai_gateway.billing.topup.config.get": ({}, b"GET /client/v4/accounts/acct/ai-gateway/billing/topup/config", b""),
    "ai_gateway.billing.topup.config.create": (
        {"threshold": 500, "amount": 5000},
        b"POST /client/v4/accounts/acct/ai-gateway/billing/topup/config",
        b'{"amount":5000,"threshold":500}',
    ),
    "ai_gateway.billing.topup.config.delete": (
        {},
        b"DELETE /client/v4/accounts/acct/ai-gateway/billing/topup/config",
        b"",
    ),
    "ai_gateway.billing.spending_limit.get": (
        {},
        b"GET /client/v4/accounts/acct/ai-gateway/billing/spending-limit",
        b"",
    ),
    "ai_gateway.billing.spending_limit.create": (
        {"strategy": "sliding", "duration": "weekly", "amount": 100},
        b"POST /client/v4/accounts/acct/ai-gateway/billing/spending-limit",
        b'{"amount":100,"duration":"weekly","strategy":"sliding"}',
    ),
    "ai_gateway.billing.spending_limit.delete": (
        {},
        b"DELETE /client/v4/accounts/acct/ai-gateway/billing/spending-limit",
        b"",
    ),
}


@by_operation
def test_the_bytes_that_leave_are_these(operation: Operation) -> None:
    """Over a socket: request line, every header, and body, byte for byte."""
    assert operation.call in SENT, f"{operation}: write down in SENT what this operation should send"
    arguments, line, body = SENT[operation.call]
    content = json.dumps(envelope_of(operation, whole(RESOLVED, operation.result))).encode()
    head = f"HTTP/1.1 {operation.success} OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    with ByteServer(f"{head}Connection: close\r\n\r\n".encode() + content) as server:
        base = f"http://{server.authority}/client/v4"
        with Client(api_token=TOKEN, account_id="acct", base_url=base) as client:
            method_of(client, operation)(**arguments)
    (received,) = server.received
    head_sent, _, body_sent = received.partition(b"\r\n\r\n")
    assert head_sent.split(b"\r\n")[0] == line + b" HTTP/1.1", (
        f"{operation}: another request line; {HINT}, or correct SENT"
    )
    assert body_sent == body, f"{operation}: another body; {HINT}, or correct SENT"
    lines = sorted(header for header in header_lines(head_sent) if not header.startswith("User-Agent: "))
    assert lines == sorted(
        [
            f"Host: {server.authority}",
            "Accept: application/json",
            "Accept-Encoding: gzip, deflate",
            f"Authorization: Bearer {TOKEN}",
            *([f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []),
        ]
    )


def test_every_way_to_authenticate_that_the_document_gives_is_one_that_a_client_sends(wire: Wire) -> None:
    with Client(api_token="by-token", account_id=ACCOUNT, transport=wire) as client:
        client.ai_gateway.billing.topup.config.delete()
        by_token = wire.last()
    with Client(api_email="o@example.com", api_key="by-key", account_id=ACCOUNT, transport=wire) as client:
        client.ai_gateway.billing.topup.config.delete()
        by_key = wire.last()
    for sent in (by_token, by_key):
        read_request(RESOLVED, sent)
    assert by_token.headers["authorization"] == "Bearer by-token"
    assert (by_key.headers["x-auth-email"], by_key.headers["x-auth-key"]) == ("o@example.com", "by-key")
    assert len(RESOLVED.content["security"]) == 2, (
        "the document has other ways to authenticate: teach this test about them"
    )


@by_operation
@settings(max_examples=20, deadline=None, database=None, derandomize=True)
@given(drawn=st.data())
def test_all_that_the_document_allows_is_sent_as_it_was_given(operation: Operation, drawn: st.DataObject) -> None:
    arguments, account = drawn.draw(allowed(operation)), drawn.draw(ACCOUNT_ID)
    wire = Wire()
    wire.answer = json_answer(envelope_of(operation, whole(RESOLVED, operation.result)), int(operation.success))
    with Client(api_token=TOKEN, transport=wire) as client:
        in_path = {"account_id": account} if operation.takes_an_account else {}
        method_of(client, operation)(**arguments, **in_path, **others_in_the_path(operation))
    read = read_request(RESOLVED, wire.last())
    assert read.operation is operation
    assert read.path == in_path | others_in_the_path(operation)
    defaults = {one.name: one.schema["default"] for one in operation.in_location("query") if "default" in one.schema}
    given = {one.name: arguments[one.python_name] for one in operation.keywords if one.python_name in arguments}
    given_by_name = defaults | given
    expected = {
        one.name: as_sent(one, given_by_name[one.name])
        for one in operation.keywords
        if given_by_name.get(one.name) is not None
    }
    held = {**read.query, **read.body_by_argument}
    assert held == expected, f"{operation}: {held} was sent for {expected}; {HINT}"


# Refusals before anything is sent


def _by_keyword(function: Callable[..., Any], client: Client, operation: Operation, **arguments: Any) -> Any:
    return function(*path_of(operation), client=client, **keywords_of(arguments))


@by_operation
def test_what_the_document_refuses_never_leaves(wire: Wire, client: Client, operation: Operation) -> None:
    good = shown_arguments(operation)[0]
    for argument in operation.keywords:
        for value in refused(operation, argument):
            arguments = {**good, argument.python_name: value}
            what = f"{operation}: {argument.name}={value!r}"
            for call in (
                method_of(client, operation),
                method_of(client, operation, raw=True),
                functools.partial(_by_keyword, api_module(operation).sync, client, operation),
            ):
                said = refusal_before_sending(call, arguments, what)
                assert argument.python_name in said, f"{what} is refused without its name: {said}; {HINT}"
            assert wire.requests == [], f"{operation}: {argument.name}={value!r} was sent; {HINT}"


def refusal_before_sending(call: Callable[..., object], arguments: dict[str, Any], what: str) -> str:
    """What a refusal says that needs no server."""
    try:
        call(**arguments)
    except (ValueError, TypeError) as error:
        return str(error)
    except CloudflareError:
        pass  # about the answer: it was sent
    raise AssertionError(f"{what}: the document refuses this, and the client sent it; {HINT}")


@by_operation
def test_what_is_missing_or_unheard_of_never_leaves(wire: Wire, client: Client, operation: Operation) -> None:
    good = shown_arguments(operation)[0]
    wrong = [{**good, "unheard_of": 1}]
    wrong += [
        {name: value for name, value in good.items() if name != one.python_name}
        for one in operation.keywords
        if one.required
    ]
    for arguments in wrong:
        refusal_before_sending(method_of(client, operation), arguments, f"{operation}: {arguments}")
        api = functools.partial(api_module(operation).sync, ACCOUNT, client=client)
        refusal_before_sending(api, arguments, f"{operation}: {arguments}")
    assert wire.requests == []


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.takes_an_account], ids=str)
def test_an_account_that_could_lead_elsewhere_never_leaves(wire: Wire, client: Client, operation: Operation) -> None:
    good = shown_arguments(operation)[0]
    for account in REFUSED_ACCOUNTS:
        what = f"{operation}: account_id={account!r}"
        method = functools.partial(method_of(client, operation), account_id=account)
        assert "account_id" in refusal_before_sending(method, good, what)
        api = functools.partial(api_module(operation).sync, account, client=client)
        assert "account_id" in refusal_before_sending(api, good, what)
    assert wire.requests == []


def test_an_asynchronous_call_is_refused_before_anything_is_sent_too(wire: Wire) -> None:
    async def go() -> None:
        async with AsyncClient(api_token=TOKEN, account_id=ACCOUNT, transport=wire) as client:
            for operation in OPERATIONS:
                good = shown_arguments(operation)[0]
                for argument in operation.keywords:
                    with pytest.raises((ValueError, TypeError), match=argument.python_name):
                        await method_of(client, operation)(**{**good, argument.python_name: object()})

    asyncio.run(go())
    assert wire.requests == []


# Answers


def seen(schema: Schema, value: Any) -> Any:
    """What is read off a result's attributes, under the document's names: not what `to_dict` makes of it."""
    schema = RESOLVED.follow(without_null(RESOLVED.follow(schema)))
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        return {name: seen(schema["additionalProperties"], item) for name, item in value.items()}
    if isinstance(value, list) and "items" in schema:
        return [seen(schema["items"], item) for item in value]
    if value is None or "properties" not in schema:
        assert types_of(schema) != ("integer",) or value is None or type(value) is int, (
            f"{value!r} should be an int; {HINT}"
        )
        return value
    read: dict[str, Any] = {}
    for name, inner in schema["properties"].items():
        attribute = getattr(value, snake_case(name))
        if attribute is not None or name in schema.get("required", ()):
            read[name] = seen(inner, attribute)
    return {**getattr(value, "additional_properties", {}), **read}


def as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def same_result(operation: Operation, result: Any, sent: Any) -> None:
    expected = without_optional_nulls(RESOLVED, operation.result, sent)
    assert seen(operation.result, result) == expected, (
        f"{operation}: the attributes do not say what the answer said; {HINT}"
    )
    assert as_json(result) == expected, f"{operation}: to_dict() does not give back what the answer said; {HINT}"
    name = component_name(operation.result)
    if name in RESOLVED.records:
        assert isinstance(result, getattr(models, str(name)))


def test_every_operation_shows_an_answer() -> None:
    for operation in OPERATIONS:
        assert operation.examples(operation.success), f"{operation.place}.responses: show an example of an answer"


@pytest.mark.parametrize("form", FORMS)
@by_operation
def test_every_shown_answer_is_read_and_given_back_as_it_is_shown(wire: Wire, operation: Operation, form: str) -> None:
    arguments = shown_arguments(operation)[0]
    for example in operation.examples(operation.success).values():
        wire.answer = json_answer(example, int(operation.success))
        result = FORMS[form](wire, operation, arguments)
        assert isinstance(result, Response) == (form in WHOLE_ANSWER), f"{form} of {operation} gives {type(result)}"
        if isinstance(result, Response):
            assert result.status_code == int(operation.success)
            assert result.json() == example
            result = result.parse()
        same_result(operation, result, example["result"])


@pytest.mark.slow
@by_operation
def test_every_departure_from_an_answer_is_read_or_refused_as_the_document_says(
    wire: Wire, client: Client, operation: Operation
) -> None:
    """One thing at a time, at every place of the result; a refusal names the place."""
    arguments = shown_arguments(operation)[0]
    tried = 0
    for variation in variations(RESOLVED, operation.result):
        wire.answer = json_answer(envelope_of(operation, variation.value), int(operation.success))
        if variation.allowed:
            same_result(operation, method_of(client, operation)(**arguments), variation.value)
        else:
            error = refusal_of(client, operation, arguments, str(variation))
            expected = variation.refused_at("$.result")
            assert error.place == expected, (
                f"{operation}: {variation}, and the error names another place: {error}; {HINT}"
            )
        tried += 1
    assert tried >= 8


@by_operation
def test_any_mixture_of_what_the_document_allows_in_an_answer_is_read(
    wire: Wire, client: Client, operation: Operation
) -> None:
    arguments = shown_arguments(operation)[0]
    chance = random.Random(operation.call)
    for _ in range(100):
        result = by_chance(RESOLVED, operation.result, chance)
        wire.answer = json_answer(envelope_of(operation, result), int(operation.success))
        same_result(operation, method_of(client, operation)(**arguments), result)


def refusal_of(
    client: Client, operation: Operation, arguments: dict[str, Any], what: str
) -> APIResponseValidationError:
    """The error for an answer that is not what the document says; after a charge it is the cause."""
    error: object = None
    try:
        method_of(client, operation)(**arguments)
    except (APIResponseValidationError, ChargeOutcomeUnknown) as raised:
        error = raised
    assert error is not None, f"{operation}: {what}, which the document refuses, and the answer was taken; {HINT}"
    if isinstance(error, ChargeOutcomeUnknown):
        assert operation.item["x-retry"] == "charge"
        error = error.cause
    assert isinstance(error, APIResponseValidationError)
    return error


def test_every_departure_from_the_envelope_is_read_or_refused_as_the_document_says(wire: Wire, client: Client) -> None:
    envelope = {"$ref": "#/components/schemas/Envelope"}
    for variation in variations(RESOLVED, envelope):
        if isinstance(variation.value, dict) and variation.value.get("success") is False:
            continue  # a refusal, which has its own tests
        if variation.place == ("result",) and variation.what != "is absent":
            continue  # what stands there is the operation's own business
        wire.answer = json_answer(
            {**variation.value, "result": {}} if _has_result(variation.value) else variation.value
        )
        if variation.allowed:
            assert client.ai_gateway.billing.topup.config.delete() == {}
        else:
            error = refusal_of(client, _operation("ai_gateway.billing.topup.config.delete"), {}, str(variation))
            assert error.place == variation.refused_at("$"), f"{variation}: {error}"


def _has_result(value: Any) -> bool:
    return isinstance(value, dict) and "result" in value


def _operation(call: str) -> Operation:
    (found,) = (operation for operation in OPERATIONS if operation.call == call)
    return found


@pytest.mark.parametrize("record", RESOLVED.records)
def test_every_model_reads_and_gives_back_or_refuses_its_json_form(record: str) -> None:
    """All schemas that calls return."""
    model = getattr(models, record)
    schema = RESOLVED.schemas[record]
    for variation in variations(RESOLVED, schema):
        if not isinstance(variation.value, dict):
            continue  # from_dict takes objects
        before = copy.deepcopy(variation.value)
        if variation.allowed:
            made = model.from_dict(variation.value)
            expected = without_optional_nulls(RESOLVED, schema, variation.value)
            assert seen(schema, made) == expected, f"{record}: {variation}"
            assert made.to_dict() == expected, f"{record}: {variation}"
            assert model.from_dict(made.to_dict()) == made
        else:
            with pytest.raises(ValueError, match=f"not a {record}: {re.escape(variation.refused_at('$'))}"):
                model.from_dict(variation.value)
        assert variation.value == before, f"{record}.from_dict changes what it is given"


# Refusals by the API, and headers


def refusals(operation: Operation) -> Iterator[tuple[str, Any]]:
    """Status and shown body of each answer that is not a result."""
    for status in operation.item["responses"]:
        if not status.startswith("2"):
            for example in operation.examples(status).values():
                yield status, example


CLASSES: dict[str, type[APIStatusError]] = {
    "400": errors.BadRequestError,
    "401": errors.AuthenticationError,
    "402": errors.APIStatusError,
    "403": errors.PermissionDeniedError,
    "404": errors.NotFoundError,
    "429": errors.RateLimitError,
    "5XX": errors.InternalServerError,
}


@by_operation
def test_every_shown_refusal_becomes_its_error(wire: Wire, client: Client, operation: Operation) -> None:
    arguments = shown_arguments(operation)[0]
    shown = list(refusals(operation))
    statuses = {status for status, _ in shown}
    assert set(CLASSES) - {"402"} <= statuses <= set(CLASSES), f"{operation}: another set of errors: see CLASSES"
    for status, example in shown:
        wire.answer = json_answer(example, int(status.replace("XX", "02")), shown_headers(operation, status))
        with pytest.raises((APIStatusError, ChargeOutcomeUnknown)) as caught:
            method_of(client, operation)(**arguments)
        error: Any = caught.value
        if operation.item["x-retry"] == "charge" and status == "5XX":
            assert isinstance(error, ChargeOutcomeUnknown)
            assert error.amount == arguments["amount"], f"{operation}: a charge is not reported with its amount; {HINT}"
            error = error.cause
        assert type(error) is CLASSES[status], f"{operation}: {status} became {error!r}"
        assert [(one.code, one.message) for one in error.errors] == [
            (one["code"], one["message"]) for one in example["errors"]
        ]
        hinted = any(hint.get("status") == 403 for hint in operation.item.get("x-error-hints", ()))
        if error.credentials_rejected:
            assert "was not accepted" in str(error), f"{operation}: {error}"
        elif status == "403" and not operation.item.get("deprecated") and not hinted:
            for permission in operation.item.get("x-api-token-group", ()):
                assert permission in str(error), f"{operation}: a 403 does not tell that {permission} would do"
        if status == "429":
            assert error.retry_after == float(shown_headers(operation, status)["Retry-After"])
        assert error.ratelimit == RateLimit("default", 50, 30)
        assert error.request_id == shown_headers(operation, status)["cf-ray"]


def shown_headers(operation: Operation, status: str) -> dict[str, str]:
    """The examples of the headers that the document gives an answer."""
    headers = operation.response(status)["headers"]
    return {name: str(RESOLVED.follow(header)["example"]) for name, header in headers.items()}


@by_operation
def test_the_headers_that_the_document_shows_can_be_read(wire: Wire, client: Client, operation: Operation) -> None:
    headers = shown_headers(operation, operation.success)
    assert set(headers) == {"Ratelimit", "Ratelimit-Policy", "cf-ray"}
    content = envelope_of(operation, whole(RESOLVED, operation.result))
    wire.answer = json_answer(content, int(operation.success), headers)
    answered = method_of(client, operation, raw=True)(**shown_arguments(operation)[0])
    assert answered.request_id == headers["cf-ray"]
    assert answered.ratelimit == RateLimit("default", 50, 30)
    assert answered.headers["ratelimit-policy"] == headers["Ratelimit-Policy"]


def test_a_class_of_retries_is_what_the_document_says(wire: Wire) -> None:
    """Sent again after 503 or not, and nothing of it decided by the method."""
    pauses = {"safe": 3, "idempotent": 3, "once": 1, "charge": 1}
    with Client(api_token=TOKEN, account_id=ACCOUNT, transport=wire, max_retries=2) as client:
        for operation in OPERATIONS:
            wire.answer = json_answer(next(iter(operation.examples("5XX").values())), 503, {"Retry-After": "0"})
            with pytest.raises((APIStatusError, ChargeOutcomeUnknown)) as caught:
                method_of(client, operation)(**shown_arguments(operation)[0])
            retry = operation.item["x-retry"]
            assert len(wire.requests) == pauses[retry], (
                f"{operation} is {retry}, and was sent {len(wire.requests)} times"
            )
            assert isinstance(caught.value, ChargeOutcomeUnknown) == (retry == "charge")
            wire.requests.clear()
            wire.answer = json_answer(next(iter(operation.examples("429").values())), 429, {"Retry-After": "0"})
            with pytest.raises(errors.RateLimitError):
                method_of(client, operation)(**shown_arguments(operation)[0])
            times = 1 if retry == "charge" else 3
            assert len(wire.requests) == times, (
                f"{operation} is {retry}, and was sent {len(wire.requests)} times after 429"
            )
            wire.requests.clear()


# The sandbox

BUSINESS = re.compile(
    "is more than the maximum|is after end_time|is no moment|the account has no such|NO_MANUAL_TOPUP|NO_PAYMENT_METHOD|"
    "Invalid API Token|per_page at most 100"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(mode="documented") as made:
        yield made


@pytest.mark.slow
@by_operation
@settings(max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.data())
def test_the_sandbox_takes_all_that_the_document_allows(
    sandbox: Sandbox, operation: Operation, drawn: st.DataObject
) -> None:
    """Refusals for business reasons aside, which differ from others in what they say."""
    arguments = drawn.draw(allowed(operation))
    with Client(
        api_token=sandbox.token, account_id=sandbox.account_id, transport=sandbox.transport(), max_retries=0
    ) as client:
        refusal = None
        try:
            method_of(client, operation)(**arguments, **others_in_the_path(operation))
        except APIStatusError as error:
            refusal = error
    if refusal is not None:
        assert refusal.status_code in {400, 401, 402, 403, 404}, f"{operation} with {arguments}: {refusal}"
        assert all(BUSINESS.search(one.message) for one in refusal.errors), f"{operation} with {arguments}: {refusal}"


@by_operation
def test_the_sandbox_does_what_the_document_shows(sandbox: Sandbox, operation: Operation) -> None:
    with Client(api_token=sandbox.token, account_id=sandbox.account_id, transport=sandbox.transport()) as client:
        for arguments in shown_arguments(operation):
            if operation.call == "ai_gateway.billing.topup.status":
                made = client.ai_gateway.billing.topup.create(amount=5000)
                arguments["payment_intent_id"] = made.payment_intent_id
            if operation.call == "accounts.tokens.verify":
                continue  # the sandbox's token is a user's, and not an account's
            arguments.pop("payment_method_id", None)  # of an account that is not the sandbox's
            answered = method_of(client, operation, raw=True)(**arguments)
            assert answered.status_code == int(operation.success)
