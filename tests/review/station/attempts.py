"""What attacks on the station are made with."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

import httpx
from sqlalchemy import select

from review.schema import Base
from tests.review.station.conftest import PASSWORD


def raw(station, told: bytes) -> bytes:
    """What comes back for these bytes."""
    address = urlsplit(station.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(told)
        line.settimeout(10)
        got = b""
        while b"\r\n\r\n" not in got and (more := line.recv(65536)):
            got += more
        return got


def snapshot(store, *, but=frozenset({"visits", "attempts", "audit", "audit_head"})):
    """Everything the store holds, but for what each visit leaves behind."""
    with store.database.reading() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }


@contextlib.contextmanager
def lasting_client(station):
    """A browser that keeps its cookies and is logged in nowhere."""
    with httpx.Client(base_url=station.url, timeout=60) as client:
        client.get("/login")
        yield client


def enter(client, login="asel", password=PASSWORD, **more):
    data = {"login": login, "password": password, "form_key": client.cookies["qagaz_form_key"], **more}
    return client.post("/login", data=data)
