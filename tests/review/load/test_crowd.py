"""Many people at one queue, with stations and the database's server going away under their hands.

A short trial of each kind; the long ones are `scripts/prove_station.sh`.
"""

from __future__ import annotations

import httpx
import pytest

from review.store import Store
from tests.review.load.crowd import Plan, run
from tests.review.load.made import PASSWORD, hire
from tests.review.load.serve import StationProcess
from tests.review.load.server import Server, outage_of
from tests.review.station.forms import LAYOUTS


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("server"))
    yield made
    made.close()


def test_twenty_people_at_two_stations_on_postgresql(server, tmp_path):
    """No form is held by two, no answer lost or doubled, with a station killed and the server stopped in between."""
    plan = Plan(people=20, forms=24, stations=2, kills=1, outages=1, hold=4.0)
    assert run(server.fresh(), tmp_path, plan, outage_of(server)).wrong == []


def test_two_people_on_sqlite(tmp_path):
    """The same with the station's own file, the station killed in between."""
    plan = Plan(people=2, forms=8, kills=1, hold=4.0)
    assert run(f"sqlite:///{tmp_path / 'qagaz.db'}", tmp_path, plan).wrong == []


def test_pages_say_that_the_database_does_not_answer(server, tmp_path):
    """In the reader's language, and no more than that; afterwards work goes on."""

    url = server.fresh()
    with Store(url, LAYOUTS) as store:
        hire(store, 1)
    station = StationProcess(url, tmp_path, 60.0)
    try:
        station.wait()
        with httpx.Client(base_url=station.address, timeout=60) as browser:
            page = browser.get("/login").text
            key = page.partition('name="form_key" value="')[2].partition('"')[0]
            browser.post("/login", data={"login": "w01", "password": PASSWORD, "form_key": key})
            server._server.stop()
            for language, words in (("kk", "Дерекқор"), ("ru", "База данных"), ("en", "The database")):
                answer = browser.get("/", headers={"cookie": f"{_cookies(browser)}; qagaz_language={language}"})
                assert (answer.status_code, words in answer.text) == (503, True)
                assert "psycopg" not in answer.text
                assert answer.headers["content-security-policy"]
            server.start()
            assert browser.get("/").status_code == 200
    finally:
        server.start()
        station.close()


def _cookies(browser):
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
