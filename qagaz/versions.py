"""With what a result was made: the same versions and the same bytes give the same result."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extract.intake import sha256_of

STAGES = ("layouts", "extract", "postprocess", "validate")  # all that decides what a file's forms say
AFTER_READING = ("messages",)  # words are chosen when tables are written
MODELS = frozenset({".onnx"})
DATA_ENDINGS = frozenset({".py", ".toml", ".json", ".onnx", ".csv", ".txt"})
LIBRARIES = ("numpy", "opencv-python-headless", "pypdfium2", "pdfplumber", "pillow", "onnxruntime", "rapidocr")
CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Versions:
    """Hashes and version numbers of everything between a file and its rows."""

    qagaz: str
    code: str  # SHA-256 over the stages' modules, models and data
    layouts: str  # SHA-256 over the layouts in use
    settings: str  # every threshold, as text
    tesseract: str
    libraries: str
    knowledge: str = ""  # SHA-256 over what is known from elsewhere; "" where nothing is
    learned: str = ""  # version and hash of models that were learnt; "" where those that ship read
    files: tuple[tuple[str, str], ...] = ()  # SHA-256 of each layout, model and table among them, by name

    @property
    def digest(self) -> str:
        """One hash for all of it."""
        parts = [self.qagaz, self.code, self.layouts, self.settings, self.tesseract, self.libraries, self.knowledge]
        parts += [self.learned] if self.learned else []
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def versions_of(
    layout_files: Iterable[Path],
    settings: str,
    knowledge: str = "",
    given: Mapping[str, Path] | None = None,
    learned: tuple[str, Mapping[str, Path]] = ("", {}),
) -> Versions:
    """The versions a run of this program has here and now.

    `given`: files that knowledge comes from, by name; `learned`: what learned models are called, and their files.
    """
    root = Path(__file__).parent.parent
    layout_files = sorted(layout_files)
    own = [file for stage in STAGES for file in _files(root / stage)]
    named = [(f"layouts/{file.name}", file) for file in layout_files]
    named += [(file.relative_to(root).as_posix(), file) for file in own if file.suffix in MODELS]
    named += [(f"knowledge/{name}", file) for name, file in (given or {}).items()]
    named += [(f"learned/{name}", file) for name, file in learned[1].items()]
    own += [root / "qagaz" / "pipeline.py", root / "qagaz" / "equipment.py", root / "review" / "flatten.py"]
    return Versions(
        qagaz=own_version(),
        code=_hash(root, (file for file in own if file.exists())),
        layouts=_hash(None, layout_files),
        settings=settings,
        tesseract=_tesseract(),
        libraries=" ".join(f"{name} {_installed(name)}" for name in LIBRARIES),
        knowledge=knowledge,
        learned=learned[0],
        files=tuple((name, sha256_of(file)) for name, file in dict(named).items()),
    )


def program() -> str:
    """SHA-256 over what makes tables out of parts, words included."""
    root = Path(__file__).parent.parent
    own = [file for package in ("qagaz", "review") for file in sorted((root / package).rglob("*.py"))]
    return _hash(root, [*own, *sorted((root / "layouts" / "messages").glob("*.toml"))])


def own_version() -> str:
    """The version of qagaz."""
    return _installed("qagaz")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in DATA_ENDINGS and not set(AFTER_READING) & set(path.parts):
            yield path


def _hash(root: Path | None, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update((path.relative_to(root).as_posix() if root else path.name).encode())
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _tesseract() -> str:
    """The first line Tesseract says of itself; "-" where there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return "-"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - no shell, fixed words
    return (told.stdout or told.stderr).partition("\n")[0]
