"""The environment: proxies, certificates, addresses and accounts, on real sockets where something is sent."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from aig_billing import APIConnectionError, APITimeoutError, AsyncClient, ChargeOutcomeUnknown, Client, CredentialsError

from aig_billing_runtime.urls import check_base_url, is_loopback, proxy_for
from tests.runtime.fault_server import Exchange, FaultServer
from tests.runtime.forward_proxy import ForwardProxy
from tests.runtime.operations import ACCOUNT, BALANCE, CHARGE, TOKEN, Way
from tests.runtime.ways import make_one, sync_async

trustme = pytest.importorskip("trustme")
pytestmark = pytest.mark.usefixtures("without_backoff")


def answer(exchange: Exchange) -> None:
    exchange.answer(200, BALANCE.answer if exchange.request.method == "GET" else CHARGE.answer)


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


@pytest.fixture
def tls(authority: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def encrypted(tls: ssl.SSLContext) -> Iterator[FaultServer]:
    with FaultServer(answer, tls=tls) as server:
        yield server


@pytest.fixture
def certificate(authority: Any, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@sync_async
def test_a_local_authority_is_trusted_by_ssl_cert_file(
    way: Way, encrypted: FaultServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert not isinstance(make_one(way, encrypted.url, BALANCE), Exception)
    assert not isinstance(make_one(way, encrypted.url, CHARGE), Exception)
    assert [one.method for one in encrypted.received] == ["GET", "POST"]


@sync_async
def test_an_unknown_authority_is_an_error_that_says_how_to_name_it(way: Way, encrypted: FaultServer) -> None:
    error = make_one(way, encrypted.url, BALANCE)
    assert isinstance(error, APIConnectionError)
    assert "Where the network has its own certificate authority, name its file in SSL_CERT_FILE." in str(error)
    assert encrypted.received == []


@sync_async
def test_a_local_authority_is_trusted_by_ssl_cert_dir(
    way: Way, encrypted: FaultServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.run(
        ["/usr/bin/env", "openssl", "x509", "-hash", "-noout", "-in", str(certificate)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("openssl, which names the files of such a folder, is not installed")
    certificate.rename(certificate.with_name(f"{done.stdout.strip()}.0"))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificate.parent))
    assert not isinstance(make_one(way, encrypted.url, BALANCE), Exception)


@sync_async
def test_an_unknown_authority_is_refused_before_anything_is_sent(way: Way, encrypted: FaultServer) -> None:
    for tried in (BALANCE, CHARGE):
        came = make_one(way, encrypted.url, tried)
        assert type(came) is APIConnectionError, came
        assert came.never_left
        assert "name its file in SSL_CERT_FILE" in str(came)
        assert "nothing was sent" in str(came)
    assert encrypted.received == []


@pytest.mark.parametrize("content", [None, "rubbish"])
@sync_async
def test_certificates_that_cannot_be_read_are_named_and_nothing_is_sent(
    way: Way, content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "none.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    came = make_one(way, "https://127.0.0.1:1", CHARGE)
    assert isinstance(came, ValueError)
    assert "none.pem" in str(came)
    assert not hasattr(came, "__notes__"), "a charge that was not sent needs no warning"


@sync_async
def test_garbage_in_the_midst_of_encryption_is_a_broken_connection(
    way: Way, authority: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The asynchronous transport lets such an `ssl.SSLError` through as it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    for start in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc"):

        def scribble(exchange: Exchange, start: bytes = start) -> None:
            exchange.send(start)
            raw = exchange.socket.fileno()
            os.write(raw, b"\x17\x03\x03\x00\x40" + b"\0" * 64)
            exchange.hang(0.5)

        with FaultServer(scribble, tls=context) as server:
            came = make_one(way, server.url, BALANCE, max_retries=0)
            assert isinstance(came, APIConnectionError), repr(came)
            assert not came.never_left
            assert isinstance(make_one(way, server.url, CHARGE), ChargeOutcomeUnknown)


@sync_async
def test_a_plain_call_goes_through_a_forward_proxy(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answer) as server, ForwardProxy() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)
        assert proxy.heads[0].startswith(f"GET {server.url}{BALANCE.path} HTTP/1.1".encode())
        assert len(server.received) == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)
        assert len(proxy.heads) == 1
        assert len(server.received) == 2


@sync_async
def test_an_encrypted_call_goes_through_a_tunnel_in_which_the_proxy_reads_nothing(
    way: Way, encrypted: FaultServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with ForwardProxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://user:pass@"))
        assert not isinstance(make_one(way, encrypted.url, BALANCE), Exception)
        assert not isinstance(make_one(way, encrypted.url, CHARGE), Exception)
        assert len(proxy.heads) == 2, "the charge had its own connection"
        for head in proxy.heads:
            assert head.startswith(f"CONNECT 127.0.0.1:{encrypted.port} HTTP/1.1".encode())
            assert b"Proxy-Authorization: Basic dXNlcjpwYXNz" in head
            assert TOKEN.encode() not in head
    assert len(encrypted.received) == 2
    assert "proxy-authorization" not in encrypted.received[0].headers


@sync_async
def test_an_encrypted_call_goes_through_an_encrypted_proxy_and_ends_in_time(
    way: Way, tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def hang_at_the_third(exchange: Exchange) -> None:
        if len(server.received) == 3:
            exchange.hang(1)
        answer(exchange)

    with FaultServer(hang_at_the_third, tls=tls) as server, ForwardProxy(tls=tls) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)
        assert not isinstance(make_one(way, server.url, CHARGE), Exception)
        late = make_one(way, server.url, BALANCE, deadline=0.5)
        assert isinstance(late, APITimeoutError), repr(late)
        assert [head.split()[0] for head in proxy.heads] == [b"CONNECT"] * 3


@sync_async
def test_a_tunnel_that_loses_the_answer_to_a_charge_leaves_it_unknown(
    way: Way, encrypted: FaultServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with ForwardProxy("drop the answer", loses_when=lambda: bool(encrypted.received)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        came = make_one(way, encrypted.url, CHARGE)
        assert isinstance(came, ChargeOutcomeUnknown), came
        assert len(proxy.heads) == 1
    assert encrypted.count("POST", "/topup") == 1


@sync_async
def test_a_proxy_that_refuses_the_tunnel_is_reported_and_nothing_was_sent(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForwardProxy("refuse") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        for tried in (BALANCE, CHARGE):
            came = make_one(way, None, tried)
            assert type(came) is APIConnectionError
            assert came.never_left
            assert "the proxy refused (ProxyError: 403 Reason)" in str(came)
            assert came.attempts == 3
        assert len(proxy.heads) == 6


@sync_async
def test_a_proxy_on_another_machine_is_not_asked_for_this_one(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.1:3128")
    with FaultServer(answer) as server:
        assert not isinstance(make_one(way, server.url, BALANCE), Exception)


def test_the_proxy_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answer) as server, ForwardProxy() as proxy:
        client = Client(api_token=TOKEN, account_id=ACCOUNT, base_url=server.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with client:
            BALANCE.on(client)()
        assert proxy.heads == []


@pytest.mark.parametrize("named", ["ftp://user:hunter2@proxy:1", "http://user:hunter2@:x"])
def test_an_unusable_proxy_is_refused_without_showing_its_password(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", named)
    with pytest.raises(ValueError, match=r"HTTPS_PROXY .* is not the address of a proxy") as caught:
        Client(api_token=TOKEN)
    reported = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [f"{frame.locals}" for frame in reported.stack if "aig_billing" in frame.filename]
    assert ours
    assert "hunter2" not in "".join(ours) + str(caught.value)
    Client(api_token=TOKEN, transport=httpx.MockTransport(lambda request: httpx.Response(500)))


@sync_async
def test_a_socks_proxy_without_its_package_is_reported(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    came = make_one(way, None, CHARGE)
    assert isinstance(came, ValueError)
    assert "socksio" in str(came)
    assert not hasattr(came, "__notes__")


def test_an_encrypted_proxy_is_trusted_like_the_api(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("HTTPS_PROXY", "https://127.0.0.1:1")
    client = Client(api_token=TOKEN)
    pool = client._transports.pooled()._pool  # type: ignore[attr-defined]  # httpx keeps it to itself
    made = pool.create_connection(httpcore.URL("https://localhost").origin)
    assert made._connection._ssl_context is made._ssl_context is not None


@pytest.mark.parametrize(
    ("proxies", "url", "expected"),
    [
        ({}, "https://api.cloudflare.com", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://api.cloudflare.com", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://api.cloudflare.com", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://api.cloudflare.com", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://api.cloudflare.com", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".cloudflare.com"}, "https://api.cloudflare.com", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://api.cloudflare.com", None),
        ({"HTTP_PROXY": "http://localhost:1"}, "http://localhost:2", "http://localhost:1"),
        ({"HTTP_PROXY": "http://elsewhere:1"}, "http://localhost:2", None),
        ({"HTTPS_PROXY": "http://elsewhere:1"}, "https://localhost:2", "http://elsewhere:1"),
    ],
)
def test_proxies_are_chosen_as_the_standard_library_does(
    proxies: dict[str, str], url: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)
    chosen = proxy_for(httpx.URL(url))
    assert (None if chosen is None else str(chosen.url)) == expected


@sync_async
def test_the_address_and_the_account_come_from_the_environment(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(answer) as server:
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"{server.url}/client/v4/")
        monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "e" * 32)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "from-the-environment")
        came = make_one(way, None, BALANCE, api_token=None, account_id=None)
        assert not isinstance(came, Exception)
        (received,) = server.received
        assert received.target == f"/client/v4/accounts/{'e' * 32}/ai-gateway/billing/credit-balance"
        assert received.headers["authorization"] == "Bearer from-the-environment"
        assert received.headers["user-agent"].startswith("aig-billing/")
        make_one(way, server.url, BALANCE)
        assert server.received[1].target == BALANCE.path, "what is given wins"
        assert server.received[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_what_the_environment_says_is_blamed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", "http://example.com")
    with pytest.raises(ValueError, match=r"^CLOUDFLARE_BASE_URL="):
        Client(api_token=TOKEN)
    monkeypatch.delenv("CLOUDFLARE_BASE_URL")
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "a/b")
    with pytest.raises(ValueError, match=r"^CLOUDFLARE_ACCOUNT_ID="):
        Client(api_token=TOKEN)
    assert Client(api_token=TOKEN, account_id=ACCOUNT).account_id == ACCOUNT


@pytest.mark.parametrize(
    ("half", "said"),
    [
        ({"api_email": "me@example.com"}, "api_email is set and api_key is not"),
        ({"api_key": "0123456789abcdef"}, "api_key is set and api_email is not"),
    ],
)
def test_half_a_pair_of_arguments_is_refused_although_the_environment_has_a_token(
    monkeypatch: pytest.MonkeyPatch, half: dict[str, str], said: str
) -> None:
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    with pytest.raises(CredentialsError, match=f"^{said}: "):
        Client(**half)  # type: ignore[arg-type]  # only these two


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_no_credentials_at_all_says_what_to_set(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for names, said in (
        ([], "Set CLOUDFLARE_API_TOKEN .* or CLOUDFLARE_EMAIL and CLOUDFLARE_API_KEY"),
        (["CLOUDFLARE_EMAIL"], "CLOUDFLARE_EMAIL is set and CLOUDFLARE_API_KEY is not"),
        (["CLOUDFLARE_API_KEY"], "CLOUDFLARE_API_KEY is set and CLOUDFLARE_EMAIL is not"),
    ):
        with monkeypatch.context() as environment:
            for name in names:
                environment.setenv(name, "x")
            with pytest.raises(CredentialsError, match=said):
                kind()
    with pytest.raises(CredentialsError, match="api_token is empty"):
        kind(api_token="")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.cloudflare.com",
        "ftp://api.cloudflare.com",
        "https://",
        "https:///path",
        "https://user@api.cloudflare.com",
        "https://user:pass@api.cloudflare.com",
        "https://api.cloudflare.com/v4?x=y",
        "https://api.cloudflare.com/v4#x",
        "https://api.cloudflare.com/v4?",
        "https://api.cloudflare.com/\n",
        "https://api.cloudflare.com:port",
        "https://a..b",
        f"https://{'a' * 70}.com",
        "http://api.cloudflare.com",
        "http://192.168.0.1",
        "http://0.0.0.0",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://evil.localhost",
        "http://[::2]",
    ],
)
def test_an_address_that_will_not_do_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Client(api_token=TOKEN, base_url=address)


@pytest.mark.parametrize("address", [1, b"https://api.cloudflare.com", ["https://api.cloudflare.com"]])
def test_an_address_that_is_not_text_is_refused(address: Any) -> None:
    with pytest.raises(TypeError, match="base_url must be a string"):
        Client(api_token=TOKEN, base_url=address)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.cloudflare.com/client/v4",
        "http://localhost:1",
        "http://127.0.0.1",
        "http://127.1.2.3/x/",
        "http://[::1]:8080",
        "HTTPS://EXAMPLE.com",
    ],
)
def test_an_address_that_will_do_is_taken(address: str) -> None:
    url = check_base_url(address)
    assert not str(url).endswith("/")
    assert url.scheme == "https" or is_loopback(url.host)


@sync_async
def test_limits_hold_connections_back_and_what_waits_too_long_has_not_left(way: Way) -> None:
    """One connection at most: the second call finds none free in its time."""

    async def main(url: str) -> list[Any]:
        async with AsyncClient(
            api_token=TOKEN,
            account_id=ACCOUNT,
            base_url=url,
            limits=httpx.Limits(max_connections=1),
            timeout=httpx.Timeout(0.4, pool=0.05),
            max_retries=0,
        ) as client:
            calls = [CHARGE.on(client)(), CHARGE.on(client)()]
            return await asyncio.gather(*calls, return_exceptions=True)

    def threaded(url: str) -> list[Any]:
        with (
            Client(
                api_token=TOKEN,
                account_id=ACCOUNT,
                base_url=url,
                limits=httpx.Limits(max_connections=1),
                timeout=httpx.Timeout(0.4, pool=0.05),
                max_retries=0,
            ) as client,
            ThreadPoolExecutor(2) as pool,
        ):
            return [future.exception() for future in [pool.submit(CHARGE.on(client)) for _ in range(2)]]

    with FaultServer(Exchange.hang) as server:
        came = asyncio.run(main(server.url)) if way == "async" else threaded(server.url)
        assert len(server.received) == 1
    kinds = {type(one) for one in came}
    assert kinds == {ChargeOutcomeUnknown, APITimeoutError}
    (waited,) = [one for one in came if isinstance(one, APITimeoutError)]
    assert waited.never_left
    assert "no connection became free in time" in str(waited)


_ASKS = "from aig_billing import Client; print(Client(max_retries=0).ai_gateway.billing.credit_balance().balance)"


@pytest.mark.parametrize(
    ("level", "code", "says"),
    [
        ("debug", 0, "/credit-balance 200 "),
        ("Info", 0, None),
        ("", 0, None),
        ("loud", 1, "AIG_BILLING_LOG='loud' is not"),
    ],
)
def test_the_environment_turns_the_log_on(level: str, code: int, says: str | None) -> None:
    with FaultServer(answer) as server:
        named = {"BASE_URL": server.url, "API_TOKEN": TOKEN, "ACCOUNT_ID": ACCOUNT}
        variables = {f"CLOUDFLARE_{name}": value for name, value in named.items()}
        done = subprocess.run(
            [sys.executable, "-c", _ASKS],
            env={**os.environ, **variables, "AIG_BILLING_LOG": level},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == code, done.stderr
    assert says in done.stderr if says else done.stderr == ""
    assert TOKEN not in done.stderr
