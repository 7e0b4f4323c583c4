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

from ingestion.inbox import held_back, waiting
from onecard.catalogue.rules import rules
from onecard.store import lake
from onecard.store.releases import current_release, dangling_current, no_current, verify_release
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import OnecardError
from onecard.words.language import SEMICOLON, Words, joined
from onecard.words.reference_data import shipped
from onecard.words.system_faults import existing, machine_fault

# What a county's year needs in scratch, lake and two releases, with room to spare.
ROOM_BYTES = 5 * 1024**3
# Working bounds of the stack (pyproject holds the same for the installer; this catches a hand-made environment).
STACK = {"dagster": "1.13", "dbt-core": "1.11", "dbt-duckdb": "1.11", "duckdb": "2.0", "great-expectations": "1.24"}


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
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("Python", _python),
        ("软件包 packages", _stack),
        ("磁盘空间 disk", lambda: _room(ws)),
        ("工作区 workspace", lambda: _writable(ws)),
        ("锁 lock", lambda: _lock(ws)),
        ("保险库密钥 vault key", lambda: _vault_key(ws, settings)),
        ("DuckDB", _duckdb_offline),
        ("遥测 telemetry", _telemetry),
        ("规则目录 rules", _rule_catalogue),
        ("收件箱 inbox", lambda: _inbox(ws)),
        ("数据湖 lake", lambda: _lake(ws)),
        ("当前发布 current release", lambda: _current(ws)),
        ("Java (Spark)", _java),
    ]
    return [_looked(name, look, ws) for name, look in looks]


def _looked(name: str, look: Callable[[], Finding], ws: Workspace) -> Finding:
    """A look that breaks off is a finding, and the others still speak."""
    try:
        return look()
    except OnecardError as error:
        return Finding(name, "fail", f"{error.what}: {error.why}", error.remedy)
    except Exception as error:
        if (fault := machine_fault(error, ws.home)) is not None:
            return Finding(name, "fail", f"{fault.what}: {fault.where}: {fault.why}", fault.remedy)
        return Finding(name, "fail", f"检查中断 the look broke off ({type(error).__name__})", "ONECARD_DEBUG=1 onecard doctor")


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    fine = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("Python", "ok" if fine else "fail", version, "" if fine else "用 3.11–3.13 use 3.11 to 3.13")


def _stack() -> Finding:
    wrong = []
    for name, bound in STACK.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            version = "缺 missing"
        if not version.startswith(bound + "."):
            wrong.append(f"{name} {version} (≠ {bound})")
    return Finding(
        "软件包 packages", "fail" if wrong else "ok", ", ".join(wrong) or f"{len(STACK)} 项符合 as bounded", "make setup" if wrong else ""
    )


def _room(ws: Workspace) -> Finding:
    free = shutil.disk_usage(existing(ws.home.resolve())).free
    fine = free >= ROOM_BYTES
    return Finding(
        "磁盘空间 disk", "ok" if fine else "warn", f"{free // 1024**2:,} MiB 可用 free", "" if fine else "腾出空间 free some room"
    )


def _writable(ws: Workspace) -> Finding:
    """Writes and reads back a file: rights alone do not tell of a disk that is full or mounted read-only."""
    places = [place for place in (ws.home, ws.inbox, ws.landing, ws.vault, ws.lake, ws.releases, ws.runs) if place.exists()]
    for place in places or [existing(ws.home.absolute())]:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    return Finding("工作区 workspace", "ok", str(ws.home))


def _lock(ws: Workspace) -> Finding:
    if not ws.home.exists():
        return Finding("锁 lock", "ok", "工作区尚未建立 no workspace yet")
    try:
        with ws.lock():
            return Finding("锁 lock", "ok", "空闲 free")
    except OnecardError as error:
        return Finding("锁 lock", "warn", error.why, error.remedy)


def _vault_key(ws: Workspace, settings: Settings) -> Finding:
    if settings.vault_key is not None:
        return Finding("保险库密钥 vault key", "ok", "来自环境 from the environment")
    path = ws.vault / "vault.key"
    if not path.exists():
        return Finding("保险库密钥 vault key", "ok", "首次运行时生成 made on the first run")
    mode = stat.S_IMODE(path.stat().st_mode)
    fine = mode == 0o600
    return Finding("保险库密钥 vault key", "ok" if fine else "fail", f"{path.name} {mode:04o}", "" if fine else f"chmod 600 {path}")


def _duckdb_offline() -> Finding:
    with duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}) as con:
        loaded = {row[0] for row in con.execute("select extension_name from duckdb_extensions() where loaded").fetchall()}
    missing = {"core_functions", "icu", "json", "parquet"} - loaded
    return Finding(
        "DuckDB", "fail" if missing else "ok", f"缺 missing {sorted(missing)}" if missing else "无需下载扩展 no extension to download"
    )


def _telemetry() -> Finding:
    config = shipped("orchestration", "dagster.yaml").read_text(encoding="utf-8")
    fine = "enabled: false" in config
    return Finding("遥测 telemetry", "ok" if fine else "fail", "关 off" if fine else "开 on")


def _rule_catalogue() -> Finding:
    try:
        return Finding("规则目录 rules", "ok", f"{len(rules())} 条 rules")
    except OnecardError as error:
        return Finding("规则目录 rules", "fail", str(error.why), error.remedy)


def _inbox(ws: Workspace) -> Finding:
    coming, held = waiting(ws), held_back(ws)
    told = f"{len(coming)} 个文件待收 files waiting" + (f"，{len(held)} 个暂缓 held back" if held else "")
    return Finding("收件箱 inbox", "warn" if held else "ok", told, "onecard quarantine" if held else "")


def _lake(ws: Workspace) -> Finding:
    wrong = lake.examine(ws)
    if not wrong:
        return Finding("数据湖 lake", "ok", "文件齐全 all files there")
    return Finding("数据湖 lake", "fail", joined("; ", (damage.where for damage in wrong[:5])), wrong[0].remedy)


def _current(ws: Workspace) -> Finding:
    path = current_release(ws)
    if path is None and dangling_current(ws) is not None:
        fault = no_current(ws)
        return Finding("当前发布 current release", "fail", fault.why, fault.remedy)
    if path is None:
        return Finding("当前发布 current release", "ok", "尚无 none yet")
    problems = verify_release(path)
    return Finding(
        "当前发布 current release",
        "fail" if problems else "ok",
        joined(SEMICOLON, problems[:3]) or f"{path.name} 完好 sound",
        "onecard verify; onecard run" if problems else "",
    )


def _java() -> Finding:
    java = shutil.which("java")
    if java is None:
        return Finding(
            "Java (Spark)", "warn", "没有;只影响 Spark 目标 none; only the spark target needs it", "apt install openjdk-17-jre-headless"
        )
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr.splitlines()
    return Finding("Java (Spark)", "ok", said[0] if said else java)
