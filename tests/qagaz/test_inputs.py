"""What may be given to be read besides files and folders: lists of them, and addresses of object stores."""

from __future__ import annotations

import sys
from pathlib import Path

import fsspec
import pytest

from extract.intake import kind_of
from layouts.errors import Rejected
from qagaz import cli, remote
from qagaz.inputs import InputError, Inputs
from qagaz.limits import Limits
from qagaz.remote import Address, AddressError, UnreachableError, bring, entries
from tests.qagaz import fakes
from tests.qagaz.conftest import table

SECRET = "AKIASECRET"


@pytest.fixture
def memory():
    """An object store inside this process; makes objects and gives the address of a prefix."""
    store = fsspec.filesystem("memory")

    def put(**objects: str) -> str:
        for name, words in objects.items():
            store.pipe(f"/archive/{name.replace('__', '/')}.pdf", f"%PDF-{name} {words}".encode())
        return "memory://archive"

    yield put
    store.store.clear()
    store.pseudo_dirs[:] = [""]


@pytest.fixture
def go(run):
    def read(given, **more):
        return run(given, **({"crowd": fakes.Alone} | more))

    return read


def names(tmp_path: Path, out: str = "out") -> list[str]:
    return [row["file"] for row in table(tmp_path / out, "forms")]


def test_a_list_names_files_folders_and_addresses(papers, go, memory, tmp_path):
    """One a line, bare lines left out, names as if each were an input; what is named twice is read once."""
    folder = papers(a="form", b="doubt")
    memory(day__c="form")
    (tmp_path / "list.txt").write_text(f"\ufeff{folder / 'a.pdf'}\r\n\n{folder}\nmemory://archive\n")
    counts = go("", lists=(str(tmp_path / "list.txt"),))
    assert names(tmp_path) == ["a.pdf", "b.pdf", "day/c.pdf"]
    assert counts.files == 3


def test_a_list_may_come_from_standard_input(papers, tmp_path, monkeypatch):
    folder = papers(a="form", b="form")
    (tmp_path / "list").write_text(f"{folder}/b.pdf\n")
    with (tmp_path / "list").open() as lines:
        monkeypatch.setattr(sys, "stdin", lines)
        assert [entry.name for entry in Inputs((), ("-",)).entries(kind_of)] == ["b.pdf"]


def test_a_bad_line_is_said_with_its_number_and_costs_its_own_row(papers, go, tmp_path):
    """Nothing there, no such protocol, a password, a byte that no path has: the others are read; mended, it is gone."""
    folder = papers(a="form")
    lines = ["lost/b.pdf", f"s3://{SECRET}:pass@bucket/c.pdf", f"{folder}/a.pdf", "gopher://x/y", "a\0b", "memory://no"]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    for _ in range(2):
        counts = go("", lists=(str(tmp_path / "list.txt"),))
    rows = {row["file"]: row["reasons"] for row in table(tmp_path / "out", "forms")}
    assert rows == {
        "a.pdf": "", "b.pdf": "list-missing", "list.txt:2": "list-credentials", "list.txt:4": "list-protocol",
        "a\0b": "list-missing", "list.txt:6": "list-unreachable",
    }  # fmt: skip
    told = {row["file"]: row["message"] for row in table(tmp_path / "out", "findings")}
    assert "line 1 of list.txt" in told["b.pdf"]
    assert "line 2 of list.txt" in told["list.txt:2"]
    assert (counts.files, counts.read) == (6, 0)
    for path in (path for path in (tmp_path / "out").rglob("*") if path.is_file()):
        assert SECRET.encode() not in path.read_bytes(), path
    (tmp_path / "list.txt").write_text(f"{folder}/a.pdf\n")
    go("", lists=(str(tmp_path / "list.txt"),))
    assert names(tmp_path) == ["a.pdf"]


def test_a_list_that_is_not_there_ends_the_run(go, tmp_path):
    with pytest.raises(InputError) as caught:
        go("", lists=(str(tmp_path / "none"),))
    assert caught.value.exit_code == 2


def test_equal_names_from_a_list_get_their_folders_in_front(go, tmp_path):
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.pdf").write_text(f"%PDF-{name} form")
    (tmp_path / "list.txt").write_text(f"{tmp_path}/x/1.pdf\n{tmp_path}/y/1.pdf\n")
    go("", lists=(str(tmp_path / "list.txt"),))
    assert names(tmp_path) == ["x/1.pdf", "y/1.pdf"]


def test_objects_are_read_like_files(go, run, memory, papers, tmp_path):
    """Same bytes, same source, same rows; nothing of them is left near, and a second run brings nothing."""
    go(memory(a="form", day__b="doubt"))
    for path in [f"archive/{name}" for name in ("a", "day/b")]:
        local = tmp_path / f"{path}.pdf"
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_bytes(fsspec.filesystem("memory").cat(f"/{path}.pdf"))
    go(tmp_path / "archive", out="local")
    for name in ("cells.csv", "forms.csv", "trail.parquet", "manifest.json"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "local" / name).read_bytes()
    assert not list((tmp_path / "out").glob(".spool*"))
    counts = go("memory://archive")
    assert (run.seen, counts.unchanged) == ([], True)


def test_a_changed_object_is_read_again(go, run, memory):
    go(memory(a="form", b="form"))
    memory(a="doubt")
    go("memory://archive")
    assert run.seen == ["a.pdf"]


def test_an_object_that_was_read_under_another_name_is_brought_but_not_read(go, run, memory):
    """Only its bytes tell what it is."""
    memory(a="form")
    store = fsspec.filesystem("memory")
    go("memory://archive")
    store.copy("/archive/a.pdf", "/other/z.pdf")
    counts = go("memory://other")
    assert (run.seen, counts.read, counts.statuses) == ([], 0, {"accepted": 1})


def test_what_is_no_paper_is_passed_over_by_its_name(go, memory, tmp_path):
    """Hidden objects and folders, unknown endings; an object that was named is taken whatever it is."""
    store = fsspec.filesystem("memory")
    memory(a="form")
    for name in ("notes.txt", ".hidden.pdf", ".trash/x.pdf"):
        store.pipe(f"/archive/{name}", b"%PDF-x form")
    go("memory://archive")
    assert names(tmp_path) == ["a.pdf"]
    assert [row["file"] for row in table(tmp_path / "out", "skipped")] == [".hidden.pdf", ".trash", "notes.txt"]
    go("memory://archive/notes.txt", out="named")
    assert names(tmp_path, "named") == ["notes.txt"]


def test_page_pictures_under_one_prefix_are_one_paper(memory, tmp_path):
    """Brought as a folder, in which their order is that of their names."""
    store = fsspec.filesystem("memory")
    for number in (1, 2, 10):
        store.pipe(f"/archive/photo/page-{number}.jpg", b"\xff\xd8\xff %d" % number)
    memory(a="form")
    found = {entry.name: entry.address for entry in entries(Address.of("memory://archive"))}
    assert found == {"a.pdf": "memory://archive/a.pdf", "photo": "memory://archive/photo/"}
    folder = bring(found["photo"], tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["page-1.jpg", "page-10.jpg", "page-2.jpg"]


def test_an_object_that_cannot_be_had_costs_its_own_row_and_is_tried_again(go, run, memory, tmp_path, monkeypatch):
    memory(a="form", b="form")

    def lose(address, _into):
        if address.endswith("a.pdf"):
            raise UnreachableError("error.address-unreachable", address=address, detail="TimeoutError")
        return plain(address, _into)

    plain = bring
    monkeypatch.setattr("qagaz.worker.bring", lose)
    go("memory://archive")
    rows = {row["file"]: (row["reasons"], row["source"]) for row in table(tmp_path / "out", "forms")}
    assert rows["a.pdf"] == ("address-unreachable", "")
    monkeypatch.setattr("qagaz.worker.bring", plain)
    go("memory://archive")
    assert run.seen == ["a.pdf"]
    assert [row["status"] for row in table(tmp_path / "out", "forms")] == ["accepted", "accepted"]


def test_an_object_above_the_limit_is_not_brought(go, memory, tmp_path, monkeypatch):
    """Told by its size before any of it comes; one that claims to be small is cut off."""
    address = memory(a="form " * 100)
    with pytest.raises(Rejected, match="object-too-large"):
        bring(f"{address}/a.pdf", tmp_path, most=50)
    monkeypatch.setattr(remote, "MOST_BYTES", 50)
    go(address)
    assert [row["reasons"] for row in table(tmp_path / "out", "forms")] == ["object-too-large"]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"s3://{SECRET}:pass@bucket/a", "address-credentials"),
        ("http://host/a.pdf", "address-protocol"),
        ("simplecache::s3://bucket/a", "address-protocol"),
        ("gs://bucket/a", "address-package"),
        ("memory://nothing/there", "address-unreachable"),
    ],
)
def test_an_address_that_cannot_be_used_ends_the_run(papers, tmp_path, capsys, monkeypatch, address, told):
    """With what to do about it; a password is not repeated."""
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(AddressError, match=told):
        list(Inputs((address,)).entries(kind_of))
    assert cli.main(["read", address, "--out", str(tmp_path / "out"), "--language", "en"]) == 2
    said = capsys.readouterr().err
    assert SECRET not in said
    assert ("pip install" in said) == ("package" in told)


def test_a_file_address_is_a_path(papers, tmp_path):
    folder = papers(a="form")
    found = list(Inputs((folder.as_uri(),)).entries(kind_of))
    assert [(entry.name, entry.address) for entry in found] == [("a.pdf", "")]


@pytest.fixture
def bucket(monkeypatch):
    """An S3 server on this machine, with one bucket; the way to it stands in the environment."""
    server = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    own = {
        "AWS_ACCESS_KEY_ID": SECRET,
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    thread = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    thread.start()
    host, port = thread.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    client = boto3.client("s3")
    client.create_bucket(Bucket="archive")
    yield lambda name, words: client.put_object(Bucket="archive", Key=name, Body=f"%PDF-{name} {words}".encode())
    client.close()
    thread.stop()


def test_papers_under_s3_are_read_by_processes_of_their_own(bucket, run, tmp_path):
    """Whoever may read them is known from the environment; it stands nowhere in the results."""
    bucket("2026/a.pdf", "form")
    bucket("2026/day/b.pdf", "reject")
    run("s3://archive/2026", jobs=1, limits=Limits(base_seconds=60.0))
    assert [(row["file"], row["status"]) for row in table(tmp_path / "out", "forms")] == [
        ("a.pdf", "accepted"), ("day/b.pdf", "rejected"),
    ]  # fmt: skip
    for path in (path for path in (tmp_path / "out").rglob("*") if path.is_file()):
        assert SECRET.encode() not in path.read_bytes(), path
    bucket("2026/a.pdf", "doubt")
    run("s3://archive/2026", crowd=fakes.Alone)
    assert run.seen == ["a.pdf"]
    assert not list((tmp_path / "out").glob(".spool*"))
