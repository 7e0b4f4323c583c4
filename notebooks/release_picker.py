"""Which release a notebook shows: those that passed the gate, the current one chosen."""

from pathlib import Path
from typing import Any

from onecard.store import releases
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace


def choose_release(mo: Any) -> tuple[dict[str, Path], Any]:
    """Folders of the releases of ONECARD_HOME by id, and a dropdown of them; stops the notebook where nothing was published yet."""
    workspace = Workspace(Settings.load().home)
    known = {item.release_id: item.path for item in releases.list_releases(workspace) if not item.refused}
    current = releases.current_release(workspace)
    mo.stop(
        not known,
        mo.md(f"**还没有发布 nothing has been published yet**：`{workspace.releases}`。先运行 run `onecard run` first (ONECARD_HOME)."),
    )
    chosen = current.name if current is not None else list(known)[-1]
    return known, mo.ui.dropdown(options=list(known), value=chosen, label="发布 release")
