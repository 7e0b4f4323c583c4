"""Which release a person means: the current one, an id, or as much of an id as is clear."""

from difflib import get_close_matches
from pathlib import Path

from onecard import releases
from onecard.errors import InputRefused, NotFound
from onecard.workspace import Workspace

CURRENT = "current"
# Ids shown when a text means none or several of them.
_SHOWN = 8


def choose_release(ws: Workspace, text: str | None = None) -> Path:
    """Folder of the release meant by `text`: `current` (or nothing), a folder name, or its unique beginning.

    Refused releases are found by their whole name only (`refused-…`). Raises NotFound when there is none, InputRefused when there
    are several.
    """
    if text in (None, "", CURRENT):
        path = releases.current_release(ws)
        if path is None:
            raise NotFound(
                code="OC-REL-001",
                what="没有这个发布 no such release",
                where=str(ws.current),
                why="尚未成功发布过 nothing has been published yet",
                remedy="先运行 run first: onecard run",
            )
        return path
    assert text is not None
    published = [release.path for release in releases.list_releases(ws) if not release.refused]
    fits = [path for path in _folders(ws) if path.name == text] or [path for path in published if path.name.startswith(text)]
    if len(fits) == 1:
        return fits[0]
    names = [path.name for path in fits or published]
    if fits:
        raise InputRefused(
            code="OC-REL-006",
            what="不止一个发布符合 several releases fit",
            where=text,
            why=f"{len(fits)} 个发布以此开头 releases begin like this: " + ", ".join(names[:_SHOWN]),
            remedy="写出更多位 write more of the id",
        )
    near = get_close_matches(text, names, n=_SHOWN, cutoff=0.3) or names[-_SHOWN:]
    raise NotFound(
        code="OC-REL-001",
        what="没有这个发布 no such release",
        where=str(ws.releases / text),
        why="没有以此开头的发布 no release begins like this",
        remedy="已有的发布 there are: " + ", ".join(near) if near else "先运行 run first: onecard run",
    )


def _folders(ws: Workspace) -> list[Path]:
    return [release.path for release in releases.list_releases(ws)]
