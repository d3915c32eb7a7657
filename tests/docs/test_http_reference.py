"""The HTTP reference says all that the document says, escapes what it shows, and takes nothing from elsewhere."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from aig_billing_sandbox import Sandbox
from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.pages import render_page

ROOT = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """A page taken apart: its tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute))]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    text = (ROOT / "generated/aig_billing/openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - either is a safe one
    return loaded


@pytest.fixture(scope="module")
def page() -> Page:
    called = "http://127.0.0.1:1/client/v4"
    shown = render_page(resolved_document(), base_url=called, account_id="account", token="token", read_token="read")
    return Page(shown.decode())


def strings(node: object, keys: set[str]) -> Iterator[str]:
    """Every string under one of the keys, anywhere in the document's paths and what they refer to."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from strings(value, keys)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, keys)


@pytest.mark.slow
def test_every_operation_is_there_with_method_path_and_words(page: Page, document: dict[str, Any]) -> None:
    identities = page.values("id")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["operationId"].replace(".", "-") in identities
            for shown in (
                method.upper(),
                path,
                operation["summary"],
                operation["description"],
                *operation.get("x-api-token-group", ()),
            ):
                assert shown.replace("`", "") in page.text, f"{operation['operationId']}: {shown}"


def test_every_description_of_the_document_is_shown(page: Page, document: dict[str, Any]) -> None:
    used = {
        "paths": document["paths"],
        "components": {name: part for name, part in document["components"].items() if name != "schemas"},
    }
    for said in strings(used, {"description", "summary"}):
        assert " ".join(said.replace("`", "").split()) in page.text, said


@pytest.mark.slow
def test_every_property_of_every_answer_is_shown_with_its_unit(page: Page, document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for prop, reported in schema.get("properties", {}).items():
            if (name, prop) == ("Envelope", "result"):
                continue  # each operation says what it is instead
            assert f" {prop}" in page.text or f"{prop}" in page.words, f"{name}.{prop}"
            said = " ".join(reported.get("description", "").replace("`", "").split())
            assert said in page.text, f"{name}.{prop}: {said}"
    assert "unit unconfirmed" in page.text


def test_the_two_deprecated_operations_say_so(page: Page) -> None:
    assert page.text.count("Deprecated. New programs should not call this.") == 2


def test_nothing_comes_from_elsewhere(page: Page) -> None:
    assert not page.values("src")
    assert [target for target in page.values("href") if not target.startswith("#")] == ["/"], (
        "only the way back leads away"
    )
    assert not {"link", "iframe", "img", "object", "embed", "base"} & {name for name, _ in page.tags}
    for asset in ("reference.css", "reference.js"):
        text = (ROOT / "src/aig_billing_sandbox/http/pages" / asset).read_text(encoding="utf-8")
        assert not re.search(r"https?://|url\(|@import|//[a-z]+\.", text), asset


def test_the_policy_allows_only_the_pages_own_style_and_script() -> None:
    text = render_page(resolved_document()).decode()
    policy = next(value for value in Page(text).values("content") if "default-src" in value)
    for kind, name in (("style", "style"), ("script", "script")):
        inside = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    identities = page.values("id")
    assert len(identities) == len(set(identities)), "an id is used twice"
    for target in page.values("href"):
        if target == "/":
            continue  # the way back
        assert target.removeprefix("#") in identities, target
    for named in page.values("for") + page.values("aria-labelledby") + page.values("aria-describedby"):
        assert named in identities, named


def test_every_control_has_a_name_that_is_read_aloud(page: Page) -> None:
    labelled = set(page.values("for"))
    for name, attributes in page.tags:
        if name in {"input", "select", "textarea"}:
            assert attributes.get("id") in labelled, attributes


def test_text_of_the_document_cannot_become_markup() -> None:
    hostile = '</script><img src=x onerror="alert(1)">`<b>`'
    document = resolved_document()
    broken = document | {"info": document["info"] | {"title": hostile, "description": hostile}}
    filled = dict.fromkeys(("base_url", "account_id", "token", "read_token"), hostile)
    shown = Page(render_page(broken, **filled).decode())
    assert "img" not in {name for name, _ in shown.tags}


def test_without_a_sandbox_the_page_has_no_forms_and_names_the_real_service() -> None:
    shown = Page(render_page(resolved_document()).decode())
    assert "form" not in {name for name, _ in shown.tags}
    assert "https://api.cloudflare.com/client/v4" in shown.text


@pytest.mark.slow
def test_the_page_is_printed_for_a_site() -> None:
    command = [sys.executable, "-m", "aig_billing_sandbox.http.reference"]
    printed = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert printed.stdout == render_page(resolved_document(), back="http.html")


def test_the_sandbox_serves_it(billing_sandbox: Sandbox) -> None:
    address = billing_sandbox.base_url.removesuffix("/client/v4") + "/docs"
    with httpx.Client(trust_env=False) as client:
        answer = client.get(address)
        assert client.post(address).status_code in {404, 405}
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert billing_sandbox.token in answer.text
    assert billing_sandbox.base_url in answer.text
