"""Files that are whole or absent: written under a temporary name, fsynced, renamed."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


def fsync_dir(folder: Path) -> None:
    """Make names in a directory durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_file(path: Path) -> None:
    """Make the bytes of a file that a library wrote durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write `data` to `path` so that a reader, or a crash, sees the old file or the new one.

    A failure before the rename leaves the old file and no other; a kill may leave a `.<name>.*.tmp` beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp: a fresh file, closed to others until it has its mode, so a key is never readable for a moment.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def write_json_atomic(path: Path, content: Any, mode: int = 0o644) -> None:
    """JSON with sorted keys and a final newline: same content, same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    write_atomic(path, (text + "\n").encode("utf-8"), mode)


def sha256_file(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
