"""Which release a person means: the current one, an id, or as much of an id as is clear."""

from pathlib import Path

from onecard.store import releases
from onecard.store.release_checks import REFUSED
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused, NotFound
from onecard.words.suggest import few, nearest

CURRENT = "current"


def choose_release(ws: Workspace, text: str | None = None) -> Path:
    """Folder of the release meant by `text`: `current` (or nothing), a folder name, or its unique beginning.

    Refused releases are found by their whole name only (`refused-…`). Raises NotFound when there is none, InputRefused when there
    are several.
    """
    if text in (None, "", CURRENT):
        path = releases.current_release(ws)
        if path is None:
            raise releases.no_current(ws)
        return path
    assert text is not None
    published = [path for path in _folders(ws) if not path.name.startswith(REFUSED)]
    fits = [path for path in _folders(ws) if path.name == text] or [path for path in published if path.name.startswith(text)]
    if len(fits) == 1:
        return fits[0]
    names = [path.name for path in fits or published]
    if fits:
        raise InputRefused(
            code="OC-REL-006",
            what="不止一个发布符合 several releases fit",
            where=text,
            why=f"{len(fits)} 个发布以此开头 releases begin like this: " + few(names),
            remedy="写出更多位 write more of the id",
        )
    # Nothing alike: the latest ones.
    near = nearest(text, names) or names[::-1]
    raise NotFound(
        code="OC-REL-001",
        what="没有这个发布 no such release",
        where=str(ws.releases / text),
        why="没有以此开头的发布 no release begins like this",
        remedy="已有的发布 there are: " + few(near) if near else "先运行 run first: onecard run",
    )


def _folders(ws: Workspace) -> list[Path]:
    """Every release's folder, damaged ones too: they are there, and what is wrong with them can be said."""
    paths = sorted(ws.releases.glob("*")) if ws.releases.is_dir() else []
    return [path for path in paths if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")]
