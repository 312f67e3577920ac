"""What a file is that is no paper: an archive, an office document, a letter; people are told what to do with it."""

from __future__ import annotations

from pathlib import Path

HEAD = 300
ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"MSCF")
ZIP = (b"PK\3\4", b"PK\5\6")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TAR = (257, b"ustar")
OFFICE = frozenset(
    {".doc", ".docx", ".docm", ".odt", ".rtf", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".ppt", ".pptx", ".odp"}
)
LETTERS = frozenset({".eml", ".msg", ".mht", ".p7m", ".pst", ".mbox"})


def kind_of_other(path: Path) -> str:
    """An "archive", "office" or "letter", by content and ending; "" for anything else."""
    ending = path.suffix.lower()
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return ""
    if ending in LETTERS:
        return "letter"
    if ending in OFFICE or head.startswith(OLE):
        return "office"
    start, mark = TAR
    packed = head.startswith((*ARCHIVES, *ZIP)) or head[start : start + len(mark)] == mark
    return "archive" if packed else ""
