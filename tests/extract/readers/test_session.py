"""Models are run on this machine, and nobody else hears of it."""

import os
import subprocess
import sys

from extract.readers.figurenet import model_file

PROGRAM = """
import gc, sys, time
from pathlib import Path
from extract.readers.session import open_session
open_session(Path(sys.argv[1]))
gc.collect()
"""


def test_nothing_is_noted_for_others(tmp_path):
    """Neither an identity of this machine nor events to be sent: no file appears outside the results."""
    own = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    subprocess.run([sys.executable, "-c", PROGRAM, str(model_file())], env=os.environ | own, check=True)
    assert list(tmp_path.rglob("*")) == []
