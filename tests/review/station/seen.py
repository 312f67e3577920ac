"""What a browser saw, told where a test fails: the page, its scripts' complaints, the server's last answers."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, Request, Response

LETTERS = 1500  # of the page's text that are told
LAST = 12  # requests that are told


def watch(page: Page) -> None:
    """Keep what goes on in a page: `page.wrong` holds complaints, `page.asked` each request with what came of it."""
    page.wrong, page.asked = [], []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: page.asked.append([_named(request), "not answered"]))
    page.on("response", lambda response: _answered(page, response))
    page.on("requestfailed", lambda request: _note(page, request, request.failure or "failed"))


def told(page: Page) -> str:
    """A page in words."""
    try:
        focus = page.evaluate("document.activeElement?.outerHTML.slice(0, 200) || ''")
        text = page.inner_text("body", timeout=1000)[:LETTERS]
    except Error as error:
        focus, text = "", f"(cannot be read: {error})"
    asked = [f"  {name} {outcome}" for name, outcome in page.asked[-LAST:]]
    return "\n".join([page.url, f"focus: {focus}", f"wrong: {page.wrong}", "asked:", *asked, "shown:", text])


def _named(request: Request) -> str:
    parts = urlsplit(request.url)
    return f"{request.method} {parts.path}{'?' + parts.query if parts.query else ''}"


def _answered(page: Page, response: Response) -> None:
    kept = {name: value for name, value in response.headers.items() if name in {"x-refused", "x-leave", "x-address"}}
    _note(page, response.request, f"{response.status} {kept or ''}".strip())


def _note(page: Page, request: Request, outcome: str) -> None:
    name = _named(request)
    for asked in reversed(page.asked):
        if asked[0] == name:
            asked[1] = outcome
            return
