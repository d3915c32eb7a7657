"""Token, key, email and client secret appear in no repr, str, log line, error or pickle, nor in a traceback that shows local variables."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import quote

import aig_billing
import httpx
import pytest
from aig_billing import AsyncClient, ChargeOutcomeUnknown, Client, CloudflareError, CredentialsError
from aig_billing.models import TopupStatusResponse

from aig_billing_charges.record import TopupOutcome
from aig_billing_runtime import answers, compression
from aig_billing_runtime.credentials import Credentials, HiddenHeaders, Secret
from aig_billing_runtime.masking import mask_text
from aig_billing_runtime.schema import cut
from tests.runtime import by_hand
from tests.runtime.fault_server import Exchange, FaultServer
from tests.runtime.operations import ACCOUNT, BALANCE, BY_NAME, CHARGE, OPERATIONS, Tried, Way
from tests.runtime.ways import make, sync_async

TOKEN = "tok_Abcdef0123456789-SECRET-xyz"
EMAIL = "the.owner+billing@example.com"
KEY = "key0123456789abcdefSECRET/=+"
CLIENT_SECRET = "pi_3Abc_secret_Zyx987"
OTHER_CLIENT_SECRET = "another form of it"
SECRETS = (TOKEN, EMAIL, KEY, CLIENT_SECRET, OTHER_CLIENT_SECRET)
WITH_TOKEN: dict[str, Any] = {"api_token": TOKEN}
WITH_KEY: dict[str, Any] = {"api_email": EMAIL, "api_key": KEY}


def forms(secret: str) -> set[str]:
    """The forms in which somebody could recognise a secret."""
    escaped = json.dumps(secret)[1:-1]
    return {secret, secret.lower(), quote(secret, safe=""), quote(secret), escaped, escaped.replace("/", "\\/")}


def assert_hidden(text: str, where: str = "") -> None:
    for secret in SECRETS:
        for form in forms(secret):
            assert form.lower() not in text.lower(), f"{where}: {form!r} stands in {text[:3000]!r}"


def our_frames(error: BaseException) -> Iterator[str]:
    """What a traceback with local variables shows of our frames, and all that it says of the errors themselves."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        reported = traceback.TracebackException.from_exception(one, capture_locals=True)
        yield from reported.format_exception_only()
        for frame in reported.stack:
            if "aig_billing" in frame.filename:
                yield f"{frame.filename}:{frame.lineno} {frame.name} {frame.locals}"
        pending += [one.__cause__, one.__context__]


def everything_of(error: BaseException) -> str:
    """All that can be got out of an error without asking for a secret by name."""
    parts = [*our_frames(error), str(error), repr(error), repr(error.args), repr(vars(error))]
    if isinstance(error, CloudflareError):
        parts += [repr(pickle.dumps(error)), repr(vars(copy.deepcopy(error)))]
        parts += [repr(getattr(error, "body", b"")), str(dict(getattr(error, "headers", {})))]
        if isinstance(error, ChargeOutcomeUnknown) and error.cause is not None:
            parts.append(everything_of(error.cause))
    return "\n".join(parts)


def echo(status: int, *, length: int | None = None, shape: str = "json") -> Callable[[Exchange], None]:
    """Send back all secrets: those of the request, and those of a charge."""

    def behave(exchange: Exchange) -> None:
        reported = {
            name: exchange.request.headers.get(name, "") for name in ("authorization", "x-auth-email", "x-auth-key")
        }
        secrets = {
            **reported,
            "client_secret": OTHER_CLIENT_SECRET,
            "note": CLIENT_SECRET,
            "quoted": quote(" ".join(reported.values()), safe=""),
            "again": " ".join([*reported.values()] * 3),
        }
        body: Any = {"success": False, "result": secrets, "errors": [{"code": 1, "message": json.dumps(secrets)}]}
        if shape == "html":
            body = f"<html>{secrets}</html>"
        elif shape == "result":
            body = {
                "success": True,
                "errors": [],
                "messages": [],
                "result": {**secrets, json.dumps(secrets): 1},
                **secrets,
            }
        elif shape == "string":
            body = json.dumps(secrets)
        headers = [
            ("Location", f"https://example.com/{quote(json.dumps(secrets))}"),
            ("cf-ray", str(reported)),
            ("X-Echo", str(secrets)),
        ]
        exchange.answer(status, body, [*headers, ("Content-Type", str(reported))], length=length)
        if length:
            exchange.drop()

    return behave


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("without_backoff")
@pytest.mark.parametrize("credentials", [WITH_TOKEN, WITH_KEY], ids=["token", "key"])
@sync_async
def test_a_server_that_echoes_all_secrets_finds_no_one_to_repeat_them(
    way: Way, credentials: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="aig_billing")
    some = [BALANCE, CHARGE, BY_NAME["topup.config.delete"]]
    for ending, operations in (
        (echo(200), OPERATIONS),
        (echo(403), OPERATIONS),
        *((echo(status), some) for status in (201, 302, 400, 401, 402, 404, 409, 418, 429, 500, 503)),
        *((echo(status, length=100_000), some) for status in (200, 400, 500)),
        *((echo(status, shape=shape), some) for status in (200, 400) for shape in ("html", "result", "string")),
    ):
        with FaultServer(ending) as server:
            token: dict[str, Any] = {"api_token": None, **credentials, "max_retries": 1}
            for tried, came in zip(operations, make(way, server.url, operations, **token), strict=True):
                if isinstance(came, Exception):
                    assert_hidden(everything_of(came), str(tried))
                else:
                    assert came is not None, "an answer that the documents call unknown"
    assert caplog.records
    assert_hidden("\n".join(f"{record.getMessage()} {record.args} {vars(record)}" for record in caplog.records))


class Failing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Fails in every way that a transport can, quoting the request."""

    def __init__(self, kind: type[Exception]) -> None:
        self.kind = kind

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise self.kind(f"illegal header: {request.headers.multi_items()} {CLIENT_SECRET}")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


REQUEST_ERRORS = [
    kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, httpx.RequestError)
]


@pytest.mark.usefixtures("without_backoff")
@pytest.mark.parametrize("credentials", [WITH_TOKEN, WITH_KEY], ids=["token", "key"])
@sync_async
def test_errors_of_a_transport_that_quote_the_request_do_not(way: Way, credentials: dict[str, str]) -> None:
    for kind in REQUEST_ERRORS:
        given: dict[str, Any] = {"api_token": None, **credentials, "transport": Failing(kind)}
        for came in make(way, None, [BALANCE, CHARGE], **given):
            assert isinstance(came, CloudflareError)
            assert_hidden(everything_of(came), kind.__name__)


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Gives a part of a body with a secret in it, and fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __iter__(self) -> Iterator[bytes]:
        yield f'{{"client_secret": "{OTHER_CLIENT_SECRET}", "x": "{CLIENT_SECRET}'.encode()
        raise self.error

    async def __aiter__(self) -> AsyncIterator[Any]:
        for part in self:
            yield part


@pytest.mark.parametrize(
    "kind", [KeyboardInterrupt, MemoryError, RuntimeError, asyncio.CancelledError, httpx.ReadError, OSError]
)
@sync_async
def test_what_breaks_or_interrupts_a_body_shows_none_of_it(way: Way, kind: type[BaseException]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Body(kind("stop"))))
    given: dict[str, Any] = {**WITH_TOKEN, "account_id": ACCOUNT, "transport": transport, "max_retries": 0}
    for tried in (BALANCE, CHARGE):
        run = _runner(way, tried, given)
        with pytest.raises((kind, CloudflareError)) as caught:
            run()
        assert_hidden(everything_of(caught.value))


def _runner(way: Way, tried: Tried, given: dict[str, Any]) -> Callable[[], Any]:
    if way == "sync":
        return tried.on(Client(**given))
    return lambda: asyncio.run(_await(tried.on(AsyncClient(**given))))


async def _await(call: Callable[[], Any]) -> Any:
    return await call()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("name", ["read_json", "find_mismatch", "unpack"])
def test_what_interrupts_the_reading_of_an_answer_shows_none_of_it(
    name: str, kind: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: object, **named: object) -> None:
        raise kind("stop")

    monkeypatch.setattr(compression if name == "unpack" else answers, name, interrupted)
    body = json.dumps({"client_secret": OTHER_CLIENT_SECRET, "success": True, "x": CLIENT_SECRET}).encode()
    transport = httpx.MockTransport(
        lambda request: httpx.Response(200, stream=httpx.ByteStream(body), headers={"Content-Encoding": "identity"})
    )
    with Client(**WITH_TOKEN, account_id=ACCOUNT, transport=transport) as client:
        with pytest.raises(kind) as caught:
            CHARGE.on(client)()
        assert_hidden(everything_of(caught.value))


BAD_CREDENTIALS: list[dict[str, Any]] = [
    {"api_token": TOKEN, "api_key": KEY},
    {"api_token": TOKEN, "api_email": EMAIL},
    {"api_token": f"{TOKEN}\n"},
    {"api_token": f"Bearer {TOKEN}"},
    {"api_token": f"{TOKEN}é"},
    {"api_token": TOKEN.encode()},
    {"api_token": [TOKEN]},
    {"api_email": EMAIL},
    {"api_key": KEY},
    {"api_email": EMAIL, "api_key": f"{KEY}\r\nX: y"},
    {"api_email": f" {EMAIL}", "api_key": KEY},
]


@pytest.mark.parametrize("given", BAD_CREDENTIALS, ids="+".join)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_refused_credentials_are_not_shown(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(CredentialsError) as caught:
        kind(**given)
    assert_hidden(everything_of(caught.value))


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": "http://example.com"},
        {"account_id": "../x"},
        {"timeout": -1},
        {"deadline": "soon"},
        {"transport": 1},
        {"limits": 1},
        {"on_retry": 1},
        {"max_retries": -1},
        {"body_limit": 0},
    ],
    ids=repr,
)
@pytest.mark.parametrize("credentials", [WITH_TOKEN, WITH_KEY], ids=["token", "key"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_constructor_that_refuses_something_else_does_not_show_them(
    kind: Any, credentials: dict[str, str], given: dict[str, Any]
) -> None:
    with pytest.raises((ValueError, TypeError)) as caught:
        kind(**credentials, **given)
    assert_hidden(everything_of(caught.value))


@pytest.mark.parametrize("credentials", [WITH_TOKEN, WITH_KEY], ids=["token", "key"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_nothing_around_a_client_shows_them(kind: Any, credentials: dict[str, str]) -> None:
    client = kind(**credentials, account_id=ACCOUNT)
    billing = client.ai_gateway.billing
    request = client.caller.build(by_hand.call_of(CHARGE), 100.0)
    shown = [
        client,
        client.with_options(max_retries=1),
        client.ai_gateway,
        billing,
        billing.topup,
        billing.topup.config,
        billing.with_raw_response,
        client.caller,
        client.caller.options,
        client.caller.credentials,
        vars(client),
        vars(vars(client)["_transports"]),
        by_hand.call_of(CHARGE),
        request,
        Secret(TOKEN),
        HiddenHeaders({"X-Auth-Key": KEY, "Authorization": TOKEN}),
    ]
    for one in shown:
        assert_hidden(f"{one!r} {one!s}")
    assert "email and key from arguments" in repr(client) or "token from arguments" in repr(client)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_clients_and_credentials_refuse_to_be_pickled_and_copied(kind: Any) -> None:
    client = kind(**WITH_TOKEN)
    for one in (client, client.caller.credentials, Secret(TOKEN)):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(one)
        assert_hidden(everything_of(caught.value))
    with pytest.raises(TypeError, match="with_options"):
        copy.copy(client)


def test_a_result_hides_its_client_secret() -> None:
    answer = {**CHARGE.answer, "result": {**CHARGE.answer["result"], "client_secret": CLIENT_SECRET}}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    with Client(**WITH_TOKEN, account_id=ACCOUNT, transport=transport) as client:
        raw = CHARGE.on(client, raw=True)()
        assert raw.parsed.client_secret == CLIENT_SECRET
        assert_hidden(f"{raw!r} {raw!s} {raw.parsed!r} {raw.parsed!s}")
    ran = by_hand.run(by_hand.call_of(CHARGE), [by_hand.answer(200, answer)])
    assert ran.value.client_secret == CLIENT_SECRET


def test_an_outcome_shows_whether_it_has_a_client_secret() -> None:
    for secret, shown in ((None, "client_secret=None"), (CLIENT_SECRET, "client_secret='***'")):
        outcome = TopupOutcome(
            payment_intent_id="in_1", status="pending", client_secret=secret, key="k", amount=5000, account_id=ACCOUNT
        )
        assert shown in repr(outcome)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (b'"payment_intent_id" : "in_1A-b_c"', "in_1A-b_c"),
        (b'"payment_intent_id":"' + b"i" * 255 + b'"', "i" * 255),
        (b'"payment_intent_id":"' + b"i" * 256 + b'"', None),
        (b'"payment_intent_id":"in 1"', None),
        (b'"payment_intent_id":"in_cut', None),
        (b'"another_id":"in_1"', None),
    ],
)
def test_an_answer_that_is_cut_off_may_still_name_its_payment(written: bytes, found: str | None) -> None:
    body = b'{"result": {"client_secret": "wh0le", ' + written
    error: Any = by_hand.run(by_hand.call_of(CHARGE), [by_hand.answer(200, body)]).error
    assert isinstance(error, ChargeOutcomeUnknown)
    assert error.payment_id == found


def test_no_pickle_holds_a_client_secret_and_no_copy_loses_it() -> None:
    answer = {**CHARGE.answer, "result": {**CHARGE.answer["result"], "client_secret": CLIENT_SECRET}}
    with FaultServer(lambda exchange: exchange.answer(200, answer)) as server:
        raw = CHARGE.on(Client(**WITH_TOKEN, account_id=ACCOUNT, base_url=server.url), raw=True)()
    outcome = TopupOutcome(
        payment_intent_id="in_1",
        status="pending",
        client_secret=CLIENT_SECRET,
        key="k",
        amount=5000,
        account_id=ACCOUNT,
    )
    unknown = TopupStatusResponse.from_dict(
        {"payment_intent_id": "in_1", "status": "pending", "later": [{"client_secret": CLIENT_SECRET}]}
    )
    for secret_keeper in (raw, raw.parsed, outcome, unknown):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            pickled = pickle.dumps(secret_keeper, protocol)
            assert CLIENT_SECRET.encode() not in pickled
            loaded = pickle.loads(pickled)  # noqa: S301 - from here
            assert type(loaded) is type(secret_keeper)
            assert CLIENT_SECRET not in repr(loaded) + repr(secret_keeper)
    loaded = pickle.loads(pickle.dumps(raw))  # noqa: S301 - from here
    assert (loaded.parse().client_secret, loaded.json()["result"]["client_secret"], loaded.status_code) == (
        "***",
        "***",
        200,
    )
    assert pickle.loads(pickle.dumps(outcome)).amount == 5000  # noqa: S301 - from here
    for kept in (copy.copy(outcome), copy.deepcopy(outcome), copy.copy(raw.parsed), copy.deepcopy(raw.parsed)):
        assert kept.client_secret == CLIENT_SECRET
    assert unknown.to_dict()["later"] == [{"client_secret": CLIENT_SECRET}]


def test_credentials_go_only_where_they_belong() -> None:
    """To the API, in the headers that it documents."""
    for given, expected in (
        (WITH_TOKEN, {"authorization": f"Bearer {TOKEN}"}),
        (WITH_KEY, {"x-auth-email": EMAIL, "x-auth-key": KEY}),
    ):
        with FaultServer(lambda exchange: exchange.answer(200, BALANCE.answer)) as server:
            made: dict[str, Any] = {"api_token": None, **given}
            make("sync", server.url, [BALANCE], **made)
        (received,) = server.received
        for name, value in expected.items():
            assert received.headers[name] == value
        others = received.raw.decode()
        for value in expected.values():
            others = others.replace(value, "", 1)
        assert_hidden(others)


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        TOKEN.upper(),
        f"Bearer {TOKEN}",
        f'{{"t": "{TOKEN}"}}',
        quote(TOKEN),
        f"x{TOKEN}{TOKEN}y",
        TOKEN.replace("-", "\\u002d"),
        TOKEN.replace("_", "&#95;"),
        TOKEN.replace("-", "&#x2d;"),
    ],
)
def test_a_secret_is_masked_in_every_form(text: str) -> None:
    credentials = by_hand.client(api_token=TOKEN).caller.credentials
    masked = credentials.redact(text)
    assert "SECRET" not in masked.upper()
    assert "***" in masked


def test_a_secret_of_any_characters_is_masked_as_json_and_its_writers_escape_it() -> None:
    token = 'a/b"c\\d-SECRET-e'
    credentials = by_hand.client(api_token=token).caller.credentials
    for echoed in (token, json.dumps(token), json.dumps(token).replace("/", "\\/"), repr(token)):
        assert "SECRET" not in credentials.redact(f"<{echoed}>"), echoed


@pytest.mark.parametrize(("token", "is_masked"), [("ab-cd-12", True), ("ab-cd-1", False)])
def test_what_is_too_short_for_a_secret_is_not_looked_for(token: str, *, is_masked: bool) -> None:
    credentials = by_hand.client(api_token=token).caller.credentials
    assert credentials.redact(f"<{token}>") == ("<***>" if is_masked else f"<{token}>")
    pair = by_hand.client(api_token=None, api_email="a@b.c", api_key=KEY).caller.credentials
    assert pair.redact(f"{KEY} of a@b.c") == "*** of a@b.c"


@pytest.mark.parametrize("name", ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"])
def test_a_variable_whose_value_cannot_be_sent_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY"):
        monkeypatch.delenv(each, raising=False)
    if name != "CLOUDFLARE_API_TOKEN":
        monkeypatch.setenv("CLOUDFLARE_EMAIL", EMAIL)
        monkeypatch.setenv("CLOUDFLARE_API_KEY", KEY)
    monkeypatch.setenv(name, "with a-SECRET-space")
    with pytest.raises(CredentialsError, match=rf"^{name} has a space") as caught:
        Client()
    assert "SECRET" not in str(caught.value)


def test_the_environments_credentials_are_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_EMAIL", EMAIL)
    monkeypatch.setenv("CLOUDFLARE_API_KEY", KEY)
    assert "CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY" in repr(Client())
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    assert "token from CLOUDFLARE_API_TOKEN" in repr(Client())
    assert isinstance(Client().caller.credentials, Credentials)
    for client in (Client(), AsyncClient()):
        assert_hidden(repr(client))
    assert base64.b64encode(TOKEN.encode()).decode() not in repr(client)
    assert aig_billing.CredentialsError is CredentialsError


LONG = "".join(f"{number:04x}" for number in range(150))
DASHES = "-a" * 100


@pytest.mark.parametrize(
    ("credentials", "echoed"),
    [
        ({"api_token": LONG}, LONG),
        ({"api_email": "me@example.com", "api_key": LONG}, LONG),
        ({"api_token": DASHES}, DASHES.replace("-", "\\u002d")),
    ],
)
def test_a_secret_that_the_edge_of_a_long_body_cuts_is_not_kept(credentials: dict[str, Any], echoed: str) -> None:
    ours = Client(account_id=ACCOUNT, **credentials)
    call = by_hand.call_of(BALANCE)
    for shift in range(0, 700, 7):
        body = b"<" * shift + f"{echoed} ".encode() * 200
        ran = by_hand.run(call, [by_hand.answer(404, body)], ours)
        assert isinstance(ran.error, aig_billing.NotFoundError)
        assert echoed[:40].encode() not in ran.error.body


@pytest.mark.parametrize(
    "body",
    [
        b'{"client_secret": "wh0le"}',
        b'{"client_secret":"cut off',
        b'{"client_secret":"cut off\\',
        b'{"client_secret" : 98765432}',
        b'{"client_secret": {"inner": "wh0le"}}',
        b'{"client_secret": ["wh0le", 98765432]}',
        b"{'client_secret': 'wh0le'}",
        b'"{\\"client_secret\\":\\"wh0le\\"}"',
        b"client_secret=wh0le&x=y",
        b"%22client_secret%22%3A%22wh0le%22",
        b"&quot;client_secret&quot;: &quot;wh0le&quot;",
        b"client_secret%20=%20wh0le",
        b"client_secret+=+wh0le",
        b"client_secret%3awh0le",
        b"CLIENT_SECRET = wh0le",
        b'{"client_secret":\n{\n"inner":\n"wh0le"}}',
        b'{"client_secret": "a \\" quote, wh0le"}',
        b'{"client_secret": "a \n line, wh0le"}',
        b"<td>pi_3Abc9_secret_wh0le</td>",
        b"seti_1x_secret_wh0le and cs_live2_secret_wh0le",
        b"id=the_pi_3Abc9_secret_wh0le",
        b"pi_3Abc9_secret_a_wh0le_and_wh0le",
    ],
)
def test_a_client_secret_is_masked_in_any_body(body: bytes) -> None:
    for status in (200, 400):
        error: Any = by_hand.run(by_hand.call_of(CHARGE), [by_hand.answer(status, body)]).error
        assert isinstance(error, ChargeOutcomeUnknown)
        assert error.cause is not None
        for form in ("h0le", "cut off", "98765432"):
            assert form not in everything_of(error)


def test_a_client_secret_of_the_wrong_type_is_reported_by_its_kind() -> None:
    for value, reported in (
        (98765432, "a number"),
        (["wh0le"], "an array of 1"),
        ({"a": "wh0le"}, "an object with 1 fields"),
    ):
        result = {**CHARGE.answer["result"], "client_secret": value}
        error: Any = by_hand.run(
            by_hand.call_of(CHARGE), [by_hand.answer(200, {**CHARGE.answer, "result": result})]
        ).error
        assert error.cause.place == "$.result.client_secret"
        assert error.cause.found == reported


def test_a_text_is_put_on_one_line_and_cut_only_where_it_is_too_long() -> None:
    nobody = Credentials("token", "arguments", (("Authorization", "Bearer ", Secret(TOKEN)),))
    assert mask_text("one\ntwo\x1b", nobody) == "one two "
    assert (cut("three", 5), cut("three!", 5)) == ("three", "th...")
