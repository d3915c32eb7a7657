"""The documentation site builds strictly, its links lead somewhere, and its pages ask no other server for anything."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.pages import render_page
from tests.docs.blocks import blocks_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
LOADING_LINKS = {"stylesheet", "preload", "modulepreload", "icon", "preconnect", "prefetch", "dns-prefetch", "manifest"}
TOPLEVEL = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it that can be linked to."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and LOADING_LINKS & set(given.get("rel", "").split()):
            self.loads.append(given["href"])
        elif tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(given[LOADS[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it, from a copy of the tree."""
    pytest.importorskip("zensical", reason="zensical is not installed (group docs)")
    tree = tmp_path_factory.mktemp("site")
    for name in ("docs", "examples", "generated", "src"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "zensical.toml", tree)
    (tree / "docs/reference/http-reference.html").write_bytes(render_page(resolved_document(), back="http.html"))
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    built = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return tree / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(site.rglob("*.html"))}


@pytest.mark.slow
def test_every_page_of_the_docs_is_in_the_site_and_its_contents(site: Path, pages: dict[Path, Page]) -> None:
    start = {urlsplit(link).path.removeprefix("./") for link in pages[site / "index.html"].links}
    for source in (ROOT / "docs").rglob("*.md"):
        name = source.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert (site / name).is_file(), f"{source} is not built"
        assert name in start or name == "index.html", f"{source} is not in the contents"


@pytest.mark.slow
def test_every_link_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    broken: list[str] = []
    for file, page in pages.items():
        if file.name == "404.html":
            continue  # served at any address, so its links start at the root
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{file.relative_to(site)}: {link}")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                broken.append(f"{file.relative_to(site)}: {link} (no such place on the page)")
    assert not broken, "\n".join(broken)


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        assert not [url for url in page.loads if urlsplit(url).netloc], file
    for style in site.rglob("*.css"):
        outside = re.findall(r"(?:url\(|@import\s*)[\"']?(https?:)?//[^)\"']+", style.read_text(encoding="utf-8"))
        assert not outside, style


@pytest.mark.slow
def test_the_reference_shows_every_call_and_every_error(pages: dict[Path, Page], site: Path) -> None:
    from aig_billing import errors

    resources = "aig_billing.resources."
    shown = pages[site / "reference/client.html"].places
    operations = [operation for item in resolved_document()["paths"].values() for operation in item.values()]
    for operation in operations:
        group = operation["x-fern-sdk-group-name"]
        method = operation["x-fern-sdk-method-name"]
        resource = "".join(part.title().replace("_", "") for part in group.split("."))
        assert f"{resources}{resource}Resource.{method}" in shown, operation["operationId"]
    reported = (site / "reference/errors.html").read_text(encoding="utf-8")
    for name in errors.__all__:
        assert name in reported, name
    for name in ("create_once", "ensure", "reconcile", "settle", "wait"):
        assert any(place.endswith(f".{name}") for place in pages[site / "reference/charges.html"].places), name


def test_links_between_the_files_at_the_top_lead_somewhere() -> None:
    for name in TOPLEVEL:
        file = ROOT / name
        text = file.read_text(encoding="utf-8")
        for block in blocks_of(file):
            text = text.replace(block.text, "")
        for link in links_of(text):
            parts = urlsplit(link)
            if not parts.scheme and parts.path:
                assert (file.parent / parts.path).exists(), f"{name}: {link}"


def links_of(markdown: str) -> Iterator[str]:
    for found in re.finditer(r"\]\((?P<target>[^)\s]+)\)", markdown):
        yield found["target"]


@pytest.mark.browser
def test_a_browser_fetches_nothing_from_elsewhere(site: Path, browser: "Browser") -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    for name in (
        "index.html",
        "reference/client.html",
        "explanation/architecture.html",
        "reference/http-reference.html",
    ):
        page.goto((site / name).as_uri())
        page.wait_for_load_state()
    context.close()
    assert not [url for url in asked if urlsplit(url).scheme not in {"file", "data", "blob"}]
    assert failed == []


_LOST_ON_A_PHONE = """() => {
    const lost = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) lost.push("the page is wider than the screen");
    for (const code of document.querySelectorAll("article code")) {
        if (code.closest("pre") || !/^[A-Za-z_][A-Za-z0-9_.]*$/.test(code.textContent)) continue;
        if (code.getClientRects().length > 1 && code.textContent.length < 40) lost.push(`broken: ${code.textContent}`);
    }
    for (const part of document.querySelectorAll("article pre code, article table")) {
        let box = part;
        while (box && !["auto", "scroll"].includes(getComputedStyle(box).overflowX)) box = box.parentElement;
        if (part.getBoundingClientRect().right > width && !box) lost.push(`clipped: ${part.textContent.slice(0, 40)}`);
    }
    return lost;
}"""


@pytest.mark.browser
def test_on_a_phone_names_are_whole_and_what_is_wide_scrolls(site: Path, browser: "Browser") -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    lost = {}
    for file in sorted(site.rglob("*.html")):
        page.goto(file.as_uri())
        lost[file.name] = page.evaluate(_LOST_ON_A_PHONE)
    context.close()
    assert {name: found for name, found in lost.items() if found} == {}


@pytest.mark.slow
def test_signatures_link_to_types_and_show_no_names_that_nobody_can_import(site: Path) -> None:
    text = (site / "reference" / "client.html").read_text(encoding="utf-8")
    assert not re.findall(r"\b\w*(?:TransportT|OtherT|ClientCore|BaseClient|Flow)\b", re.sub(r"<[^>]*>", "", text))
    signature = text[text.index('id="aig_billing.resources.AiGatewayBillingResource.credit_balance"') :]
    assert re.search(r'href="models\.html#[^"]*BillingCreditBalanceResponse"', signature[: signature.index("</div>")])
