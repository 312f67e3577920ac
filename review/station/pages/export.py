"""Settled forms as a file: written beside the results, sent, and gone again."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import time
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from review.answers import now
from review.station.ask import Ask
from review.station.shown import show
from review.work.audit import record
from review.work.measures.scope import Scope, batches, departments
from review.work.measures.standing import HERE

FOLDER = "exports"
FORMATS = {
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (".csv.zip", "application/zip"),
    "parquet": (".parquet.zip", "application/zip"),
}
LEFT_BEHIND = 24 * 3600  # seconds: what lies there longer was left by a station that was stopped
CHUNK = 1 << 20  # bytes


def show_export(ask: Ask) -> Response:
    """What may be exported, and how."""
    scope = Scope(ask.person, ask.number("department"), ask.number("batch"))
    with ask.desk.store.database.reading() as session:
        listed = batches(session, Scope(ask.person))
        offices = departments(session, ask.person)
    return show(ask, "export.html", scope=scope, departments=offices, batches=listed, formats=tuple(FORMATS))


def export_now(ask: Ask) -> Response:
    """Write the file, note how many forms went out, and send it."""
    wanted = ask.text("format")
    if wanted not in FORMATS:
        raise HTTPException(400)
    ending, kind = FORMATS[wanted]
    scope = Scope(ask.person, _number(ask.text("department")), _number(ask.text("batch")))
    folder = _own_folder(ask.desk.folder / FOLDER)
    try:
        target = folder / f"qagaz-{now().astimezone(HERE):%Y-%m-%d-%H%M}{ending}"
        with ask.desk.store.leaving(scope.forms) as leaving:
            count = ask.desk.deliver(target, leaving)
        target.chmod(0o600)
        told = {"department": scope.department, "batch": scope.batch, "forms": count, "sha256": _hash(target)}
        with ask.desk.store.database.writing() as session:
            record(session, ask.person.login, "exported", f"{target.name} {count}", told)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(target, filename=target.name, media_type=kind, background=gone)


def _own_folder(exports: Path) -> Path:
    """A new folder that only its owner may look into; what was left behind long ago goes."""
    exports.mkdir(mode=0o700, exist_ok=True)
    for old in exports.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another's that is being taken away this moment
            if time.time() - old.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=exports))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
