"""The station speaks Kazakh, Russian and English, all of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Text, select

import review
from layouts.words import LANGUAGES, catalogue
from review.answers import Act, Origin
from review.schema import Base
from review.station.shown import STATIC
from review.station.words import day, moment, number
from review.work.staff.people import Role
from review.work.tasks import State
from tests.review.station.forms import LAYOUT
from tests.review.station.walk import getting
from validate.records import Cause

TEMPLATES = sorted((STATIC.parent / "templates").glob("*.html"))
SCRIPTS = sorted(STATIC.glob("*.js"))
MODULES = sorted(Path(review.__file__).parent.rglob("*.py"))
KINDS = sorted({message_id.partition(".")[0] for message_id in catalogue()})
LITERAL = re.compile(r"""'([^'\n]*)'|"([^"\n]*)\"""")
ID = re.compile(rf"(?:{'|'.join(KINDS)})\.[a-z0-9]+(?:-[a-z0-9]+)*-?")
SHOWN_ID = re.compile(r"\b(?:station|act|audit|error|told|reason|cause|finding|status|ask)\.[a-z]+(?:-[a-z]+)*\b")
FOLLOW = {  # what may follow an id that a template puts together
    "station.role-": tuple(Role),
    "station.role-may-": tuple(Role),
    "station.language-": LANGUAGES,
    "station.speaks-": LANGUAGES,
    "station.told-": ("made", "changed"),
    "station.state-": tuple(state for state in State if state is not State.CLEAR),
    "station.act-": tuple(Act),
    "station.origin-": tuple(Origin),
    "cause.": tuple(Cause),
}
OWN = {"қағаз", "qagaz", "Қаз", "Рус", "Eng", "· qagaz"}  # the same in every language
# Keyboards sold in Kazakhstan print these caps alike in every layout: to translate them would name keys nobody finds.
KEY_CAPS = {"Alt", "Ctrl", "Del", "Delete", "Enter", "Esc", "PgDn", "PgUp", "Shift", "Tab"}
FORMATS = {"PDF", "TIFF", "JPEG", "PNG", "XLSX", "CSV", "Parquet", "KATO", "BIN", "IIN"}
SAID = ("title", "placeholder", "aria-label", "alt")  # attributes that people see or hear


def literals(text):
    return [single or double for single, double in LITERAL.findall(text)]


def expressions(path):
    """What a template computes."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_message_a_template_says_is_in_the_catalogue(path):
    """Also those whose id is put together: with each ending there may be."""
    for expression in expressions(path):
        for literal in literals(expression):
            if ID.fullmatch(literal) and literal not in catalogue() and not literal.endswith((".css", ".js")):
                known = [message_id for message_id in catalogue() if message_id.startswith(literal)]
                assert literal.endswith(("-", ".")), f"{path.name}: {literal}"
                assert known, f"{path.name}: nothing begins with {literal}"
            for ending in FOLLOW.get(literal, ()):
                assert f"{literal}{ending}" in catalogue(), f"{path.name}: {literal}{ending}"


def test_every_message_the_station_says_is_in_the_catalogue():
    """Ids in the code, and what is put on record."""
    acts = set()
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        for literal in re.findall(r"\"((?:station|act|audit|error)\.[a-z0-9-]*[a-z0-9])\"", text):
            assert literal in catalogue(), f"{path.name}: {literal}"
        acts |= set(re.findall(r"record\(\s*session,\s*[^,]+,\s*\"([a-z-]+)\"", text))
        for one, two in re.findall(r"\"([a-z-]+)\" if \w+ else \"([a-z-]+)\", [a-z.]+\)", text):
            acts |= {one, two} if "record(session" in text else set()
    assert "person-added" in acts
    assert [act for act in sorted(acts | set(Act) - {Act.READ}) if f"act.{act}" not in catalogue()] == []


class Words(HTMLParser):
    """What people see or hear of a page, and its language."""

    def __init__(self, html):
        super().__init__()
        self.found, self.language, self._silent = [], "", False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.language = self.language or (told.get("lang") or "" if tag == "html" else "")
        self._silent = tag in {"script", "style"}
        self.found += [told[name] for name in SAID if told.get(name)]
        self.found += [value for name, value in attrs if name.startswith("data-") and value and " " in value]

    def handle_endtag(self, tag):
        self._silent = False

    def handle_data(self, data):
        if not self._silent and data.strip():
            self.found.append(" ".join(data.split()))


def is_named_alike(text):
    """Whether every word of it is the house's own name or stands on a key: "Alt R", a letter being a key too."""
    return text.strip(" ·") in OWN or all(word in KEY_CAPS or len(word) == 1 for word in text.split())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path):
    """All of them come from the catalogue."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for unseen in (
        r"\{% block body_class %\}.*?\{% endblock %\}",
        r"\{% macro .*?endmacro %\}",
    ):  # classes and addresses
        text = re.sub(unseen, "", text, flags=re.DOTALL)
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    assert [each for each in Words(bare).found if re.search(r"[^\W\d_]", each) and not is_named_alike(each)] == []
    for expression in expressions(path):
        for literal in literals(expression):
            assert not re.search("[а-яәғқңөұүһі]", literal, re.IGNORECASE) or literal in OWN, f"{path.name}: {literal}"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_has_words_of_its_own(path):
    """It takes them from the page; and it never takes text for code."""
    text = re.sub(r"^\s*//.*$|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for literal in [*literals(text), *re.findall(r"`([^`]*)`", text)]:
        assert not re.search("[а-яәғқңөұүһі]", literal, re.IGNORECASE), literal
        assert not re.fullmatch(r"[A-Z][a-z]+( [a-z]+)+[.!?…]?", literal), literal
    shown = r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*[\"'`][^\"'`$]*[^\W\d_]"
    assert re.findall(shown, text) == []
    assert re.findall(r"\beval\(|new Function|document\.write|javascript:", text) == []


@pytest.fixture
def values(filled):
    form = filled("a.png", doubts=["s2/1/1"], mistake=True)
    filled("b.png", seed=3, doubts=["s2/1/1"])
    return {"source": form.source, "form": 1, "page": 1, "place": "s2/1/1", "login": "asel"}


def known_values(desk, values):
    """The addresses whose parameters a test knows; others have tests of their own."""
    return getting(desk, dict.fromkeys(("batch", "id", "number", "crop", "name", "look", "card"), 0) | values)


def texts_of(store):
    """Everything in the store that is text: it is the same in every language."""
    with store.database.reading() as session:
        found = {
            str(value)
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, Text)
            for (value,) in session.execute(select(column))
        }
    return {" ".join(text.split()) for text in found | printed()}


def printed():
    """Labels and headings as printed on the form, in Kazakh and Russian: English shows the Russian ones."""
    words = [words for table in LAYOUT.tables for words in (*(e.label for e in table.lines), *heads(table))]
    return {text for each in words for text in each.all()}


def heads(table):
    return [table.title, *(column.heading for column in table.columns), *(group.words for group in table.groups)]


@pytest.mark.parametrize("login", ["asel", "saule", "anna"])
def test_every_page_is_wholly_in_the_language_chosen(values, desk, store, person, login):
    """No id of a message, the page says which language it is in, and nothing stays in English or Russian."""
    worker = person(login)
    said = {}
    for language in LANGUAGES:
        worker.say("/language", language=language, next="/me")
        for address in known_values(desk, values):
            told = worker.get(address.path)
            if not told.headers.get("content-type", "").startswith("text/html"):
                continue
            words = Words(told.text)
            assert words.language == language, address
            assert [each for each in words.found if SHOWN_ID.search(each)] == [], address
            said[address.path, language] = words.found
    data = texts_of(store)
    for (path, language), words in said.items():
        if language != "en":
            same = {each for each in words if each in said[path, "en"] and not is_data(each, data)}
            assert same == set(), (path, language)


def is_data(text, data):
    """Whether it is no word of a language: names and figures out of the store, codes, marks, keys."""
    if text in data or text.strip(" ·") in OWN | FORMATS | KEY_CAPS or not re.search(r"[^\W\d_]", text):
        return True
    rest = text
    for each in sorted((each for each in data if each and each in text), key=len, reverse=True):
        rest = rest.replace(each, " ")
    words = [word for word in re.split(r"[\s·,;:()]+", rest) if word and word not in OWN | FORMATS | KEY_CAPS]
    return all(re.search(r"\d|/|@|\*", word) or len(word) == 1 or not re.search(r"[^\W\d_]", word) for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_speak_the_browser_s_language(station, language):
    """Also to somebody nobody knows yet."""
    with httpx.Client(base_url=station.url, headers={"accept-language": f"{language},de;q=0.5"}) as client:
        for path, status in (("/no-such", 404), ("/login", 200)):
            told = client.get(path)
            assert told.status_code == status
            assert Words(told.text).language == language
        assert Words(client.post("/login", content=b"x" * (1 << 17)).text).language == language


def test_a_language_chosen_stays_with_the_account(person, station):
    """Wherever one logs in next."""
    asel = person("asel")
    asel.say("/me/language", language="kk")
    assert Words(person("asel").get("/").text).language == "kk"
    asel.say("/language", language="xx", next="/")
    assert Words(asel.get("/").text).language == "kk"


@pytest.mark.parametrize(
    ("language", "amount", "negative", "date_", "at"),
    [
        ("kk", "1\u00a0234\u00a0567,5", "−12", "30.03.2026", "31.03.2026 01:30"),
        ("ru", "1\u00a0234\u00a0567,5", "−12", "30.03.2026", "31.03.2026 01:30"),
        ("en", "1,234,567.5", "−12", "30 Mar 2026", "31 Mar 2026 01:30"),
    ],
)
def test_numbers_and_dates_are_written_as_the_language_writes_them(language, amount, negative, date_, at):
    """Groups, decimal mark, minus; the time is Kazakhstan's."""
    assert number(Decimal("1234567.5"), language) == amount
    assert number("-12", language) == negative
    assert number("", language) == ""
    assert day(date(2026, 3, 30), language) == date_
    assert moment(datetime(2026, 3, 30, 20, 30, tzinfo=UTC), language) == at
