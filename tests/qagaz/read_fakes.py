"""A run over fake papers on a cluster, as a process that can be killed: FOLDER OUT ADDRESS."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from qagaz.cluster.crowd import Cluster
from qagaz.cluster.link import Link
from qagaz.run import Request, read
from tests.qagaz import fakes

if __name__ == "__main__":
    folder, out, address = sys.argv[1:]
    equipment = fakes.Equipment()
    crowd = partial(Cluster, Link(address), 0, ("en", lambda *_: None))
    read(Request((Path(folder),), Path(out), "en"), equipment, equipment.versions(), lambda _: None, crowd)
