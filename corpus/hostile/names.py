"""Names, links, devices and files of other kinds, as folders may hold them."""

from __future__ import annotations

import io
import os
import socket
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from corpus.hostile.bombs import GIGABYTE, MEGABYTE
from corpus.hostile.pdf import one_page

NAMES = (
    b"line\nbreak.pdf",
    b"return\rtab\t.pdf",
    b"\x1b[31mred\x1b[0m\x1b]0;title\x07.pdf",
    b"bell\x07\x08\x7f.pdf",
    "turned\u202efdp.exe.pdf".encode(),
    "isolated\u2066a\u2069\u200b\ufeff.pdf".encode(),
    "next\u0085line\u2028separator\u2029.pdf".encode(),
    "c1\u009b31m.pdf".encode(),
    b"bytes-\xff\xfe\xc3\x28.pdf",
    b'quote"comma,semicolon;.pdf',
    b"=cmd|'-c calc'!A1.pdf",
    b"+formula.pdf",
    b"-option.pdf",
    b"@sum(1).pdf",
    b"--out=elsewhere.pdf",
    b"$(touch marker);`touch marker`&.pdf",
    b"%s%n%x{file}{0}.pdf",
    b"<script>alert(1)</script>.pdf",
    b"back\\slash\\..\\up.pdf",
    b"..pdf",
    b"...pdf",
    b"a..b.pdf",
    b" space around .pdf ",
    b"CON.pdf",
    b"x" * 251 + b".pdf",
    "ё".encode() * 125 + b".pdf",
    "й".encode() + "и\u0306".encode() + b".pdf",
    "\U0001f4a9\U000e0041.pdf".encode(),
)
"""As bytes: some are no UTF-8. Each holds a paper of its own."""
OFFICE = b"[Content_Types].xml"


def archives() -> dict[str, Callable[[], bytes]]:
    """Makers by file name: what is no paper, under its own name and under a paper's."""
    return {
        "archive.zip": lambda: _zip({"form.pdf": one_page()}),
        "archive-called.pdf": lambda: _zip({"form.pdf": one_page()}),
        "archive-with-mark.pdf": lambda: _zip({"form.pdf": one_page()}, zipfile.ZIP_STORED),
        "climbing.zip": lambda: _zip({"../../../marker": b"x", "/tmp/marker": b"x"}),  # noqa: S108
        "bomb.zip": lambda: _zip({f"{n}.bin": bytes(64 * MEGABYTE) for n in range(4)}),
        "letter.docx": lambda: _zip({OFFICE.decode(): b"<x/>", "word/document.xml": b"<x/>"}),
        "table.xlsx": lambda: _zip({OFFICE.decode(): b"<x/>", "xl/workbook.xml": b"<x/>"}),
        "text.odt": lambda: _zip({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        "archive.tar.gz": _tar,
        "archive.7z": lambda: b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 100,
        "archive.rar": lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 100,
        "letter.eml": lambda: b"From: a@example.org\nContent-Type: application/pdf\n\nJVBERi0xLjcK\n",
        "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "letter.msg": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "program.exe": lambda: b"MZ\x90\0" + b"\0" * 600,
        "program-called.pdf": lambda: b"\x7fELF\x02\x01\x01\0" + b"\0" * 600,
        "page.html": lambda: b"<!doctype html><script>alert(1)</script>",
        "drawing.svg": lambda: (
            b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:" + b"///etc/passwd'/></svg>"
        ),
        "print.ps": lambda: b"%!PS\n(/etc/passwd) (r) file\n",
        "print-called.pdf": lambda: b"%!PS-Adobe-3.0\n{} loop\n",
        "text-called.tif": lambda: b"II but no TIFF",
        "text-called.jpg": lambda: b"no picture at all",
        "nothing.pdf": lambda: b"",
        "nothing.tif": lambda: b"",
        "zeros.pdf": lambda: bytes(2 * MEGABYTE),
    }


def _zip(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, packing)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("form.pdf"))
    return file.getvalue()


def write_named(folder: Path) -> int:
    """A paper under each odd name, no two alike; how many the file system took."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for number, name in enumerate(NAMES):
        with suppress(OSError):  # a file system may refuse a name
            path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - bytes have no Path
            Path(os.fsdecode(path)).write_bytes(one_page(b"BT /F1 9 Tf 9 9 Td (%d) Tj ET" % number))
            written += 1
    return written


def write_special(folder: Path) -> None:
    """Links to everywhere, a pipe, a socket, a sparse giant, folders in folders. Nothing of it is to be followed."""
    folder.mkdir(parents=True, exist_ok=True)
    links = {"outside.pdf": "/etc/passwd", "zero.pdf": "/dev/zero", "upwards": "..", "itself.pdf": "itself.pdf"}
    links |= {"dangling.pdf": "nowhere.pdf", "proc.pdf": "/proc/self/mem", "one.pdf": "two.pdf", "two.pdf": "one.pdf"}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.pdf")
    with closing(socket.socket(socket.AF_UNIX)) as ear, suppress(OSError):  # a path may be too long for a socket
        ear.bind(str(folder / "ear.pdf"))
    with (folder / "sparse.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(GIGABYTE)
    deep = folder.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "deep.pdf").write_bytes(one_page())
    (folder / "folder.pdf").mkdir()
