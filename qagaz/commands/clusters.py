"""What commands that speak with a cluster share: its certificates, and what is told of its workers."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from functools import partial
from typing import TYPE_CHECKING

from tqdm import tqdm

from layouts.errors import OutputError
from layouts.words import Language
from qagaz.arguments import Arguments
from qagaz.crowd import MakeCrowd
from qagaz.pool import Pool
from qagaz.results import Told
from qagaz.speech import worded

if TYPE_CHECKING:
    from qagaz.cluster.link import Link

FILES = ("certificate", "key", "ca")


def add_cluster(arguments: Arguments) -> None:
    """The scheduler, and the files with which both sides prove who they are."""
    arguments.add("--cluster", metavar="URL", default="")
    add_certificates(arguments, "cluster-")


def add_certificates(arguments: Arguments, prefix: str = "") -> None:
    """Only the files."""
    for name in FILES:
        arguments.path(f"--{prefix}{name}", "FILE")


def crowd_of(parsed: argparse.Namespace, language: Language) -> MakeCrowd:
    """Who reads: the workers of a cluster where one is named, else processes of this machine."""
    if not parsed.cluster:
        return Pool
    link = link_of(parsed.cluster, parsed, "cluster_")
    from qagaz.cluster.crowd import Cluster  # noqa: PLC0415  # see below

    return partial(Cluster, link, parsed.jobs, (language, partial(_tell, language)))


def link_of(address: str, parsed: argparse.Namespace, prefix: str = "") -> Link:
    """The way to a scheduler. OutputError where Dask is not installed."""
    if importlib.util.find_spec("distributed") is None:
        raise OutputError("error.no-cluster")
    from qagaz.cluster.link import Link  # noqa: PLC0415  # Dask is an extra, and takes a second to load

    return Link(address, *(getattr(parsed, f"{prefix}{name}") for name in FILES))


def _tell(language: Language, where: str, what: Told) -> None:
    why = worded(what.message_id, dict(what.parameters), language)
    tqdm.write(worded("told.cluster", {"where": where, "why": why}, language), file=sys.stderr)
