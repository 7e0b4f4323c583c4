"""The inbox: what lies in it, what the next run will receive, and what is held back and why."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingestion.delivery_facts import FACTS_FILE, FactsFile, read_facts
from onecard.catalogue.quarantine_reasons import Reason
from onecard.store.workspace import Workspace
from onecard.words.errors import InputRefused
from onecard.words.language import COLON, SEMICOLON, Words, joined


@dataclass(frozen=True)
class HeldBack:
    """A thing in the inbox that is not received, and why."""

    path: Path
    reason: Reason
    detail: Words = ""


def held_back(ws: Workspace) -> list[HeldBack]:
    """What lies in the inbox and will not be received as it is."""
    held = []
    files = snapshot(ws.inbox)
    for path in _entries(ws.inbox):
        if path in files and not os.access(path, os.R_OK):
            held.append(HeldBack(path, Reason.NOT_READABLE))
        elif path not in files:
            held.append(HeldBack(path, Reason.NOT_A_FILE))
    unreadable = {item.path for item in held}
    stated = stated_facts(files)
    for path in sorted(set(files) - unreadable):
        try:
            stated[path.parent].of(path.name)
        except InputRefused as fault:
            what_to_do = joined(SEMICOLON, (fault.why, fault.remedy))
            held.append(HeldBack(path, Reason.BAD_FACTS, joined(COLON, (fault.where, what_to_do))))
    return held


def waiting(ws: Workspace) -> dict[Path, tuple[int, int]]:
    """Files of the inbox that the next run receives, in order, with size and time of change (ns)."""
    held = {item.path for item in held_back(ws)}
    return {path: found for path, found in sorted(snapshot(ws.inbox).items()) if path not in held}


def _entries(inbox: Path) -> list[Path]:
    """Everything in the inbox but folders and the temporary files of copying and of office programs; links are not followed."""
    found = []
    for folder, folders, names in os.walk(inbox, followlinks=False):
        found += [Path(folder, name) for name in names if name != FACTS_FILE]
        found += [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def snapshot(inbox: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of change (ns) of every plain file in the inbox."""
    states = {path: state(path) for path in _entries(inbox)}
    return {path: found for path, found in states.items() if found is not None}


def state(path: Path) -> tuple[int, int] | None:
    """Size and time of a plain file; None for anything else."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def stated_facts(files: Iterable[Path]) -> dict[Path, FactsFile]:
    """What the `deliveries.csv` of each folder states."""
    return {folder: read_facts(folder / FACTS_FILE) for folder in {path.parent for path in files}}
