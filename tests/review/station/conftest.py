"""A station at work: a real server on this machine, made-up forms with drawn pages, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import threading
import time
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from extract.intake import open_pages
from qagaz.deliver import deliver
from review.answers import now
from review.pictures import Album
from review.station.app import build
from review.station.desk import Desk
from review.station.quiet import SERVER
from review.store import Store
from review.work.schema import Batch
from review.work.staff.passwords import hashed
from review.work.staff.people import Role, add_person, department
from review.work.tasks import Share
from tests.review.station.forms import LAYOUTS, fill
from tests.review.station.others import DOUBT, NOBODY, WITHHELD
from tests.review.station.seen import told, watch

DECODED = "Promise.all([...document.images].filter(i => i.loading !== 'lazy').map(i => i.decode().catch(() => 0)))"
PATIENCE = 120_000  # milliseconds: on a machine with much else to do a page of pictures takes its time
PAGES = pytest.StashKey[list]()  # what a test opened in browsers
PASSWORD = "қағаз 2026 ok"
SECRET = hashed(PASSWORD, "nobody")  # once for all tests
PEOPLE = {
    "asel": ("Асель", Role.OPERATOR),
    "bolat": ("Болат", Role.OPERATOR),
    "saule": ("Сәуле", Role.SUPERVISOR),
    "anna": ("Анна", Role.AUDITOR),
}


class Station:
    """A running station: its address, its store, its desk."""

    def __init__(self, url: str, desk: Desk) -> None:
        self.url = url
        self.desk = desk
        self.store = desk.store


@pytest.fixture
def store(tmp_path):
    """A store with four people; `bolat` works for one department, the others see everything."""
    with Store.beside(tmp_path, LAYOUTS) as made:
        with made.database.writing() as session:
            for login, (name, role) in PEOPLE.items():
                places = ["Алматы"] if login == "bolat" else []
                add_person(session, login, name, SECRET, role, departments=places, everywhere=not places, language="ru")
        yield made


@pytest.fixture
def desk(store, tmp_path):
    """The desk of a house that has nothing keyed twice and plants nothing, unless told; `test_second` has all of it."""
    return Desk(store, tmp_path, Album(tmp_path / "pictures", open_pages), deliver, share=Share(0), watched=0)


@pytest.fixture
def station(desk):
    """The station served on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(build(desk), port=0, lifespan="off", **SERVER))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Station(f"http://127.0.0.1:{port}", desk)
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def filled(store, tmp_path):
    """Some forms in the queue; the function that adds more: `filled(name, doubts=…, mistake=…)`."""

    def add(name: str, **how):
        return fill(store, tmp_path, name, **how)

    return add


@pytest.fixture
def other(store, filled):
    """What the department of Astana has: a form, a person, a batch. `dana` steers for Almaty alone."""
    form = filled("astana-paper.png", doubts=[DOUBT], wrong={DOUBT: WITHHELD}, office="Астана")
    filled("almaty-paper.png", seed=2, doubts=[DOUBT], office="Алматы")
    with store.database.writing() as session:
        add_person(session, "dana", "Дана", PASSWORD, Role.SUPERVISOR, departments=["Алматы"])
        add_person(session, "zhanar", "Жанар Астанинская", PASSWORD, Role.OPERATOR, departments=["Астана"])
        batch = Batch(
            department=department(session, "Астана").id, name="astana-batch", received=date(2026, 3, 1), papers=1,
            pages=1, note="", who="zhanar", at=now(), closed=False,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        number = batch.id
    return NOBODY | {"source": form.source, "login": "zhanar", "batch": number, "id": number, "number": number}


class Person(httpx.Client):
    """Somebody with a browser that has no scripts."""

    def __init__(self, station: Station, login: str) -> None:
        super().__init__(base_url=station.url, follow_redirects=True, timeout=30)
        self.key = ""
        self.get("/login")
        told = self.post(
            "/login", data={"login": login, "password": PASSWORD, "form_key": self.cookies["qagaz_form_key"]}
        )
        assert told.status_code == 200, told.text
        self.key = told.text.partition('name="form_key" value="')[2].partition('"')[0]

    def say(self, path: str, **data):
        """Send a form as the station's pages do."""
        return self.post(path, data=data | {"form_key": self.key})


@pytest.fixture
def person(station):
    """The function that logs somebody in: `person("asel")`."""
    made = []

    def log_in(login: str) -> Person:
        made.append(Person(station, login))
        return made[-1]

    yield log_in
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium under Playwright; its program must be installed (scripts/system.sh browser)."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed: call scripts/system.sh browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where a test fails, its report tells what its browsers saw; they are open still."""
    report = yield
    if report.failed and call.when == "call":
        report.sections.extend(("in the browser", told(page)) for page in item.stash.get(PAGES, []))
    return report


@pytest.fixture
def browse(request, chromium, station):
    """The function that opens a browser of its own for somebody who is logged in: `browse("asel", language="kk")`."""
    contexts = []
    pages = request.node.stash.setdefault(PAGES, [])

    def open_browser(login: str = "asel", *, language: str = "ru", width: int = 1366, height: int = 768, **more):
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=station.url, **more)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.add_cookies([{"name": "qagaz_language", "value": language, "url": station.url}])
        page = context.new_page()
        watch(page)
        pages.append(page)
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def shot(tmp_path):
    """The function that keeps what a page looks like.

    With QAGAZ_SHOTS=1 pictures that the documents show are made anew; with a folder in its place all lie there.
    """
    docs = Path(__file__).parents[3] / "docs"
    wanted = os.environ.get("QAGAZ_SHOTS", "")

    def keep(page, name: str) -> Path:
        shown = any(f"station/{name}.png" in each.read_text(encoding="utf-8") for each in docs.glob("*.md"))
        made = docs / "station" if wanted == "1" and shown else tmp_path
        folder = Path(wanted) if wanted not in {"", "1"} else made
        folder.mkdir(exist_ok=True)
        if page.locator("#sheet").count():
            page.wait_for_selector("#sheet img[src]", state="attached")
        page.evaluate(DECODED)
        page.screenshot(path=folder / f"{name}.png")
        return folder / f"{name}.png"

    return keep


@pytest.fixture
def colours():
    """The function that shows a page in its light and its dark colours, one after the other."""

    def each(page):
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            yield scheme

    return each
