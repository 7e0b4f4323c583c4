"""dbt as a process of its own that is handed the parsed project: `python -m orchestration.dbt_process KEPT ARGUMENTS…`.

dbt's own partial parsing cannot spare the parse: the business date is a variable and the scratch database stands in the profile,
so both change with every run, and dbt then parses everything anew.
"""

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt.version import __version__


def main(kept: str, *arguments: str) -> int:
    """The exit code that dbt would have given: 0, 1 when something in the project failed, 2 when dbt did."""
    done = dbtRunner(manifest=_read(Path(kept))).invoke(list(arguments))
    return 0 if done.success else 1 if done.exception is None else 2


def _read(kept: Path) -> Manifest | None:
    """The parsed project; none when it cannot be read, and dbt parses."""
    try:
        parsed = Manifest.from_msgpack(kept.read_bytes(), decoder=extended_mashumuro_decoder)
    except Exception:
        return None
    if parsed.metadata.dbt_version != __version__:
        return None
    parsed.build_flat_graph()
    return parsed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
