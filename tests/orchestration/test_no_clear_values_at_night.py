"""Planted persons appear nowhere but in the vault: not after a good night, and not after a failure forced in any room."""

import shutil
import subprocess
from pathlib import Path

import nightly
import pytest
from scan import scan

from simulation import SimulationSummary

NEEDLES = [value for canary in nightly.CANARIES for value in canary.values]


def closed(path: Path) -> bool:
    """The vault, and the sealed bytes of delivered files: the two places where clear values may be, encrypted."""
    return path.parts[0] == "vault" or (path.parts[0] == "landing" and path.suffix == ".bin")


# Each is made to fail with a message that quotes a planted person, as engines do with the value they stumble over.
FAILURES = {
    "ingestion": "import ingestion.pipeline as place; place.keyed = fail",
    "names": "import ingestion.keying as place; place.compare_names = fail",
    "lake": "import onecard.store.lake as place; place.Lake.append = fail",
    "attach": "import orchestration.assets.transform as place; place.attach = fail",
    "expectations": "import orchestration.assets.quality as place; place.run_suites = fail",
    "report": "import orchestration.assets.publish as place; place.render_report = fail",
    "release": "import onecard.store.releases as place; place.write_release = fail",
    "publish": "import onecard.store.releases as place; place.publish = fail",
    "command line": "import onecard_app.answers.status as place; place.read = fail",
}
RAISE = """
def fail(*_args, **_kwargs):
    raise ValueError({message!r})
"""


# These need files that are not in the lake yet; the others fail after them.
INGESTION = ("ingestion", "names", "lake")
# Three rooms every time, all of them with the long runs: each costs a run and a look at every byte.
ALWAYS = ("names", "expectations", "release")


@pytest.mark.parametrize("room", [room if room in ALWAYS else pytest.param(room, marks=pytest.mark.deep) for room in FAILURES])
def test_a_failure_quotes_nobody(room: str, received: Path, ingested: Path, city: SimulationSummary, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(received if room in INGESTION else ingested, home, symlinks=True)
    patch = RAISE.format(message=f"Could not convert string '{' '.join(NEEDLES)}' to INT64") + FAILURES[room]
    done = nightly.call_with(patch, tmp_path, home, "run", "--as-of", city.business_date.isoformat())
    assert done.returncode == 70, done.stdout + done.stderr
    assert "OC-" in done.stderr and "办法 remedy" in done.stderr and "Traceback" not in done.stderr
    assert not any(needle in done.stdout + done.stderr for needle in NEEDLES)
    assert scan(home, NEEDLES, skip=closed) == []


def test_a_good_night_writes_nobody_down(night: tuple[Path, "subprocess.CompletedProcess[str]", float]) -> None:
    home, done, _ = night
    shown = done.stdout + done.stderr + "".join(nightly.call(home, *words).stdout for words in (["status"], ["quarantine"], ["verify"]))
    assert not any(needle in shown for needle in NEEDLES)
    assert scan(home, NEEDLES, skip=closed) == []


def test_the_scanner_sees_what_it_must(received: Path, city: SimulationSummary) -> None:
    """The canary of this test: the same words are found in the files as the offices sent them."""
    found = {hit.needle for hit in scan(city.inbox, NEEDLES)}
    assert found == set(NEEDLES)
