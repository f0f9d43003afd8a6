"""A browser for all tests here, and pages that fail the test when anything is blocked or breaks in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 760}
PATIENCE_MS = 20_000  # for a machine that is busy; nothing here waits this long on a quiet one

Opener = Callable[..., Page]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        expect.set_options(timeout=PATIENCE_MS)
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Opens an address; each page has a profile of its own unless it is opened beside another one."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def opener(address: str, beside: Page | None = None, **options: object) -> Page:
        context = (
            beside.context if beside else browser.new_context(**{"viewport": DESKTOP, "locale": "pl-PL"} | options)
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
        page.goto(address)
        return page

    yield opener
    for context in dict.fromkeys(contexts):
        context.close()
    assert problems == []
