"""Looks at the machine and the workspace and says what would go wrong, before a night run finds out."""

import importlib.metadata
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
from packaging.requirements import Requirement

from ingestion.inbox import held_back, waiting
from onecard.catalogue.rules import rules
from onecard.store import lake
from onecard.store.releases import current_release, dangling_current, no_current, verify_release
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import OnecardError
from onecard.words.language import SEMICOLON, Text, Words, joined
from onecard.words.reference_data import shipped
from onecard.words.system_faults import existing, machine_fault

# What a county's year needs in scratch, lake and two releases, with room to spare.
ROOM_BYTES = 5 * 1024**3
PACKAGE = "onecard"
# Names of the looks.
PACKAGES, DISK, WORKSPACE, LOCK = Text("软件包", "packages"), Text("磁盘空间", "disk"), Text("工作区", "workspace"), Text("锁", "lock")
VAULT_KEY, TELEMETRY, RULES = Text("保险库密钥", "vault key"), Text("遥测", "telemetry"), Text("规则目录", "rules")
INBOX, LAKE, CURRENT = Text("收件箱", "inbox"), Text("数据湖", "lake"), Text("当前发布", "current release")


@dataclass(frozen=True)
class Finding:
    """One look: `state` is ok, warn or fail."""

    name: Words
    state: str
    detail: Words
    remedy: Words = ""

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self).items()}


def examine(ws: Workspace, settings: Settings) -> list[Finding]:
    """All looks, in the order in which a broken one would bite."""
    looks: list[tuple[Words, Callable[[], Finding]]] = [
        ("Python", _python),
        (PACKAGES, _stack),
        (DISK, lambda: _room(ws)),
        (WORKSPACE, lambda: _writable(ws)),
        (LOCK, lambda: _lock(ws)),
        (VAULT_KEY, lambda: _vault_key(ws, settings)),
        ("DuckDB", _duckdb_offline),
        (TELEMETRY, _telemetry),
        (RULES, _rule_catalogue),
        (INBOX, lambda: _inbox(ws)),
        (LAKE, lambda: _lake(ws)),
        (CURRENT, lambda: _current(ws)),
        ("Java (Spark)", _java),
    ]
    return [_looked(name, look, ws) for name, look in looks]


def _looked(name: Words, look: Callable[[], Finding], ws: Workspace) -> Finding:
    """A look that breaks off is a finding, and the others still speak."""
    try:
        return look()
    except OnecardError as error:
        return Finding(name, "fail", joined(": ", (error.what, error.why)), error.remedy)
    except Exception as error:
        if (fault := machine_fault(error, ws.home)) is not None:
            return Finding(name, "fail", joined(": ", (fault.what, fault.where, fault.why)), fault.remedy)
        broken = Text("检查中断", "the check was aborted") + f" ({type(error).__name__})"
        return Finding(name, "fail", broken, "ONECARD_DEBUG=1 onecard doctor")


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    fine = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("Python", "ok" if fine else "fail", version, "" if fine else Text("用 3.11–3.13", "use 3.11 to 3.13"))


def _stack() -> Finding:
    """Installed versions against what the installed onecard requires: a hand-made environment may hold others."""
    wrong, required = [], _required()
    for requirement in required:
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} " + Text("缺", "missing") + f" ({requirement.specifier})")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(Text("", "") + f"{requirement.name} {version} (≠ {requirement.specifier})")
    if wrong:
        return Finding(PACKAGES, "fail", joined(", ", wrong), "make setup")
    return Finding(PACKAGES, "ok", Text(f"{len(required)} 项符合", f"{len(required)} as required"))


def _required() -> list[Requirement]:
    """Packages that onecard itself requires here; extras and other systems' ones are left out."""
    every = map(Requirement, importlib.metadata.requires(PACKAGE) or [])
    return [requirement for requirement in every if requirement.marker is None or requirement.marker.evaluate({"extra": ""})]


def _room(ws: Workspace) -> Finding:
    free = shutil.disk_usage(existing(ws.home.resolve())).free
    fine = free >= ROOM_BYTES
    return Finding(
        DISK,
        "ok" if fine else "warn",
        Text(f"{free // 1024**2:,} MiB 可用", f"{free // 1024**2:,} MiB free"),
        "" if fine else Text("腾出空间", "free some room"),
    )


def _writable(ws: Workspace) -> Finding:
    """Writes and reads back a file: rights alone do not tell of a disk that is full or mounted read-only."""
    places = [place for place in (ws.home, ws.inbox, ws.landing, ws.vault, ws.lake, ws.releases, ws.runs) if place.exists()]
    for place in places or [existing(ws.home.absolute())]:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    return Finding(WORKSPACE, "ok", str(ws.home))


def _lock(ws: Workspace) -> Finding:
    if not ws.home.exists():
        return Finding(LOCK, "ok", Text("工作区尚未建立", "no workspace yet"))
    try:
        with ws.lock():
            return Finding(LOCK, "ok", Text("空闲", "free"))
    except OnecardError as error:
        return Finding(LOCK, "warn", error.why, error.remedy)


def _vault_key(ws: Workspace, settings: Settings) -> Finding:
    if settings.vault_key is not None:
        return Finding(VAULT_KEY, "ok", Text("来自环境变量", "from the environment"))
    path = ws.vault / "vault.key"
    if not path.exists():
        return Finding(VAULT_KEY, "ok", Text("首次运行时生成", "made on the first run"))
    mode = stat.S_IMODE(path.stat().st_mode)
    fine = mode == 0o600
    return Finding(VAULT_KEY, "ok" if fine else "fail", f"{path.name} {mode:04o}", "" if fine else f"chmod 600 {path}")


def _duckdb_offline() -> Finding:
    with duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}) as con:
        loaded = {row[0] for row in con.execute("select extension_name from duckdb_extensions() where loaded").fetchall()}
    missing = {"core_functions", "icu", "json", "parquet"} - loaded
    if missing:
        return Finding("DuckDB", "fail", Text("缺少：", "missing: ") + ", ".join(sorted(missing)))
    return Finding("DuckDB", "ok", Text("无需下载扩展", "no extension to download"))


def _telemetry() -> Finding:
    config = shipped("orchestration", "dagster.yaml").read_text(encoding="utf-8")
    fine = "enabled: false" in config
    return Finding(TELEMETRY, "ok" if fine else "fail", Text("关", "off") if fine else Text("开", "on"))


def _rule_catalogue() -> Finding:
    try:
        return Finding(RULES, "ok", Text(f"{len(rules())} 条", f"{len(rules())} rules"))
    except OnecardError as error:
        return Finding(RULES, "fail", error.why, error.remedy)


def _inbox(ws: Workspace) -> Finding:
    coming, held = waiting(ws), held_back(ws)
    told = Text(f"{len(coming)} 个文件待收", f"{len(coming)} files waiting")
    if held:
        told += Text(f"，{len(held)} 个暂缓", f", {len(held)} on hold")
    return Finding(INBOX, "warn" if held else "ok", told, "onecard quarantine" if held else "")


def _lake(ws: Workspace) -> Finding:
    wrong = lake.examine(ws)
    if not wrong:
        return Finding(LAKE, "ok", Text("文件齐全", "all files are there"))
    return Finding(LAKE, "fail", joined("; ", (damage.where for damage in wrong[:5])), wrong[0].remedy)


def _current(ws: Workspace) -> Finding:
    path = current_release(ws)
    if path is None and dangling_current(ws) is not None:
        fault = no_current(ws)
        return Finding(CURRENT, "fail", fault.why, fault.remedy)
    if path is None:
        return Finding(CURRENT, "ok", Text("尚无", "none yet"))
    problems = verify_release(path)
    return Finding(
        CURRENT,
        "fail" if problems else "ok",
        joined(SEMICOLON, problems[:3]) or f"{path.name} " + Text("完好", "sound"),
        "onecard verify; onecard run" if problems else "",
    )


def _java() -> Finding:
    java = shutil.which("java")
    if java is None:
        return Finding(
            "Java (Spark)",
            "warn",
            Text("没有；只影响 Spark 目标", "none; only the spark target needs it"),
            "apt install openjdk-17-jre-headless",
        )
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr.splitlines()
    return Finding("Java (Spark)", "ok", said[0] if said else java)
