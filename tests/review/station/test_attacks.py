"""The station under attack: each is tried for real, over the wire."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import func, select, text

from review.station import visits
from review.station.app import build
from review.station.guard import MOST_OF_STRANGERS, MOST_TYPED, POLICY
from review.work.schema import Person, Record, Task, Visit
from review.work.staff import passwords
from tests.review.station.attempts import enter, lasting_client, raw, snapshot
from tests.review.station.conftest import PASSWORD
from tests.review.station.forms import task_of
from tests.review.station.others import DOUBT, NOBODY
from tests.review.station.walk import getting, posting

HOSTILE = """<img src=x onerror="window.pwned=1">'"><script>window.pwned=1</script>{{7*7}}"""
QUOTES = """'; DROP TABLE people; --"""


# Log-in


@pytest.mark.parametrize("login", ["asel", "nobody-of-this-name"])
def test_guessing_one_name_s_password_ends_after_a_few_tries(station, login):
    """Even the right one no longer opens; a name that does not exist answers word for word alike."""
    with lasting_client(station) as client:
        told = [enter(client, login, f"guess {n}") for n in range(visits.MOST_BY_LOGIN + 1)]
        assert [each.status_code for each in told] == [401] * visits.MOST_BY_LOGIN + [429]
        assert len({each.text for each in told[:-1]}) == 1
        assert "Логин немесе" in told[0].text or "Логин или пароль неверны" in told[0].text
        assert login not in told[0].text
        assert enter(client, login).status_code == 429


def test_guessing_with_changing_names_ends_too(station, monkeypatch):
    """Failures count by address, whatever name is tried."""
    monkeypatch.setattr(visits, "fits", lambda *_: False)
    with lasting_client(station) as client:
        told = [enter(client, f"name{n}").status_code for n in range(visits.MOST_BY_ADDRESS + 2)]
    assert told == [401] * visits.MOST_BY_ADDRESS + [429] * 2


def test_an_address_cannot_be_made_up(station, monkeypatch):
    """What a browser says of being forwarded counts for nothing."""
    monkeypatch.setattr(visits, "fits", lambda *_: False)
    with lasting_client(station) as client:
        for number in range(visits.MOST_BY_ADDRESS + 1):
            client.headers["x-forwarded-for"] = f"10.0.0.{number}"
            last = enter(client, f"name{number}")
    assert last.status_code == 429


def test_a_name_that_exists_takes_no_longer_than_one_that_does_not(station, monkeypatch):
    """As many passwords are looked at for the one as for the other."""
    looked = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher, "verify", lambda self, *told: looked.append(told[0]) or verify(self, *told)
    )
    with lasting_client(station) as client:
        for login in ("asel", "nobody"):
            assert enter(client, login, "wrong password").status_code == 401
    assert len(looked) == 2
    assert len({kept.rpartition("$")[0].rpartition("$")[0] for kept in looked}) == 1  # the same parameters


def test_a_key_planted_before_the_log_in_opens_nothing(station, store):
    """A new key is made at every log-in; those from before, planted or earned, are worth nothing."""
    with lasting_client(station) as client, httpx.Client(base_url=station.url) as thief:
        before = client.cookies["qagaz_form_key"]
        client.cookies.set("qagaz", "planted", domain="127.0.0.1", path="/")
        assert enter(client).status_code == 303
        [key] = [cookie.value for cookie in client.cookies.jar if cookie.name == "qagaz" and cookie.value != "planted"]
        assert "qagaz_form_key" not in client.cookies
        thief.cookies.set("qagaz", "planted")
        assert thief.get("/").headers["location"] == "/login"
        thief.cookies.set("qagaz", key)
        thief.cookies.set("qagaz_form_key", before)
        assert thief.post("/next", data={"form_key": before}).status_code == 403
    with store.database.reading() as session:
        kept = session.scalars(select(Visit.key)).all()
    assert kept
    assert key not in kept


def test_logging_in_again_ends_the_visit_before(station, person):
    """The same browser has one visit, not two."""
    asel = person("asel")
    old = asel.cookies["qagaz"]
    again = asel.post("/logout", data={"form_key": asel.key})
    assert again.status_code == 200
    with httpx.Client(base_url=station.url, cookies={"qagaz": old}) as thief:
        assert thief.get("/").headers["location"] == "/login"


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(desk):
    """HttpOnly, SameSite=Strict, for this host alone, and Secure where the station is told it is behind TLS."""
    for secure in (False, True):
        told = asyncio.run(_cookies(build(replace(desk, secure=secure)), secure=secure))
        assert {each.partition("=")[0] for each in told} == {"qagaz", "qagaz_form_key", "qagaz_language"}
        for each in map(str.lower, told):
            assert "; httponly" in each
            assert "; samesite=strict" in each
            assert "; path=/" in each
            assert "domain=" not in each
            assert ("; secure" in each) is secure


async def _cookies(station, *, secure):
    """All cookies that are set between coming and going."""
    transport = httpx.ASGITransport(station)
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost", timeout=60) as client:
        answers = [await client.get("/login")]
        data = {"login": "asel", "password": PASSWORD, "form_key": client.cookies["qagaz_form_key"]}
        answers.append(await client.post("/login", data=data))
        form_key = (await client.get("/")).text.partition('name="form_key" value="')[2].partition('"')[0]
        said = {"language": "kk", "form_key": form_key}
        answers += [await client.post(path, data=said) for path in ("/language", "/logout")]
    assert all(("strict-transport-security" in each.headers) is secure for each in answers)
    return [cookie for each in answers for cookie in each.headers.get_list("set-cookie")]


# What other sites' pages make a browser send


def test_nothing_is_done_without_the_visit_s_form_key(other, desk, store, person):
    """Missing, wrong, empty, another visit's, from before the log-in: refused at every address there is."""
    saule, asel = person("saule"), person("asel")
    before = snapshot(store)
    wrong = [{}, {"form_key": ""}, {"form_key": "x"}, {"form_key": asel.key}, {"form_key": saule.key + "x"}]
    for address in posting(desk, other):
        for data in wrong:
            told = saule.post(address.path, data=data, follow_redirects=False)
            assert told.status_code == 403, (address, data)
    assert saule.post("/next", data={}, headers={"x-form-key": asel.key}).status_code == 403
    assert snapshot(store) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_the_form_key(person, headers):
    """Browsers say where a form comes from."""
    asel = person("asel")
    assert asel.post("/next", data={"form_key": asel.key}, headers=headers).status_code == 403
    fine = {"origin": str(asel.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    assert asel.post("/next", data={"form_key": asel.key}, headers=fine).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8010", "127.0.0.1.evil.example", "localhost@evil", ""])
def test_a_name_that_is_made_to_lead_here_is_refused(station, host):
    """DNS rebinding: the page of another name gets nothing, not even the log-in."""
    told = raw(station, f"GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert told.split()[1] in {b"421", b"400"}
    assert b"set-cookie" not in told.lower()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:x",
        "/\r\nSet-Cookie: a=b",
    ],
)
def test_nobody_is_sent_to_another_site(station, person, target):
    """After the log-in, after choosing a language, and where one is logged in already."""
    asel = person("asel")
    for told in (
        asel.post("/language", data={"language": "kk", "next": target, "form_key": asel.key}, follow_redirects=False),
        asel.get("/login", params={"next": target}, follow_redirects=False),
    ):
        assert told.status_code == 303
        assert told.headers["location"] == "/"
    with lasting_client(station) as client:
        assert enter(client, next=target).headers["location"] == "/"


# What is shown


def test_names_and_texts_are_never_taken_for_markup(store, filled, desk, browse):
    """File, region, note, department and person are hostile; all pages are looked at, and no script runs.

    Nor does any page have a script or style in it that its own policy would have to stop.
    """
    form = filled(f"{HOSTILE.replace('/', ' ')}.png", doubts=[DOUBT], mistake=True, office=HOSTILE[:100])
    with store.database.writing() as session:
        session.execute(
            text("UPDATE cells SET value = :told, written = :told WHERE place = 'region'"), {"told": HOSTILE}
        )
        session.execute(text("UPDATE forms SET region = :told"), {"told": HOSTILE})
        session.execute(text("UPDATE people SET name = :told"), {"told": HOSTILE})
    values = NOBODY | {"source": form.source, "login": "asel"}
    page = browse("saule")
    page.add_init_script("addEventListener('securitypolicyviolation', e => console.error('policy', e.sourceFile))")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(form.address)
    key = page.locator("[name=form_key]").first.get_attribute("value")
    page.request.post(f"{form.address}/claim", form={"form_key": key})
    sent = {"form_key": key, "place": DOUBT, "value": "5", "note": HOSTILE, "token": "t", "origin": "respondent"}
    page.request.post(f"{form.address}/answer", form=sent)
    for address in getting(desk, values):
        told = page.request.get(address.path)
        if not told.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address.path)
        assert page.evaluate("window.pwned") is None, address
        assert page.locator("[onerror]").count() == 0, address
        assert "49" not in page.title(), address
    assert dialogs == []
    assert [each for each in page.wrong if "policy" in each.lower()] == []


def test_every_answer_tells_browsers_what_they_may_not(station, person, desk, other):
    """Pages, pictures, scripts, redirects and refusals alike: no frames, no foreign code, no guessing of types."""
    saule = person("saule")
    paths = [each.path for each in getting(desk, other)]
    for path in [*paths, "/static/station.css", "/static/no-such", "/no-such", "/forms/x/1"]:
        told = saule.get(path, follow_redirects=False)
        assert told.headers["content-security-policy"] == POLICY, path
        assert told.headers["x-frame-options"] == "DENY", path
        assert told.headers["x-content-type-options"] == "nosniff", path
        assert told.headers["referrer-policy"] == "same-origin", path
        if not path.startswith("/static/"):
            assert told.headers["vary"] == "cookie", path
    for name in ("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "default-src 'none'"):
        assert name in POLICY
    assert "unsafe" not in POLICY


def test_names_cannot_end_a_header_or_a_statement(store, person):
    """Line ends and quotes in names stay letters, or are refused."""
    saule = person("saule")
    for name in ("A\r\nSet-Cookie: x=y", QUOTES, "x\0y", "\ud83d"):
        told = saule.post(
            "/departments",
            content=f"form_key={quote(saule.key)}&name={quote(name, errors='surrogatepass')}",
            headers={"content-type": "application/x-www-form-urlencoded"},
            follow_redirects=False,
        )
        assert told.status_code == 303
        assert "x" not in told.cookies
    for query in (QUOTES, "%' OR '1'='1", "\\", "_", "%"):
        assert saule.get("/record", params={"who": query, "form": query}).status_code == 200
        assert saule.get(f"/people/{quote(query, safe='')}").status_code == 404
        assert saule.get("/", params={"state": query, "page": query}).status_code == 200
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 4


# What is sent


TRAVERSALS = [
    "../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/app.py",
    "..%5c..%5capp.py",
    "%00",
    "%2fetc%2fpasswd",
    "....//app.py",
]


@pytest.mark.parametrize("there", TRAVERSALS)
def test_no_path_leads_out(other, desk, station, person, there):
    """In the folder of scripts and styles, and in every parameter of an address."""
    saule = person("saule")
    cookie = f"Cookie: qagaz={saule.cookies['qagaz']}\r\n".encode()
    paths = {f"/static/{there}"}
    for name in ("source", "place", "login", "name"):
        paths |= {
            each.path
            for each in getting(desk, NOBODY | {"source": other["source"]} | {name: there})
            if there in each.path
        }
    for path in paths:
        told = raw(
            station,
            b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\n" + cookie + b"Connection: close\r\n\r\n",
        )
        assert told.split()[1] in {b"400", b"404", b"409"}, path
        assert b"root:" not in told


def test_numbers_that_no_database_holds_are_no_address(person, other):
    """They are not found, and nothing breaks."""
    saule = person("saule")
    for number in (2**31, 2**63, 10**40):
        assert saule.get(f"/forms/{other['source']}/{number}").status_code == 404
        assert saule.get("/", params={"page": number}).status_code == 200
        assert saule.get("/record", params={"before": number}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (f"Content-Length: {1 << 40}", b"413"),
        (f"Content-Length: {MOST_OF_STRANGERS + 1}", b"413"),
        ("Content-Length: 99999999999999999999999", b"400"),
        ("Content-Length: -1", b"400"),
        ("Content-Length: 1\r\nContent-Length: 2", b"400"),
        ("Transfer-Encoding: chunked", b"411"),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", b"411"),
        ("X-Nothing: 1", b"411"),
    ],
)
def test_too_much_or_of_unknown_size_is_refused_unread(station, headers, status):
    """The answer comes before anything of it was sent."""
    told = raw(station, f"POST /login HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode())
    assert told.split()[1] == status


def test_many_or_long_fields_are_refused(station, person):
    """Of a form that is typed, and of one with files."""
    asel = person("asel")
    fine = {"form_key": asel.key}
    assert asel.post("/next", data=fine | {"x": "y" * (MOST_TYPED + 1)}).status_code == 413
    assert asel.post("/next", data=fine | {"x": "y" * (1 << 21)}).status_code == 400
    assert asel.post("/next", data=fine | {f"x{n}": "" for n in range(3000)}).status_code == 400
    files = [("x", (f"{n}.png", b"")) for n in range(1100)]
    assert asel.post("/next", data=fine, files=files).status_code == 400
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert asel.post("/next", content=b"--y\r\nno form at all", headers=broken).status_code in {400, 403}
    assert asel.post("/next", content=b"{}", headers={"content-type": "application/json"}).status_code == 403
    odd = {"content-type": "multipart/form-data; boundary=x; charset=unicode_escape"}
    body = b'--x\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n\\ud800\r\n--x--\r\n'
    assert asel.post("/next", content=body, headers=odd).status_code in {400, 403}


def test_a_form_s_answer_that_is_endless_or_no_text_is_refused(filled, person, store):
    """What a figure may be is checked, whatever is sent."""
    form = filled("a.png", doubts=[DOUBT])
    asel = person("asel")
    before = task_of(store, form).open
    asel.say(f"{form.address}/claim")
    for value in ("9" * 5000, "1e999", "NaN", "\0", "<b>", "٣"):
        told = asel.say(f"{form.address}/answer", place=DOUBT, value=value, token=value[:9])
        assert told.status_code in {409, 422}
    assert task_of(store, form).open == before > 0


def test_the_record_holds_what_was_tried(station, store, other, person):
    """Failed log-ins, and who was kept out."""
    with lasting_client(station) as client:
        for _ in range(visits.MOST_BY_LOGIN + 3):
            enter(client, password="wrong password")
    with store.database.reading() as session:
        acts = session.scalars(select(Record.act).where(Record.subject == "asel").order_by(Record.id)).all()
        assert session.get_one(Task, (other["source"], 1)).holder is None
    assert acts == ["login-failed"] * visits.MOST_BY_LOGIN + ["login-refused"]
