"""The way to a Dask scheduler: its address, certificates, and how Dask behaves here."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dask
from distributed import Security

from layouts.errors import QagazError
from qagaz.worker import DEBUG

# Dask's own habits that do not fit papers: profiling costs processor time, and papers sent along are no large graph.
SETTINGS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.large-graph-warning-threshold": "16GiB",
}
dask.config.set(SETTINGS)
ROLES = ("client", "worker")


class ClusterError(QagazError):
    """The cluster cannot be reached, or no worker of it can read."""

    exit_code = 5


def silence() -> None:
    """Dask's remarks about what a run survives are not for the person who waits for it."""
    if not os.environ.get(DEBUG):
        logging.getLogger("distributed").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Link:
    """Where the scheduler is; with all three files, both sides prove who they are and all that is sent is encrypted."""

    address: str  # tcp://HOST:PORT, tls://HOST:PORT
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None  # certificate of who signed the others

    def __post_init__(self) -> None:
        """ClusterError where the address is none."""
        try:
            parts = urlsplit(self.address)
            known = bool(parts.scheme and parts.hostname and parts.port)
        except ValueError:
            known = False
        if not known:
            raise ClusterError("error.cluster-address", address=self.address)

    def security(self) -> Security:
        """For Dask. ClusterError where only some of the files are named, or one cannot be read."""
        files = (self.certificate, self.key, self.authority)
        if not any(files):
            return Security()
        for file in files:
            if file is None:
                raise ClusterError("error.cluster-certificates")
            if not file.is_file():
                raise ClusterError("error.cluster-certificate", file=file.name)
        own = {
            f"tls_{role}_{what}": str(file)
            for role in ROLES
            for what, file in zip(("cert", "key"), files[:2], strict=True)
        }
        return Security(tls_ca_file=str(self.authority), require_encryption=True, **own)
