"""What a release is called: its business date and a fingerprint of everything that decides its bytes."""

import datetime as dt
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from onecard.store.files import sha256_file
from onecard.words.reference_data import shipped

# What a release's bytes depend on besides our own code.
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "deltalake", "pyarrow", "great-expectations")
# What can change a row of a release, and of orchestration only what builds: how a question is answered, a page looks or a command is
# worded decides no byte.
_DECIDES = ("onecard", "ingestion", "dbt_project", "expectations", "orchestration/assets", "orchestration/dbt.py")
_NOT_SOURCE = ("target", "logs", "__pycache__", "dbt_packages")


@cache
def code_version() -> str:
    """Version of the package, then 12 hex digits over the source that decides a release and the versions of the engines; needs no git."""
    house = shipped()
    digest = hashlib.sha256()
    for place in _DECIDES:
        for path in sorted((house / place).rglob("*") if (house / place).is_dir() else [house / place]):
            inside = path.relative_to(house)
            hidden = any(part in _NOT_SOURCE or part.startswith(".") for part in inside.parts)
            if path.is_file() and not hidden and path.suffix != ".pyc":
                digest.update(f"{inside.as_posix()}\0{sha256_file(path)}\n".encode())
    for engine in _ENGINES:
        digest.update(f"{engine} {importlib.metadata.version(engine)}\n".encode())
    return f"{importlib.metadata.version('onecard')}+{digest.hexdigest()[:12]}"


def make_release_id(
    business_date: dt.date, *, inputs: Sequence[Mapping[str, Any]], code_version: str, settings: Mapping[str, Any] | None = None
) -> str:
    """`<business date>-<12 hex digits>` over everything that decides a release's bytes; the order of inputs does not matter.

    `inputs`: facts of each delivery (key, sha256, …); `settings`: whatever else changes results. All must be JSON.
    """
    content = {"inputs": sorted(_canonical(item) for item in inputs), "code_version": code_version, "settings": dict(settings or {})}
    return f"{business_date.isoformat()}-{hashlib.sha256(_canonical(content).encode()).hexdigest()[:12]}"


def _canonical(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
