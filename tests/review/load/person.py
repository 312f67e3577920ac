"""Somebody at a browser without scripts: sometimes hasty, sometimes gone; who notes what was acknowledged."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.review.load.made import PASSWORD

ADDRESS = re.compile(r"/forms/([0-9a-f]{64})/(\d+)")
LATER = (502, 503, 504)
KEPT = (200, 204, 303)
REFUSED = (409, 422)
PATIENCE = 30.0  # seconds a request may take
PAUSE = 0.4  # seconds before the next try
REST = 1.0  # seconds, where nothing is to be taken

Key = tuple[str, int]


@dataclass
class Diary:
    """What somebody sent, by token, and which of it the station said it had kept."""

    sent: dict[str, tuple[str, Key, str, str]] = field(default_factory=dict)  # token → who, form, place, value
    kept: set[str] = field(default_factory=set)
    refused: int = 0  # answers about forms that were another's by then
    intruded: int = 0  # answers to forms one never claimed that were kept: must be none
    tries: int = 0  # requests sent again because a station was gone or a database down
    away: int = 0  # pages that said so, in words
    odd: list[str] = field(default_factory=list)  # answers of the station that should not have come


@dataclass
class Habits:
    """How often, of 1."""

    lets_go: float = 0.04
    hands_over: float = 0.04
    vanishes: float = 0.04  # browser killed with a form in hand; comes back under another log-in
    doubles: float = 0.1  # sends the same twice at the same moment
    hangs_up: float = 0.05  # does not wait for what the station says


class Person(threading.Thread):
    """Works at the queue until told to stop."""

    def __init__(
        self,
        logins: Sequence[str],
        stations: Sequence[str],
        answers: Callable[[Key], Sequence[tuple[str, str]]],
        stop: threading.Event,
        *,
        habits: Habits,
        hand_over: Callable[[str, Key], bool],
    ) -> None:
        super().__init__(daemon=True, name=logins[0])
        self.diary = Diary()
        self._logins, self._stations, self._answers, self._stop_now = list(logins), list(stations), answers, stop
        self._habits, self._hand_over = habits, hand_over
        self._rng = random.Random(logins[0])
        self._browser = httpx.Client(timeout=PATIENCE)
        self._key = ""
        self._said: set[tuple[str, Key, str]] = set()

    def run(self) -> None:
        """One form after the other."""
        try:
            self._log_in()
            while not self._stop_now.is_set():
                self._one_form()
        except _StoppedError:
            pass
        except Exception as error:  # noqa: BLE001  # told to whoever counts
            self.diary.odd.append(repr(error))
        finally:
            self._browser.close()

    def _one_form(self) -> None:
        taken = self._say("/next")
        found = ADDRESS.search(taken.headers.get("location", ""))
        if taken.status_code != 303 or found is None:
            if taken.status_code != 303:
                self._note(taken)
            time.sleep(REST)
            return
        key = (found[1], int(found[2]))
        self._look(key)
        for place, value in self._answers(key):
            if self._happens(self._habits.vanishes):
                self._vanish()
                return
            if self._happens(self._habits.lets_go):
                self._say(f"/forms/{key[0]}/{key[1]}/release")
                return
            if self._happens(self._habits.hands_over) and self._hand_over(self._logins[0], key):
                return
            if (self._logins[0], key, place) not in self._said:
                self._answer(key, place, value)

    def _answer(self, key: Key, place: str, value: str) -> None:
        """One answer; what another has answered meanwhile is refused, and the next one may not be."""
        token = f"{self._rng.getrandbits(96):024x}"
        told = {"place": place, "value": value, "note": token, "token": token, "origin": "operator"}
        self.diary.sent[token] = (self._logins[0], key, place, value)
        path = f"/forms/{key[0]}/{key[1]}/answer"
        if self._happens(self._habits.hangs_up):
            self._hang_up(path, told)
        if self._happens(self._habits.doubles):
            with ThreadPoolExecutor(2) as both:
                answers = list(both.map(lambda _: self._say(path, **told), range(2)))
        else:
            answers = [self._say(path, **told)]
        kept = [answer.status_code in KEPT for answer in answers]
        if any(kept):
            self.diary.kept.add(token)
            self._said.add((self._logins[0], key, place))
        elif all(answer.status_code in REFUSED for answer in answers):
            self.diary.refused += 1
        for answer in answers:
            if answer.status_code not in KEPT + REFUSED:
                self._note(answer)

    def _vanish(self) -> None:
        """The browser dies with the form in hand; the person comes back under another log-in."""
        self._browser.close()
        self._browser = httpx.Client(timeout=PATIENCE)
        self._logins.append(self._logins.pop(0))
        self._log_in()

    def _log_in(self) -> None:
        while True:
            page = self._get("/login")
            form_key = page.text.partition('name="form_key" value="')[2].partition('"')[0]
            told = {"login": self._logins[0], "password": PASSWORD, "form_key": form_key}
            answer = self._post("/login", told)
            if answer.status_code == 303:
                break
            time.sleep(PAUSE)
        queue = self._get("/")
        self._key = queue.text.partition('name="form_key" value="')[2].partition('"')[0]

    def _look(self, key: Key) -> None:
        answer = self._get(f"/forms/{key[0]}/{key[1]}")
        if answer.status_code != 200:
            self._note(answer)

    def _say(self, path: str, **told: str) -> httpx.Response:
        return self._post(path, {**told, "form_key": self._key})

    def _hang_up(self, path: str, told: dict[str, str]) -> None:
        """Sent, and gone before anything came back."""
        try:
            address = self._rng.choice(self._stations)
            self._browser.post(
                address + path, data={**told, "form_key": self._key}, timeout=httpx.Timeout(30, read=0.005)
            )
        except httpx.TransportError:
            self.diary.tries += 1

    def _get(self, path: str) -> httpx.Response:
        return self._until_answered(lambda address: self._browser.get(address + path))

    def _post(self, path: str, told: dict[str, str]) -> httpx.Response:
        return self._until_answered(lambda address: self._browser.post(address + path, data=told))

    def _until_answered(self, ask: Callable[[str], httpx.Response]) -> httpx.Response:
        """The same again until a station answers, as people do."""
        while not self._stop_now.is_set():
            try:
                answer = ask(self._rng.choice(self._stations))
            except httpx.TransportError:
                self.diary.tries += 1
            else:
                if answer.status_code not in LATER:
                    return answer
                self.diary.away += "База данных" in answer.text
                self.diary.tries += 1
            time.sleep(PAUSE)
        raise _StoppedError

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

    def _note(self, answer: httpx.Response) -> None:
        self.diary.odd.append(f"{answer.request.method} {answer.request.url.path} {answer.status_code}")


class Intruder(Person):
    """Answers forms that were never theirs, under tokens of nobody."""

    def _one_form(self) -> None:
        source, most = self._rng.choice(self._known)
        token = f"{self._rng.getrandbits(96):024x}"
        told = {"place": "form", "value": "exclude", "note": token, "token": token, "origin": "operator"}
        answer = self._say(f"/forms/{source}/{self._rng.randint(1, most)}/answer", **told)
        self.diary.intruded += answer.status_code not in REFUSED
        self.diary.refused += answer.status_code in REFUSED
        time.sleep(REST)

    def knows(self, forms: Sequence[tuple[str, int]]) -> Intruder:
        """The papers and how many forms each holds."""
        self._known = list(forms)
        return self


class _StoppedError(Exception):
    pass
