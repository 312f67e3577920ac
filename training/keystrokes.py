"""Keystrokes a form, and wrong suggestions caught: `python -m training.keystrokes RESULTS… --truth TRUTH.json…`.

RESULTS are folders that `qagaz read` wrote, TRUTH the truth.json of what was read there. Each queue is copied; in the
copy, among the figures asked about, wrong ones are planted as the machine's reading. Two scripted operators then work
in a real Chromium through the first forms of the queue, each on a copy of its own. The *careful* one knows what stands
on the paper and sends nothing else; its keys are counted. The *careless* one knows it too but looks at nothing that is
offered: whatever an input holds already goes with Enter, and only an empty one is typed into. How many planted figures
come out right all the same is what the station itself prevents. `training.offers` tries many more wrong figures,
without a browser.

A key is one press, a chord one. Characters of figures and words typed count apart from the keys that move, accept,
confirm and end a figure.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import uvicorn
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from extract.intake import find_sources, open_pages
from review.case import open_case
from review.intervals import wilson
from review.pictures import Album
from review.questions import NOUGHTS
from review.schema import Form
from review.station.app import build
from review.station.desk import Desk
from review.station.quiet import SERVER
from review.store import FILE, Store
from review.work.collages.noughts import WATCHED
from review.work.schema import Watched
from review.work.staff.people import Role, add_person
from training.evaluate import renewed
from training.misread import Planted, asked_of, plant
from training.offers import Offers, weigh
from training.offers import table as offered
from training.truths import Truth, truths_of

PASSWORD = "only for this measurement"  # noqa: S105 - of an account in a copy that is thrown away
STEP_SECONDS = 60_000  # milliseconds until a page that does not come is an error
MOST_STEPS = 400  # of one form


@dataclass(slots=True)
class Keys:
    """What was pressed on one form."""

    typed: int = 0  # characters of figures and words
    ends: int = 0  # Enter after a figure or word that was typed
    others: int = 0  # everything else


@dataclass(slots=True)
class Worked:
    """How one operator did."""

    keys: list[Keys] = field(default_factory=list)
    caught: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    wrong: int = 0  # figures asked about that left otherwise than they stand on the paper, not planted
    settled: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    watched: Counter[bool] = field(default_factory=Counter)  # cards the station planted among noughts: seen or not


@dataclass(frozen=True, slots=True)
class Queue:
    """What is worked through: a run's results, its papers and their truth, and how."""

    results: Path
    papers: Path
    known: Mapping[tuple[str, int], Truth]
    most: int  # forms
    seed: int  # of what is planted as the machine's reading
    watched: float  # share of looks at noughts in which the station plants a card


def main() -> None:
    """Reads the command line, lets both operators work, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="+", help="folders that `qagaz read` wrote")
    parser.add_argument("--truth", type=Path, nargs="+", required=True, help="truth.json, one for each folder")
    parser.add_argument("--papers", type=Path, nargs="+", required=True, help="what was read, one for each folder")
    parser.add_argument("--forms", type=int, default=50, help="how many to settle, over all folders")
    parser.add_argument("--seed", type=int, default=1, help="of what is planted")
    parser.add_argument("--watched", type=float, default=WATCHED, help="share of looks at noughts with a planted card")
    parser.add_argument("--out", type=Path, help="file whose tables to renew; printed without")
    chosen = parser.parse_args()
    careful, careless, offers = Worked(), Worked(), Offers()
    folders = list(zip(chosen.results, chosen.truth, chosen.papers, strict=True))
    for number, (results, truth, papers) in enumerate(folders):
        left = (chosen.forms - careful.settled) // (len(folders) - number)
        known = truths_of(truth)
        with Store.beside(results) as store:
            weigh(store, known, random.Random(chosen.seed), offers)
        queue = Queue(results, papers, known, left, chosen.seed, chosen.watched)
        work(queue, careful, looks=True)
        work(queue, careless, looks=False)
    told = "\n".join((*table(careful, careless), "", *offered(offers))) + "\n"
    if chosen.out:
        chosen.out.write_text(renewed(chosen.out, told), encoding="utf-8")
    else:
        print(told)


def work(queue: Queue, done: Worked, *, looks: bool) -> None:
    """One operator works through a copy of a queue."""
    with tempfile.TemporaryDirectory() as folder, _copy(queue.results, Path(folder), queue.papers) as store:
        planted = plant(store, random.Random(queue.seed))
        before = {key: set(places) for key, places in asked_of(store)}
        with _served(store, Path(folder), queue.watched) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1366, "height": 768}, base_url=address)
            page.set_default_timeout(STEP_SECONDS)
            settled = Operator(page, store, queue.known, done, looks=looks).work(queue.most)
            browser.close()
        for key in settled:
            _score(store, key, queue.known, planted, before.get(key, set()), done)
        with store.database.reading() as session:
            done.watched.update(session.scalars(select(Watched.struck)))


class Operator:
    """Somebody at the keyboard."""

    def __init__(
        self, page: Page, store: Store, known: Mapping[tuple[str, int], Truth], done: Worked, *, looks: bool
    ) -> None:
        self._page = page
        self._store = store
        self._known = known
        self._done = done
        self._looks = looks
        self._keys = Keys()

    def work(self, most: int) -> list[tuple[str, int]]:
        """Settle forms until there are so many, or none is left; their keys."""
        self._log_in()
        self._page.wait_for_selector("main button.main:focus")
        with self._page.expect_navigation():
            self._page.keyboard.press("Enter")
        settled: list[tuple[str, int]] = []
        while len(settled) < most and (key := self._key()) is not None:
            self._keys = Keys()
            if self._settle(key):
                settled.append(key)
                self._done.keys.append(self._keys)
                self._done.settled += 1
        return settled

    def _log_in(self) -> None:
        self._page.goto("/login")
        self._page.fill("[name=login]", "keys")
        self._page.fill("[name=password]", PASSWORD)
        self._page.press("[name=password]", "Enter")
        self._page.wait_for_url(lambda url: "/login" not in url)
        self._page.wait_for_load_state()

    def _key(self) -> tuple[str, int] | None:
        """The form that is shown now."""
        self._page.wait_for_selector(".panel.mine, table.list")
        self._page.wait_for_load_state()
        panel = self._page.query_selector(".panel.mine")
        if panel is None:
            return None
        source, form = (panel.get_attribute("data-address") or "").split("/")[-2:]
        return source, int(form)

    def _settle(self, key: tuple[str, int]) -> bool:
        """Answer everything about one form; whether it was settled."""
        with self._store.database.reading() as session:
            truth = self._known[session.get_one(Form, key).file, key[1]]
        for _ in range(MOST_STEPS):
            panel = self._page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
            assert panel is not None
            at, kind = panel.get_attribute("data-at") or "", panel.get_attribute("data-kind") or ""
            token = panel.get_attribute("data-token")
            self._done.kinds[kind] += self._looks
            self._answer(kind, at, truth)
            self._page.wait_for_function(
                "was => { const now = document.querySelector('.panel.mine');"
                " if (document.readyState !== 'complete') return false;"
                " return now ? now.dataset.token !== was : !!document.querySelector('table.list'); }",
                arg=token,
            )
            if self._key() != key:
                return True
        return False

    def _answer(self, kind: str, at: str, truth: Truth) -> None:
        match kind:
            case "figure" | "field":
                self._figure(at, truth)
            case "noughts" | "missing":
                self._cards(truth, given=kind == "noughts")
            case "control" | "finding" | "form":
                self._press("Control+Enter")
            case "unit":
                self._press("Alt+1" if truth.tenge else "Alt+3")
            case _:
                self._press("Enter")

    def _figure(self, at: str, truth: Truth) -> None:
        offered = self._page.input_value(".main-input")
        wanted = truth.written(at)
        if offered and (not self._looks or wanted is None or truth.is_right(at, offered.replace(",", "."))):
            self._press("Enter")
        elif not wanted:
            if offered:
                self._press("Delete")
            self._press("Delete")
        else:
            self._type(wanted)
            self._press("Enter", ends=True)

    def _cards(self, truth: Truth, *, given: bool) -> None:
        """By its letter to each card that does not say what stands on the paper; `given`: the cards say something.

        There the letter makes a blank a nought, and a nought blank. Of a page that is not there only figures are typed.
        """
        self._page.wait_for_selector("#accept:focus")
        for row in self._page.query_selector_all(".card-row"):
            card, letters = row.query_selector("[name=value]"), row.query_selector(".letter")
            assert card is not None
            assert letters is not None
            place, value = card.get_attribute("data-place") or "", card.input_value()
            wanted = truth.written(place) or ""
            held = value if value[:1].isdigit() else ""
            if (not self._looks or truth.is_right(place, held)) if given else not wanted:
                continue
            for letter in letters.inner_text().lower():
                self._press(letter)
            if wanted not in NOUGHTS or not given:
                self._type(wanted)
        self._press("Enter" if given else "Control+Enter")

    def _type(self, text: str) -> None:
        self._page.keyboard.type(text)
        self._keys.typed += len(text)

    def _press(self, key: str, *, ends: bool = False) -> None:
        self._page.keyboard.press(key)
        if ends:
            self._keys.ends += 1
        else:
            self._keys.others += 1


@contextmanager
def _copy(results: Path, folder: Path, papers: Path) -> Iterator[Store]:
    shutil.copy(results / FILE, folder / FILE)
    with Store.beside(folder) as store:
        store.came_in(find_sources([papers]).sources)
        with store.database.writing() as session:
            add_person(session, "keys", "Keys", PASSWORD, Role.OPERATOR, everywhere=True, language="en")
        yield store


@contextmanager
def _served(store: Store, folder: Path, watched: float) -> Iterator[str]:
    desk = Desk(store, folder, Album(folder / "pictures", open_pages), lambda _path, _leaving: 0, watched=watched)
    server = uvicorn.Server(uvicorn.Config(build(desk), port=0, **SERVER))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def _score(
    store: Store,
    key: tuple[str, int],
    known: Mapping[tuple[str, int], Truth],
    planted: Mapping[tuple[str, int, str], Planted],
    asked: set[str],
    done: Worked,
) -> None:
    """Planted figures that left right, and others that did not."""
    with store.database.reading() as session:
        case = open_case(session, store.layouts, key)
        truth = known[case.form.file, key[1]]
        for place in asked:
            right = truth.is_right(place, case.values[place])
            if (found := planted.get((*key, place))) is not None:
                if truth.is_right(place, found.value):
                    continue  # by chance it is what stands there
                kind = "noughts" if found.value in NOUGHTS else "figures"
                done.planted[kind] += 1
                done.caught[kind] += right
            else:
                done.wrong += not right


def table(careful: Worked, careless: Worked) -> Iterator[str]:
    """The page's lines."""
    counts = careful.keys
    yield f"{len(counts)} forms settled by each operator; panels of the careful one: " + ", ".join(
        f"{kind} {count}" for kind, count in careful.kinds.most_common()
    )
    yield ""
    yield "| keys a form | median | mean | most |"
    yield "|---|---|---|---|"
    rows: Sequence[tuple[str, list[int]]] = (
        ("beyond the figures typed and the Enter that ends each", [k.others for k in counts]),
        ("the same with that Enter", [k.others + k.ends for k in counts]),
        ("characters of the figures typed", [k.typed for k in counts]),
    )
    for name, values in rows:
        yield f"| {name} | {median(values):g} | {sum(values) / len(values):.1f} | {max(values)} |"
    yield ""
    yield "| operator | planted wrong | came out right | 95 % interval | of other figures asked about, wrong |"
    yield "|---|---|---|---|---|"
    for name, worked in (("careful", careful), ("careless", careless)):
        for kind in ("figures", "noughts"):
            hits, total = worked.caught[kind], worked.planted[kind]
            low, high = wilson(hits, total)
            share = f"{100 * hits / total:.1f} %" if total else "–"
            interval = f"{100 * low:.1f}–{100 * high:.1f} %"
            yield f"| {name}, {kind} | {total} | {hits} ({share}) | {interval} | {worked.wrong} |"
    yield ""
    yield "| operator | cards the station planted among noughts | seen |"
    yield "|---|---|---|"
    for name, worked in (("careful", careful), ("careless", careless)):
        yield f"| {name} | {worked.watched.total()} | {worked.watched[True]} |"


if __name__ == "__main__":
    main()
