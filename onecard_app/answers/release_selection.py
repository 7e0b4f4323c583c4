"""Which release a person means: the current one, an id, or as much of an id as is clear."""

from pathlib import Path

from onecard.store import releases
from onecard.store.release_checks import REFUSED
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused, NotFound
from onecard.words.language import Text
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
            what=Text("不止一个发布符合", "ambiguous release id"),
            where=text,
            why=Text(f"{len(fits)} 个发布以此开头：", f"{len(fits)} releases match this prefix: ") + few(names),
            remedy=Text("写出更多位", "give more of the id"),
        )
    # Nothing alike: the latest ones.
    near = nearest(text, names) or names[::-1]
    raise NotFound(
        code="OC-REL-001",
        what=Text("没有这个发布", "no such release"),
        where=str(ws.releases / text),
        why=Text("没有以此开头的发布", "no release matches this prefix"),
        remedy=Text("已有：", "there are: ") + few(near) if near else Text("先运行：", "run first: ") + "onecard run",
    )


def run_again(path: Path) -> Text:
    """What to do about a release of an older program that lacks a table."""
    day = releases.stated_facts(path)["business_date"]
    return Text("用现在的程序重跑该日：", "run that day again: ") + f"onecard run --as-of {day}"


def _folders(ws: Workspace) -> list[Path]:
    """Every release's folder, damaged ones too: they are there, and what is wrong with them can be said."""
    paths = sorted(ws.releases.glob("*")) if ws.releases.is_dir() else []
    return [path for path in paths if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")]
