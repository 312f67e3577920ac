"""HTML → PDF, printed by Debian's Chromium."""

from __future__ import annotations

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2

from corpus.records import Drawn


def printed(html: str) -> Drawn:
    """The page as Chromium prints it, its places unknown. FileNotFoundError where there is no Chromium.

    Its text and rulings follow from the HTML; the bytes name the time, so they are never the same twice.
    """
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium is not installed: call scripts/system.sh browser")
    with ThreadPoolExecutor(1) as apart:  # the caller may have a browser of its own: one a thread is allowed
        data = apart.submit(_pdf, html, program).result()
    return Drawn(data, len(pypdfium2.PdfDocument(data)), ())


def _pdf(html: str, program: str) -> bytes:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra: only these kinds need a browser

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        file = Path(name) / "form.html"
        file.write_text(html, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_page()
            page.goto(file.as_uri())
            page.evaluate("document.fonts.ready")
            return bytes(page.pdf(prefer_css_page_size=True, print_background=True))
        finally:
            browser.close()
