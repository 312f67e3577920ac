"""A day's papers: real made-up forms, copies of some, and files nobody should have sent."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path

from corpus.make import make

DEADLY = b"\n% deadly\n"  # how a paper ends that takes its reader with it
SEED = 810001
DIGITAL = ("digital", "docx", "labels", "units", "notice", "bundle-digital", "revision", "branches", "mistakes")
COPIES = 3


def make_batch(folder: Path, digital: int, scans: int, seed: int = SEED) -> Path:
    """A folder of papers, made once; named so that kinds come in turn."""
    if folder.exists():
        return folder
    making = folder.with_name(f"{folder.name}-making")
    shutil.rmtree(making, ignore_errors=True)
    make(making / "digital", seed, digital, list(DIGITAL[: max(1, digital)]))
    if scans:
        make(making / "scans", seed + 5000, scans, ["scan200"])
    for truth in making.rglob("truth.json"):
        truth.unlink()
    forms = sorted(path for path in making.rglob("*.pdf"))
    (making / "again").mkdir()
    for number, form in enumerate(forms[:COPIES]):
        shutil.copy(form, making / "again" / f"copy-{number}.pdf")
    _bad_files(making / "bad", forms[0])
    making.rename(folder)
    return folder


def _bad_files(folder: Path, form: Path) -> None:
    folder.mkdir()
    whole = form.read_bytes()
    (folder / "deadly.pdf").write_bytes(whole + DEADLY)
    (folder / "cut short.pdf").write_bytes(whole[: len(whole) // 3])
    (folder / "garbage.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "new\nline.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (folder / "letter.txt").write_text("Please find enclosed.\n", encoding="utf-8")
    (folder / "bomb.png").write_bytes(_vast_picture(60_000))


def _vast_picture(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it is `side` pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(4096))), (b"IEND", b""))
    )
