"""Runs the notebooks as their users do: in this process, as an exported page, and over a workspace that holds no release."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def shown(notebook: str, home: Path) -> tuple[str, dict[str, Any]]:
    """What a notebook shows of a workspace, as HTML, and the values it computed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONECARD_HOME", str(home))
        outputs, values = importlib.import_module(f"notebooks.{notebook}").app.run()
    return "\n".join(str(getattr(output, "text", output)) for output in outputs if output is not None), dict(values)


def exported(notebook: str, home: Path, folder: Path) -> str:
    """The page that marimo exports; it must do so without an error."""
    page = folder / f"{notebook}.html"
    command = [sys.executable, "-m", "marimo", "export", "html", str(NOTEBOOKS / f"{notebook}.py"), "-o", str(page), "--no-include-code"]
    done = subprocess.run(command, env=os.environ | {"ONECARD_HOME": str(home)}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return page.read_text(encoding="utf-8")


def said_without_a_release(notebook: str, home: Path) -> str:
    """What a notebook says of a workspace in which nothing was published."""
    code = (
        f"import sys; sys.path.insert(0, sys.argv[1]); from notebooks.{notebook} import app; "
        "print([str(getattr(output, 'text', output)) for output in app.run()[0]])"
    )
    command = [sys.executable, "-c", code, str(NOTEBOOKS.parent)]
    done = subprocess.run(command, env=os.environ | {"ONECARD_HOME": str(home)}, capture_output=True, text=True, timeout=300)
    return done.stdout + done.stderr
