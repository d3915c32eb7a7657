"""A report in a real browser: on a phone, in the dark, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aig_billing_monitor.report import write_html

from .test_history_and_reports import month

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture
def page_path(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(write_html(month()), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_in_chromium_nothing_is_wider_than_the_screen(browser: Browser, page_path: Path, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = "[...document.querySelectorAll('.scroll')].filter(it => it.scrollWidth > it.clientWidth).length"
    assert width < 375 or page.evaluate(wide) == 0, "from an ordinary phone on, no table needs scrolling"
    assert page.locator(".bars i").count() == 31
    assert page.locator("polyline").count() == 1
    assert complaints == []
    assert asked == [page_path.as_uri()]


_CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = text => { const [r, g, b] = rgb(text).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const page = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('h1, h2, p, td, th, dt, dd, footer, .scale span')].map(it => {
    const ink = light(getComputedStyle(it).color);
    return (Math.max(ink, page) + .05) / (Math.min(ink, page) + .05); }).reduce((a, b) => Math.min(a, b));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_chromium_text_stands_out_in_the_light_and_in_the_dark(
    browser: Browser, page_path: Path, scheme: str
) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(page_path.as_uri())
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 24, 31)")
    assert page.evaluate(_CONTRAST) >= 4.5


def test_in_chromium_it_prints_black_on_white_even_in_the_dark(browser: Browser, page_path: Path) -> None:
    page = browser.new_context(color_scheme="dark").new_page()
    page.emulate_media(media="print")
    page.goto(page_path.as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4").startswith(b"%PDF")
