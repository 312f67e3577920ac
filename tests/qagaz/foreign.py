"""Papers that are no known form, made on the spot: another form of the same shape, blank paper, pictures."""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from reportlab.pdfgen.canvas import Canvas

from corpus import containers
from corpus.kinds import KINDS
from corpus.make import make_file
from layouts.load import shipped_layouts
from layouts.model import Layout, Line, Words

SERVICES = (
    "перевозка пассажиров автобусами", "перевозка грузов", "складирование", "почтовая деятельность", "гостиницы",
    "рестораны", "прокат автомобилей", "охрана", "уборка зданий", "ремонт обуви", "прачечные", "парикмахерские",
    "похороны", "стрижка овец", "ветеринария", "бухгалтерский учёт", "архитектура", "реклама", "обучение вождению",
    "библиотеки", "музеи", "спортивные залы",
)  # fmt: skip


def other_layout() -> Layout:
    """Another report of the same shape: line codes, columns and boxes alike; title, labels and activities others."""
    layout = next(iter(shipped_layouts().values()))
    tables = tuple(replace(t, lines=tuple(_other(i, line) for i, line in enumerate(t.lines))) for t in layout.tables)
    title = Words("Көлік және тұрмыстық қызметтер туралы есеп", "Отчет о транспортных и бытовых услугах")
    return replace(layout, index=Words("1-көлік", "1-транспорт"), title=title, tables=tables)


def _other(number: int, line: Line) -> Line:
    name = SERVICES[number % len(SERVICES)]
    oked = f"{49 + number % 9}.{10 + number}" if line.oked else line.oked
    return replace(line, oked=oked, label=Words(f"Қызмет: {name}", name.capitalize()))


def own_form(folder: Path, kind: str, name: str, *, layout: Layout | None = None) -> Path:
    """A filled form of a kind the corpus knows, without any mistake of the respondent."""
    form = layout or next(iter(shipped_layouts().values()))
    make_file(folder, random.Random(f"bad input/{name}"), replace(KINDS[kind], clean=True), name, form, "dev")
    return folder / f"{name}.pdf"


def blank_scan(path: Path, pages: int = 2) -> Path:
    """Blank paper as a scanner sees it: grain, dust, a shadow at the edge."""
    noise = np.random.default_rng(4)
    pictures = []
    for _ in range(pages):
        paper = noise.normal(246, 3, (1170, 827))
        paper[:, :6] = 120
        for x, y in noise.integers(20, 800, (5, 2)):
            paper[y : y + 2, x : x + 2] = 90
        pictures.append(np.clip(paper, 0, 255).astype(np.uint8))
    containers.save_scan(path, pictures, 100, 80)
    return path


def landscape(path: Path) -> Path:
    """A photograph of something else: colours that run into each other, grain, a few dark shapes."""
    noise = np.random.default_rng(5)
    down, across = np.mgrid[0:900, 0:1200]
    colours = np.stack([120 + across / 12, 60 + down / 6, 200 - across / 10], axis=-1)
    picture = np.clip(colours + noise.normal(0, 12, colours.shape), 0, 255).astype(np.uint8)
    for x, y, size in noise.integers(80, 800, (12, 3)):
        cv2.circle(picture, (int(x), int(y)), int(size) // 8, (30, 50, 20), -1)
    cv2.imwrite(str(path), picture)
    return path


def huge_png(path: Path, side: int = 50_000) -> Path:
    """A whole, valid picture of side × side pixels in a few hundred kilobytes."""
    packer = zlib.compressobj(1)
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    data = b"".join(packer.compress(row * 500) for _ in range(side // 500)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks))
    return path


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def letters(path: Path, pages: int, form: Path, at: int) -> Path:
    """A thick file of letters with one form in it, after `at` pages."""
    texts = path.with_name("letters.pdf")
    canvas = Canvas(str(texts))
    for number in range(pages):
        canvas.drawString(60, 700, f"Letter {number}: dear colleagues, we thank you for letter {number * 7}.")
        canvas.showPage()
    canvas.save()
    whole = containers.pypdfium2.PdfDocument(texts)
    part = containers.pypdfium2.PdfDocument(form)
    whole.import_pages(part, index=at)
    whole.save(path)
    part.close()
    whole.close()
    texts.unlink()
    return path
