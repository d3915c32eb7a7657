"""The HTTP reference in a real browser: it calls the sandbox, fetches nothing else, and serves keyboards, phones and dark rooms."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from aig_billing_sandbox import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

OPERATIONS = (
    ("billing.creditBalance", 200),
    ("billing.usageHistory", 200),
    ("billing.invoiceHistory", 200),
    ("billing.invoicePreview", 200),
    ("billing.topup.create", 200),
    ("billing.topup.status", 200),
    ("billing.topup.config.create", 200),
    ("billing.topup.config.get", 200),
    ("billing.topup.config.delete", 200),
    ("billing.spendingLimit.create", 201),
    ("billing.spendingLimit.get", 200),
    ("billing.spendingLimit.delete", 200),
    ("billing.topup.limits", 200),
    ("gateways.list", 200),
    ("gateways.get", 200),
    ("gateways.update", 200),
    ("user.tokens.verify", 200),
    ("accounts.tokens.verify", 401),
)

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed="demo", mode="documented") as running:
        yield running


@pytest.fixture
def open_page(browser: "Browser", sandbox: Sandbox) -> Iterator[Open]:
    """Open the reference in its own context; a complaint of the page, or a request to elsewhere, fails the test."""
    origin = sandbox.base_url.removesuffix("/client/v4")
    complaints: list[str] = []
    asked: list[str] = []
    contexts: list[Any] = []

    def open_it(*, width: int = 1440, height: int = 900, **options: Any) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        # A refused call is an error to the console, and no complaint about the page.
        page.on(
            "console",
            lambda message: complaints.append(message.text) if "Failed to load resource" not in message.text else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{origin}/docs")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url for url in asked if not url.startswith(origin)} == set()


def form_of(page: "Page", operation: str) -> "Locator":
    return page.locator(f"#{operation.replace('.', '-')} form.try")


def send(form: "Locator") -> tuple[int, dict[str, Any]]:
    """Send a form; give the status and the body that the page shows."""
    form.locator(".send").click()
    form.locator(".outcome:not([hidden])").wait_for()
    status = re.match(r"(\d{3}) ", form.locator(".state").inner_text())
    assert status is not None
    body: dict[str, Any] = json.loads(form.locator(".outcome pre").inner_text())
    return int(status[1]), body


def test_every_operation_can_be_called_from_the_page(open_page: Open) -> None:
    page = open_page()
    assert page.locator("form.try").count() == len(OPERATIONS)
    payment = ""
    for operation, expected in OPERATIONS:
        form = form_of(page, operation)
        if form.get_by_label("id", exact=True).count():
            form.get_by_label("id", exact=True).fill("production")
        if operation == "billing.topup.status":
            form.locator("textarea").fill(json.dumps({"payment_intent_id": payment}))
        status, body = send(form)
        assert (operation, status, body["success"]) == (operation, expected, expected < 400)
        if operation == "billing.topup.create":
            payment = body["result"]["payment_intent_id"]
        assert "-SBX" in form.locator(".outcome dl").inner_text(), "the request's id is not shown"


def test_what_is_typed_is_what_is_sent(open_page: Open, sandbox: Sandbox) -> None:
    page = open_page()
    form = form_of(page, "billing.usageHistory")
    form.locator("select").select_option("hour")
    form.get_by_label("start_time").fill("1")
    form.get_by_label("end_time").fill("2")
    with page.expect_request(lambda request: "usage-history" in request.url) as sent:
        assert send(form) == (200, {"errors": [], "messages": [], "result": {"history": []}, "success": True})
    assert sent.value.url.endswith("/usage-history?value_grouping_window=hour&end_time=2&start_time=1")
    assert sent.value.headers["authorization"] == f"Bearer {sandbox.token}"


def test_the_samples_show_what_is_typed(open_page: Open, sandbox: Sandbox) -> None:
    page = open_page()
    form = form_of(page, "billing.topup.create")
    form.locator("textarea").fill('{"amount": 7700, "note": null}')
    beside = page.locator("#billing-topup-create")
    curl, python = (beside.locator(f".code.{kind} pre").inner_text() for kind in ("curl", "python"))
    assert f"accounts/{sandbox.account_id}/ai-gateway/billing/topup" in curl
    assert '{"amount":7700,"note":null}' in curl
    assert "topup.create(amount=7700, note=None)" in python
    form.locator("textarea").fill('{"amount": ')
    assert "7700" in beside.locator(".code.curl pre").inner_text()


def test_there_is_a_way_back(open_page: Open) -> None:
    page = open_page()
    assert page.get_by_role("link", name="Back").get_attribute("href") == "/"


def test_another_token_or_account_is_taken_over_by_all_forms(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Read only").click()
    status, body = send(form_of(page, "billing.topup.create"))
    assert (status, body["success"]) == (403, False)
    page.locator("#account_id").fill("0" * 32)
    status, body = send(form_of(page, "billing.creditBalance"))
    assert status in {403, 404}


def test_what_cannot_be_sent_is_said_and_not_sent(open_page: Open, sandbox: Sandbox) -> None:
    page = open_page()
    before = len(sandbox.requests())
    form = form_of(page, "billing.topup.create")
    form.locator("textarea").fill('{"amount": }')
    form.locator(".send").click()
    assert form.locator(".state").inner_text().startswith("The body is not JSON")
    form.get_by_label("account_id").fill("")
    form.locator(".send").click()
    assert form.locator(".state").inner_text() == "account_id is required."
    assert len(sandbox.requests()) == before


def test_the_page_is_used_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the operations"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#operations"
    page.keyboard.press("/")
    page.keyboard.type("topup.limits")
    shown = page.locator("nav li:visible")
    assert shown.count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#billing-topup-limits"
    form = form_of(page, "billing.topup.limits")
    form.get_by_label("account_id").focus()
    page.keyboard.press("Enter")
    form.locator(".outcome:not([hidden])").wait_for()
    assert form.locator(".state").inner_text().startswith("200")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_runs_out_of_the_page(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    send(form_of(page, "billing.creditBalance"))
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    colours: dict[str, str] = page.evaluate(
        """() => {
            const style = getComputedStyle(document.documentElement);
            const names = "paper raised code note ink soft accent on-accent get post delete ok refused".split(" ");
            return Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
        }"""
    )
    pairs = [(text, ground) for text in ("ink", "soft") for ground in ("paper", "raised")]
    pairs += [(text, "paper") for text in ("accent", "get", "post", "delete", "ok", "refused")]
    pairs += [("on-accent", "accent"), ("ink", "code"), ("ink", "note")]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, f"{text} on {ground} in the {scheme}"


def test_the_theme_is_chosen_and_remembered(open_page: Open) -> None:
    page = open_page(color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    bright = page.evaluate(ground)
    for _ in range(2):
        page.locator("#theme").click()
    assert page.locator("#theme").inner_text() == "Theme: dark"
    assert page.evaluate(ground) != bright
    page.reload()
    assert page.locator("#theme").inner_text() == "Theme: dark"


def test_the_page_reads_without_script(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    assert page.get_by_role("heading", name="Create a top-up").is_visible()
    assert page.locator("section.operation").count() == len(OPERATIONS)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by the Web Content Accessibility Guidelines, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
