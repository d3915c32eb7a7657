"""Gateways: a PUT replaces all settings, and what nobody knows is kept as it was sent."""

import json
import string
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.bank.gateways import raw_values
from tests.sandbox.caller import BASE_URL

REQUIRED = (
    '"cache_invalidate_on_update":false,"cache_ttl":null,"collect_logs":true,'
    '"rate_limiting_interval":null,"rate_limiting_limit":null'
)


def call(
    sandbox: Sandbox, method: str, path: str, content: str | None = None, token: str | None = None
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token or sandbox.token}", "content-type": "application/json"}
    url = f"{BASE_URL}/accounts/{sandbox.account_id}/ai-gateway/gateways{path}"
    with httpx.Client(transport=sandbox.transport(), headers=headers) as client:
        return client.request(method, url, content=content)


def test_an_account_has_gateways_with_settings_of_every_kind(sandbox: Sandbox) -> None:
    body = call(sandbox, "GET", "").json()
    assert [gateway["id"] for gateway in body["result"]] == ["default", "production"]
    assert body["result_info"] == {"page": 1, "per_page": 20, "count": 2, "total_count": 2}
    production = call(sandbox, "GET", "/production").json()["result"]
    assert production == body["result"][1]
    assert len(production) > 15
    assert {type(value) for value in production.values()} >= {bool, int, str, list, dict, type(None)}


def test_gateways_are_listed_in_pages(sandbox: Sandbox) -> None:
    second = call(sandbox, "GET", "?page=2&per_page=1").json()
    assert [gateway["id"] for gateway in second["result"]] == ["production"]
    assert second["result_info"] == {"page": 2, "per_page": 1, "count": 1, "total_count": 2}
    assert [gateway["id"] for gateway in call(sandbox, "GET", "?search=prod").json()["result"]] == ["production"]
    assert call(sandbox, "GET", "?page=0").status_code == 400


def test_a_put_replaces_everything_and_sets_the_time(sandbox: Sandbox) -> None:
    before = call(sandbox, "GET", "/production").json()["result"]
    sandbox.advance(minutes=1)
    sent = f'{{{REQUIRED},"id":"other","modified_at":"2001-01-01T00:00:00Z","zdr":true}}'
    after = call(sandbox, "PUT", "/production", sent).json()["result"]
    assert after == {
        "id": "production",
        "is_default": False,
        "created_at": before["created_at"],
        "modified_at": sandbox.now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        **json.loads(f"{{{REQUIRED}}}"),
        "zdr": True,
    }
    assert call(sandbox, "GET", "/production").json()["result"] == after


def test_each_put_has_another_time(sandbox: Sandbox) -> None:
    times = [call(sandbox, "PUT", "/default", f"{{{REQUIRED}}}").json()["result"]["modified_at"] for _ in range(3)]
    assert times == sorted(set(times))


def test_a_rule_without_an_id_is_given_one(sandbox: Sandbox) -> None:
    rules = '[{"limit":1.50,"limitType":"cost","window":86400},{"id":"mine","limit":2,"limitType":"cost","window":60}]'
    sent = f'{{{REQUIRED},"spend_limits":{{"enabled":true,"rules":{rules}}}}}'
    got = call(sandbox, "PUT", "/default", sent).json()["result"]["spend_limits"]["rules"]
    assert got[0]["id"]
    assert [got[0]["limit"], got[1]["id"]] == [1.5, "mine"]


def test_a_gateway_is_changed_from_outside(sandbox: Sandbox) -> None:
    before = sandbox.gateway("production")
    sandbox.change_gateway({"cache_ttl": 7, "new": {"x": None}}, gateway_id="production")
    after = sandbox.gateway("production")
    assert after == {**before, "cache_ttl": 7, "new": {"x": None}, "modified_at": after["modified_at"]}
    assert str(after["modified_at"]) > str(before["modified_at"])
    with pytest.raises(ValueError, match="no gateway 'staging'"):
        sandbox.change_gateway({}, gateway_id="staging")


def test_only_a_token_that_may_write_puts(sandbox: Sandbox) -> None:
    assert call(sandbox, "GET", "/default", token=sandbox.read_token).status_code == 200
    assert call(sandbox, "PUT", "/default", f"{{{REQUIRED}}}", token=sandbox.read_token).status_code == 403
    assert call(sandbox, "PUT", "/none", f"{{{REQUIRED}}}").status_code == 404


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


names = st.text(string.ascii_letters + '_ é"\\\n😀', min_size=1, max_size=8).filter(
    lambda name: name not in {"id", "is_default", "created_at", "modified_at", "spend_limits"}
)
numbers = st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?\Z")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars: st.SearchStrategy[str] = st.one_of(
    numbers,
    texts.map(json.dumps),
    texts.map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(["null", "true", "false"]),
)
space = st.sampled_from(["", " ", "\n\t"])
values: st.SearchStrategy[str] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.tuples(space, st.lists(inner, max_size=3)).map(lambda drawn: f"[{drawn[0]}{(', ').join(drawn[1])}]"),
        st.dictionaries(names, inner, max_size=3).map(lambda fields: as_object(fields, " : ")),
    ),
    max_leaves=6,
)


def as_object(fields: dict[str, str], colon: str = ":") -> str:
    return "{" + " , ".join(f"{json.dumps(name)}{colon}{text}" for name, text in fields.items()) + "}"


@pytest.mark.slow
@given(st.dictionaries(names, values, max_size=8))
@settings(max_examples=200, deadline=None)
def test_unknown_fields_are_kept_to_the_byte(shared: Sandbox, fields: dict[str, str]) -> None:
    unknown = {f"x_{name}": text for name, text in fields.items()}
    sent = f"{{{REQUIRED},{as_object(unknown)[1:]}" if unknown else f"{{{REQUIRED}}}"
    put = call(shared, "PUT", "/production", sent)
    assert put.status_code == 200, put.text
    kept = raw_values(raw_values(put.text)["result"])
    assert {name: kept[name] for name in unknown} == unknown
    assert call(shared, "GET", "/production").content == put.content
