"""`qagaz review`: the review station on a result folder, in the browser."""

from __future__ import annotations

import argparse

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.folders import own_folder
from qagaz.commands.stores import add_store
from qagaz.deliver import deliver
from qagaz.equipment import Equipment, known_forms
from qagaz.intake import ReadingRoom, Setting
from qagaz.knowledge import KnowledgeFiles
from qagaz.learned import in_use
from qagaz.manifest import keep_versions
from qagaz.opener import Opener
from qagaz.own_forms import forms_of, keep_layouts, kept_layouts
from qagaz.roster import owed
from qagaz.speech import tell
from review.pictures import Album
from review.store import FILE, Store
from review.whereabouts import Whereabouts
from review.work.collages.noughts import WATCHED

HERE = "127.0.0.1"
PORT = 8010
PICTURES = "pictures"
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})  # names of this machine


def build(arguments: Arguments) -> None:
    """Its arguments."""
    add_store(arguments)
    arguments.path("--layouts", "FOLDER")
    arguments.add("--host", metavar="ADDRESS", default=HERE)
    arguments.number("--port", "N", PORT)
    arguments.repeated("--name", "NAME")
    arguments.path("--certificate", "FILE")
    arguments.path("--key", "FILE")
    arguments.several("--input", "FOLDER")
    arguments.number("--jobs", "N", 0)
    arguments.path("--previous", "FILE")
    arguments.path("--respondents", "FILE")
    arguments.path("--kato", "FILE")
    arguments.path("--models", "MODELS")
    arguments.share("--watched", "SHARE", WATCHED)


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Serve the station until it is stopped."""
    import uvicorn  # noqa: PLC0415  # servers and templates load for this command only

    from review.station.app import build as build_station  # noqa: PLC0415
    from review.station.desk import Desk  # noqa: PLC0415
    from review.station.pages.intake import FOLDER  # noqa: PLC0415
    from review.station.quiet import SERVER  # noqa: PLC0415
    from review.station.uploads import sweep  # noqa: PLC0415

    own_folder(parsed.folder, language)
    if parsed.layouts is not None:
        known_forms(parsed.layouts)  # one that cannot be used is told before anything is written
        keep_layouts(parsed.folder, parsed.layouts)
    layouts = forms_of(parsed.folder)
    url = parsed.db or f"sqlite:///{(parsed.folder / FILE).absolute()}"
    known = KnowledgeFiles(parsed.previous, parsed.respondents, parsed.kato)
    learned = in_use(parsed.models) if parsed.models else None
    equipment = Equipment(kept_layouts(parsed.folder), knowledge=known, learned=learned)
    known.load()  # a table that cannot be used is told before anybody works
    sweep(parsed.folder / FOLDER)
    setting = Setting(equipment, lambda: keep_versions(parsed.folder, equipment.versions()).digest, jobs=parsed.jobs)
    with Store(url, layouts) as store, ReadingRoom(store, parsed.folder, setting) as room, Opener() as opener:
        opener.begin()
        album = Album(parsed.folder / PICTURES, opener.pages, Whereabouts(parsed.input or []))
        secure = parsed.certificate is not None
        hosts = frozenset({*LOCAL, parsed.host.lower(), *(name.lower() for name in parsed.name)})
        desk = Desk(
            store, parsed.folder, album, deliver, room,
            roster=owed, secure=secure, hosts=hosts, classifier=known.load().classifier, watched=parsed.watched,
        )  # fmt: skip
        if not secure and parsed.host not in LOCAL:
            tell("told.station-open", language)
        address = f"{'https' if secure else 'http'}://{next(iter(parsed.name), parsed.host)}:{parsed.port}"
        tell("told.station", language, address=address)
        tls = {"ssl_certfile": parsed.certificate, "ssl_keyfile": parsed.key} if secure else {}
        uvicorn.run(build_station(desk), host=parsed.host, port=parsed.port, **SERVER, **tls)
    return 0


COMMAND = Command(
    "review",
    build,
    run,
    (
        "qagaz review results",
        "qagaz review results --port 9000 --language kk",
        "qagaz review results --input archive/2026",
        "qagaz review results --host 0.0.0.0 --name forms.office --certificate forms.pem --key forms.key",
    ),
)
