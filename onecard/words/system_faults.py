"""Faults of the machine that a person can repair (no room, no right to write, a broken disk), told from faults of ours."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

from onecard.words.errors import ConfigError
from onecard.words.language import Text

_ROOM = Text("腾出空间后重新运行；未完成的部分会自动撤回", "free some space and run again; unfinished work is rolled back")
_RIGHTS = Text("换一个工作区（--home），或修正权限", "choose another --home, or correct the permissions")
# errno -> (code, what, why, remedy)
_KINDS: dict[int, tuple[str, Text, Text, Text]] = {
    errno.ENOSPC: ("OC-SYS-001", Text("磁盘已满", "the disk is full"), Text("没有剩余空间", "no space left on the device"), _ROOM),
    errno.EDQUOT: ("OC-SYS-001", Text("磁盘配额已用完", "the disk quota is used up"), Text("超出配额", "disk quota exceeded"), _ROOM),
    errno.EROFS: (
        "OC-SYS-002",
        Text("只读，无法写入", "read-only, nothing can be written"),
        Text("文件系统只读", "the file system is read-only"),
        Text("换一个工作区（--home），或以可写方式挂载", "choose another --home, or mount it writable"),
    ),
    errno.EACCES: (
        "OC-CLI-002",
        Text("没有权限", "permission denied"),
        Text("当前用户不能读写该处", "this user may not read or write there"),
        _RIGHTS,
    ),
    errno.ENOTDIR: (
        "OC-SYS-003",
        Text("路径中有一段不是目录", "a path component is not a directory"),
        Text("应为目录之处是一个文件", "there is a file where a directory is expected"),
        Text("换一个工作区（--home）", "choose another --home"),
    ),
    errno.EIO: (
        "OC-SYS-004",
        Text("磁盘读写出错", "the disk failed"),
        Text("输入输出错误", "input/output error"),
        Text("检查磁盘；用 onecard verify 核对发布", "check the disk; onecard verify checks a release"),
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
        free = f"{shutil.disk_usage(existing(place.absolute())).free // 1024**2:,} MiB"
        why += Text(f"；可用空间 {free}", f"; {free} free")
    return ConfigError(code=code, what=what, where=str(place), why=why, remedy=remedy)
