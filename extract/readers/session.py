"""Opens ONNX models the one way the project runs them: on one thread of the processor, the same result every time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

SILENT = "ORT_DISABLE_TELEMETRY"  # read by onnxruntime when it is loaded; its own call to the same end comes too late


def open_session(file: Path) -> Any:
    """A session of the model in this file."""
    keep_silent()
    import onnxruntime as ort  # noqa: PLC0415 - loaded with the first scan: text forms are read without it

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # several processes share the machine; threads inside one only wait for each other
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only; stderr is for messages to people
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def keep_silent() -> None:
    """Onnxruntime notes who uses it, in the home folder and that of temporary files, and sends that away: not here.

    To be called before it is imported, by whatever library.
    """
    os.environ[SILENT] = "1"
