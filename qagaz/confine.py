"""Shuts a process in: what it may read and write, no network, no programs but one, and no way back out.

Linux offers this to everybody: Landlock holds files, programs and signals, libseccomp the network and calls that no
reader of papers needs. Where a kernel lacks one of them the rest still holds; results are the same either way.
"""

from __future__ import annotations

import ctypes
import errno
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from layouts.errors import QagazError
from qagaz import landlock
from qagaz.landlock import EXECUTE, READ, WRITE

FILES, SIGNALS, NETWORK, PROGRAMS = "files", "signals", "network", "programs"
EVERYTHING = frozenset({FILES, SIGNALS, NETWORK, PROGRAMS})
OFF = "QAGAZ_UNCONFINED"  # set: workers are not shut in, for machines that keep libraries at unusual places

OWN_PACKAGES = ("layouts", "extract", "postprocess", "validate", "review", "qagaz")
SYSTEM = (
    *(
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/local/lib64",
        "/usr/share",
        "/usr/local/share",
    ),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/alternatives", "/dev/urandom", "/dev/zero"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm", "/sys/devices/system/cpu"),
)
NOWHERE = "/dev/null"  # may be written
MOST_INPUTS = 1000  # named one by one; of more, the folders they lie in are opened

PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
LIBSECCOMP = "libseccomp.so.2"
SCMP_ACT_ALLOW = 0x7FFF0000  # seccomp.h
SCMP_ACT_ERRNO = 0x00050000
SCMP_FLTATR_CTL_TSYNC = 4  # threads that libraries have started are held too
REFUSED = (
    *("socket", "connect", "bind", "listen", "accept", "accept4"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),  # does what the others may not
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open", "bpf"),
    *("userfaultfd", "add_key", "request_key", "keyctl", "open_by_handle_at", "name_to_handle_at"),
    *("mount", "umount2", "move_mount", "open_tree", "fsopen", "pivot_root", "chroot", "unshare", "setns"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *("settimeofday", "clock_settime", "acct", "quotactl", "iopl", "ioperm", "mknod", "mknodat"),
)


class CannotConfineError(QagazError):
    """The kernel offers to shut a process in and then refuses."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """What a worker needs beside the program and the system's libraries."""

    reads: tuple[Path, ...] = ()  # files and folders
    writes: tuple[Path, ...] = ()  # folders; made where they are not there
    network: bool = False  # papers come from an object store


def offered() -> frozenset[str]:
    """What can be held here: some of FILES, SIGNALS, NETWORK, PROGRAMS."""
    if not sys.platform.startswith("linux") or os.environ.get(OFF):
        return frozenset()
    version = landlock.version()
    found = {FILES} if version >= 1 else set()
    if version >= landlock.SCOPES_SINCE:
        found.add(SIGNALS)
    if version >= 1 and _programs() is not None:
        found.add(PROGRAMS)
    if _libseccomp() is not None:
        found.add(NETWORK)
    return frozenset(found)


def confine(ground: Ground, scratch: Path) -> frozenset[str]:
    """Shut this process and all it starts in, for good; what is held then. CannotConfineError if that fails.

    `scratch` is the folder that is the process' own. OSError if a folder to write into cannot be made.
    """
    held = offered() - ({NETWORK} if ground.network else set())
    for folder in ground.writes:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        if held:
            _checked(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        if FILES in held:
            landlock.restrict(list(_rights(ground, scratch, held)), programs=PROGRAMS in held, network=ground.network)
        if NETWORK in held:
            _refuse_calls()
    except OSError as error:
        raise CannotConfineError("error.cannot-confine", detail=error.strerror or "") from error
    return held


def _rights(ground: Ground, scratch: Path, held: frozenset[str]) -> Iterator[tuple[Path, int]]:
    """Places with what may be done there."""
    for place in (*map(Path, SYSTEM), *_libraries(), *_own(), *_few(ground.reads)):
        yield place, READ
    for folder in (*ground.writes, scratch):
        yield folder, READ | WRITE
    yield Path(NOWHERE), READ | WRITE
    for program in (_programs() or ()) if PROGRAMS in held else ():
        yield program, READ | EXECUTE


def _libraries() -> set[Path]:
    """Of Python and of Tesseract, wherever they are installed."""
    paths = sysconfig.get_paths()
    found = {Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    found |= {Path(prefix) / "lib" for prefix in (sys.prefix, sys.base_prefix)}
    if os.environ.get("TESSDATA_PREFIX"):
        found.add(Path(os.environ["TESSDATA_PREFIX"]))
    tesseract = _tesseract()
    return found | ({tesseract.parents[1] / name for name in ("lib", "share")} if tesseract else set())


def _own() -> set[Path]:
    """The folders of the program's packages."""
    found = (importlib.util.find_spec(name) for name in OWN_PACKAGES)
    return {Path(spec.origin).parent for spec in found if spec is not None and spec.origin}


def _few(inputs: tuple[Path, ...]) -> Iterable[Path]:
    return inputs if len(inputs) <= MOST_INPUTS else sorted({path.absolute().parent for path in inputs})


def _tesseract() -> Path | None:
    for folder in os.get_exec_path():
        path = Path(folder) / "tesseract"
        if path.is_file() and os.access(path, os.X_OK):
            return path.resolve()
    return None


def _programs() -> tuple[Path, ...] | None:
    """Tesseract and what loads it, or nothing where it is not there; None where it is a script and starts others."""
    tesseract = _tesseract()
    if tesseract is None:
        return ()
    loader = landlock.loader_of(tesseract)
    return (tesseract, loader) if loader else None


def _libseccomp() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(LIBSECCOMP, use_errno=True)
    except OSError:
        return None


def _refuse_calls() -> None:
    """Calls that no reader of papers makes fail, in every thread of this process."""
    library = _libseccomp()
    assert library is not None
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(SCMP_ACT_ALLOW)))
    try:
        _told(library.seccomp_attr_set(rules, SCMP_FLTATR_CTL_TSYNC, ctypes.c_uint32(1)))
        for name in REFUSED:
            number = library.seccomp_syscall_resolve_name(name.encode())
            if number >= 0:  # others this machine does not have
                action = ctypes.c_uint32(SCMP_ACT_ERRNO | errno.EPERM)
                _told(library.seccomp_rule_add(rules, action, ctypes.c_int(number), ctypes.c_uint(0)))
        _told(library.seccomp_load(rules))
    finally:
        library.seccomp_release(rules)


def _checked(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _told(result: int) -> None:
    """The library's calls return the negative error number."""
    if result < 0:
        raise OSError(-result, os.strerror(-result))
