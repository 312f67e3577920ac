"""`qagaz worker`: this machine reads papers for runs elsewhere."""

from __future__ import annotations

import argparse

from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.clusters import add_certificates, link_of
from qagaz.limits import cores
from qagaz.speech import tell


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.add("address", metavar="URL")
    arguments.number("--jobs", "N", 0)
    arguments.path("--folder", "FOLDER")
    add_certificates(arguments)


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Take part until it is stopped; 0."""
    link = link_of(parsed.address, parsed)
    from qagaz.cluster.joining import join  # noqa: PLC0415  # Dask is an extra

    threads = parsed.jobs or cores()
    tell("told.worker-waiting", language, address=link.address)
    join(link, threads, parsed.folder, lambda own: tell("told.worker-joined", language, own=own, papers=threads))
    return 0


COMMAND = Command(
    "worker",
    build,
    run,
    (
        "qagaz worker tcp://10.0.0.1:8786",
        "qagaz worker tcp://10.0.0.1:8786 --jobs 4 --folder scratch",
        "qagaz worker tls://10.0.0.1:8786 --certificate worker.pem --key worker.key --ca ca.pem",
    ),
)
