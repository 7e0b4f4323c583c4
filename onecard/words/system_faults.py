"""Faults of the machine that a person can mend (no room, no right to write, a broken disk), told from faults of ours."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

from onecard.words.errors import ConfigError

_ROOM = "腾出空间后重新运行，未完成的会撤回 free some room and run again; what was unfinished is undone"
_RIGHTS = "换一个工作区或修正权限 choose another --home or mend the permissions"
# errno -> (code, what, why, remedy)
_KINDS: dict[int, tuple[str, str, str, str]] = {
    errno.ENOSPC: ("OC-SYS-001", "磁盘已满 the disk is full", "没有剩余空间 no space left on the device", _ROOM),
    errno.EDQUOT: ("OC-SYS-001", "磁盘配额已满 the disk quota is used up", "超出配额 disk quota exceeded", _ROOM),
    errno.EROFS: (
        "OC-SYS-002",
        "只读，无法写入 read-only, nothing can be written",
        "文件系统只读 the file system is read-only",
        "换一个工作区，或以可写方式挂载 choose another --home, or mount it writable",
    ),
    errno.EACCES: ("OC-CLI-002", "没有权限 permission denied", "当前用户不能读写该处 this user may not read or write there", _RIGHTS),
    errno.ENOTDIR: (
        "OC-SYS-003",
        "路径中有一段不是目录 a part of the path is no folder",
        "该处是文件 a file stands where a folder should be",
        "换一个工作区 choose another --home",
    ),
    errno.EIO: (
        "OC-SYS-004",
        "磁盘读写出错 the disk failed",
        "输入输出错误 input/output error",
        "检查磁盘;onecard verify 核对发布 check the disk; onecard verify checks a release",
    ),
}
_KINDS[errno.EPERM] = _KINDS[errno.EACCES]
_KINDS[errno.EEXIST] = _KINDS[errno.ENOTDIR]
# Libraries that raise errors of their own say these words; only the words are looked for, nothing of the message is passed on.
_WORDS = {
    "no space left on device": errno.ENOSPC,
    "database or disk is full": errno.ENOSPC,
    "disk quota exceeded": errno.EDQUOT,
    "read-only file system": errno.EROFS,
    "readonly database": errno.EROFS,
}


def machine_fault(error: BaseException, home: Path) -> ConfigError | None:
    """The error as one of the machine's that names place and free space; None when it, and what caused it, is none.

    `home`: the workspace, which is named when the error names no place. A file's own name is never shown: it may name a person.
    """
    seen: BaseException | None = error
    while seen is not None:
        number = seen.errno if isinstance(seen, OSError) else None
        if number not in _KINDS:
            number = errno_in(str(seen)) if isinstance(seen, Exception) else None
        if number is not None:
            return fault_of(number, _place(getattr(seen, "filename", None), home))
        seen = seen.__cause__ or seen.__context__
    return None


def errno_in(text: str) -> int | None:
    """The error of the machine that a foreign message speaks of."""
    lower = text.lower()
    return next((number for words, number in _WORDS.items() if words in lower), None)


def existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    while not path.is_dir() and path != path.parent:
        path = path.parent
    return path


def _place(filename: object, home: Path) -> Path:
    if not isinstance(filename, str | Path):
        return home
    path = Path(filename)
    inside = path.is_relative_to(home) or path.is_relative_to(home.resolve())
    if not inside:
        return path.parent
    parts = path.relative_to(home if path.is_relative_to(home) else home.resolve()).parts
    return home / parts[0] if len(parts) > 1 else home


def fault_of(number: int, place: Path) -> ConfigError:
    """The error of an errno, with the room that is left at a place."""
    code, what, why, remedy = _KINDS[number]
    with suppress(OSError):
        why += f"；可用 free {shutil.disk_usage(existing(place.absolute())).free // 1024**2:,} MiB"
    return ConfigError(code=code, what=what, where=str(place), why=why, remedy=remedy)
