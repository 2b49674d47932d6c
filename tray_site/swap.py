"""Puts a new site in the place of the old one, so that a reader finds one or the other at every moment."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

AT_FDCWD = -100  # linux/fcntl.h: paths are as the process sees them
RENAME_EXCHANGE = 2  # linux/fs.h
NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.EPERM)  # what a kernel, a file system or a sandbox says that has no exchange


def swap(folder: Path, output: Path) -> None:
    """Put the folder of the new site in the place of the old one, which is removed; both are on one file system.

    In one step where the system can exchange two names. Elsewhere in two renames, with a moment without a site
    between them; if the second fails, the old site is put back.
    """
    if not output.exists():
        folder.rename(output)
        return
    if exchange(folder, output):
        shutil.rmtree(folder, ignore_errors=True)
        return
    old = folder.with_name("old")
    output.rename(old)
    try:
        folder.rename(output)
    except OSError:
        old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places in one step, renameat2(2). False, with nothing done, where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in NOT_HERE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
