"""How long pages take on a long queue, seen from the browser: first byte and whole answer, one client and many."""

from __future__ import annotations

import random
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from review.store import Store
from tests.review.load.made import PASSWORD, Job, hire, make_queue
from tests.review.load.person import ADDRESS
from tests.review.load.serve import StationProcess
from tests.review.station.forms import LAYOUTS

Times = dict[str, list[tuple[float, float]]]  # what was asked for → first byte and whole answer, milliseconds
HOLD = 900.0  # seconds: nothing is given back while this measures
TABS = ("open", "done", "second", "open&page=150")  # of the queue


@contextmanager
def long_queue(url: str, folder: Path, forms: int, people: int) -> Iterator[tuple[StationProcess, tuple[Job, ...]]]:
    """A station on so many forms, with people hired."""
    with Store(url, LAYOUTS) as store:
        jobs = make_queue(store, folder, forms)
        hire(store, people)
        with store.database.writing() as session:
            session.connection().exec_driver_sql("ANALYZE")
    station = StationProcess(url, folder, HOLD)
    try:
        station.start()
        station.wait()
        yield station, jobs
    finally:
        station.close()


def measure(station: StationProcess, jobs: Sequence[Job], folder: Path, clients: int, requests: int) -> Times:
    """Each kind of request so many times, by so many clients at once."""
    answers = {job.source: job.answers for job in jobs}
    each = -(-requests // clients)
    with ThreadPoolExecutor(clients) as pool:
        told = (station.address, answers, folder, clients == 1)
        users = [_User(f"w{number:02}", *told) for number in range(1, clients + 1)]
        list(pool.map(lambda user: user.log_in(), users))
        list(pool.map(lambda user: user.work(each), users))
    times: Times = {}
    for user in users:
        for name, seen in user.times.items():
            times.setdefault(name, []).extend(seen)
    return times


def told(times: Times) -> dict[str, dict[str, float]]:
    """Of each kind: how many, and in milliseconds the median first byte, median and 95th percentile of the whole."""
    return {
        name: {
            "n": len(seen),
            "first": round(statistics.median(first for first, _ in seen), 1),
            "median": round(statistics.median(whole for _, whole in seen), 1),
            "p95": round(statistics.quantiles([whole for _, whole in seen], n=20)[-1], 1),
        }
        for name, seen in times.items()
    }


class _User:
    """Somebody who works through the queue as fast as it answers."""

    def __init__(
        self, login: str, address: str, answers: dict[str, tuple[tuple[str, str], ...]], folder: Path, alone: bool
    ) -> None:
        self.times: Times = {}
        self._login, self._answers, self._folder, self._alone = login, answers, folder, alone
        self._rng = random.Random(login)
        self._browser = httpx.Client(base_url=address, timeout=60)
        self._form_key = ""

    def log_in(self) -> None:
        """Not measured: it is slow by intention."""
        page = self._browser.get("/login").text
        key = page.partition('name="form_key" value="')[2].partition('"')[0]
        sent = {"login": self._login, "password": PASSWORD, "form_key": key}
        assert self._browser.post("/login", data=sent).status_code == 303
        self._form_key = self._browser.get("/").text.partition('name="form_key" value="')[2].partition('"')[0]

    def work(self, rounds: int) -> None:
        """Every page once a round."""
        for turn in range(rounds):
            self._timed("queue", "GET", f"/?state={TABS[turn % len(TABS)]}")
            began = time.perf_counter()
            taken = self._timed("next form: claim", "POST", "/next")
            found = ADDRESS.search(taken.headers["location"])
            assert found is not None
            address, source = found[0], found[1]
            self._timed("next form: page", "GET", address)
            whole = 1000 * (time.perf_counter() - began)
            self.times.setdefault("next form: both", []).append((whole, whole))
            self._pictures(address, source)
            for place, value in self._answers[source]:
                sent = {"place": place, "value": value, "token": f"{self._rng.getrandbits(96):024x}"}
                answer = self._timed("answer", "POST", f"{address}/answer", **sent)
                assert answer.status_code in (200, 204, 303), answer.text

    def _pictures(self, address: str, source: str) -> None:
        kept = self._folder / "pictures" / source[:2] / source
        page = f"{address}/pages/1.jpg"
        place = self._rng.choice(self._answers[source])[0].rpartition("@")[2]
        if self._alone:  # pictures go away under nobody's hands
            shutil.rmtree(kept, ignore_errors=True)
            self._timed("page, never shown before", "GET", page)
            self._timed("crop, never shown before", "GET", f"{address}/crops/{place}.jpg")
        self._timed("page", "GET", page)
        self._timed("crop", "GET", f"{address}/crops/{place}.jpg")

    def _timed(self, name: str, method: str, path: str, **sent: str) -> httpx.Response:
        body = {**sent, "form_key": self._form_key} if method == "POST" else None
        began = time.perf_counter()
        with self._browser.stream(method, path, data=body) as answer:
            first = time.perf_counter() - began
            answer.read()
            whole = time.perf_counter() - began
        assert answer.status_code in (200, 204, 303), f"{method} {path}: {answer.status_code}"
        self.times.setdefault(name, []).append((1000 * first, 1000 * whole))
        return answer
