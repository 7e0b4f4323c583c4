"""Releases: written aside, checked, renamed into place, and made current by the swap of one pointer."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from onecard.store.files import fsync_dir, fsync_file, sha256_file, write_json_atomic
from onecard.store.release_checks import (
    DATABASE,
    MANIFEST,
    REFUSED,
    TEMPORARY,
    checked_name,
    columns_of,
    figures_of,
    quoted,
    read_manifest,
    unreadable,
    verify_release,
)
from onecard.store.release_identity import code_version, make_release_id
from onecard.store.stable_duckdb import OFFLINE, write_stable
from onecard.store.workspace import Workspace
from onecard.words.errors import GateRefused, InputRefused, InternalFault, NotFound
from onecard.words.language import COMMA, SEMICOLON, Text, Words, joined

# Sorting spills beyond this; the order is total, so neither limit nor threads change the bytes (tests hold this).
_EXPORT: dict[str, Any] = {"threads": 2, "memory_limit": "512MB"}

Marts = Sequence[tuple[str, Sequence[str]]]


__all__ = [
    "Marts",
    "Release",
    "clean_up",
    "code_version",
    "current_release",
    "damaged",
    "dangling_current",
    "list_releases",
    "make_release_id",
    "no_current",
    "open_release",
    "publish",
    "read_manifest",
    "read_release",
    "stated_facts",
    "verify_release",
    "write_release",
]


@dataclass(frozen=True)
class Release:
    """One release on disk. `refused`: it did not pass the gate and can never be current."""

    release_id: str
    path: Path
    refused: bool
    is_current: bool


# --- writing --------------------------------------------------------------------------------------------------------------------------


def write_release(
    ws: Workspace,
    scratch_db: Path,
    *,
    release_id: str,
    manifest_facts: Mapping[str, Any],
    marts: Marts,
    extra_files: Mapping[str, bytes],
) -> Path:
    """Write a release from the finished scratch database and return its folder; nothing becomes current by this.

    `manifest_facts` must hold `business_date` (ISO), `code_version`, `inputs`, `settings` (what the id was made of) and `verdict`
    (`{"publishable": bool, …}`), and no time of the clock. `marts`: relation and its columns in order; ties are broken by the other
    columns. `extra_files`: bytes by name (report.html). A refused release lands in `refused-<id>`. The caller holds the lock.
    Raises InternalFault when what was written does not verify, or when another content already bears this id.
    """
    clean_up(ws)
    name = release_id if manifest_facts["verdict"]["publishable"] else REFUSED + release_id
    folder = ws.releases / f"{TEMPORARY}{name}"
    spill = ws.releases / f"{TEMPORARY}spill"
    folder.mkdir(parents=True)
    spill.mkdir()
    tables = _export(scratch_db, folder, spill, marts)
    _write_database(folder, spill, {"release_id": release_id, **_told(manifest_facts)}, list(tables))
    for file_name, content in extra_files.items():
        (folder / file_name).write_bytes(content)
    files = {path.name: {"sha256": sha256_file(path), "bytes": path.stat().st_size} for path in sorted(folder.iterdir())}
    manifest = {**manifest_facts, "format": 1, "release_id": release_id, "files": files, "tables": tables}
    write_json_atomic(folder / MANIFEST, manifest)
    shutil.rmtree(spill)
    for path in folder.iterdir():
        path.chmod(0o444)
        fsync_file(path)
    fsync_dir(folder)
    return _into_place(ws, folder, name)


def clean_up(ws: Workspace) -> None:
    """Remove what killed runs left half-written. The caller holds the lock."""
    for path in ws.releases.glob(f"{TEMPORARY}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _told(facts: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(facts[key]) for key in ("business_date", "code_version")}


def _export(scratch_db: Path, folder: Path, spill: Path, marts: Marts) -> dict[str, dict[str, Any]]:
    """One Parquet file per mart, in total order; what the manifest says of each table."""
    tables: dict[str, dict[str, Any]] = {}
    with duckdb.connect(str(scratch_db), read_only=True, config={**_EXPORT, **OFFLINE, "temp_directory": str(spill)}) as con:
        con.execute("set TimeZone = 'UTC'")
        for mart, order_by in marts:
            columns = columns_of(con, checked_name(mart))
            for column in columns:
                _publishable_type(mart, column["name"], column["type"])
            order = [checked_name(name) for name in order_by]
            order += [column["name"] for column in columns if column["name"] not in order]
            target = folder / f"{mart}.parquet"
            ordered = f"select * from {mart} order by " + ", ".join(f'"{name}" nulls first' for name in order)
            con.execute(f"copy ({ordered}) to '{quoted(target)}' (format parquet, compression zstd, row_group_size 122880)")
            tables[mart] = {"file": target.name, "columns": columns, "order_by": list(order_by), **figures_of(con, mart, columns)}
    return tables


def _write_database(folder: Path, spill: Path, told: Mapping[str, str], tables: Sequence[str]) -> None:
    """The same tables in one DuckDB file, in the order of the Parquet files, with a table that says which release this is."""

    def fill(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("set TimeZone = 'UTC'")
        con.execute("create table release_info (name varchar, value varchar)")
        con.executemany("insert into release_info values (?, ?)", sorted(told.items()))
        for table in tables:
            con.execute(f"create table {table} as select * from read_parquet('{quoted(folder / f'{table}.parquet')}')")

    write_stable(folder / DATABASE, spill, fill)


def _publishable_type(mart: str, column: str, kind: str) -> None:
    """Parquet would turn a HUGEINT into a DOUBLE, and money is never a DOUBLE."""
    if "HUGEINT" in kind or (column.endswith("_fen") and kind != "BIGINT"):
        raise InternalFault(
            code="OC-REL-011",
            what=Text("列类型不能发布", "the type of a column cannot be published"),
            where=f"{mart}.{column}",
            why=Text(
                f"{kind}：金额必须是 BIGINT（分），整数不得超出 64 位",
                f"{kind}: money must be BIGINT fen, integers at most 64 bits",
            ),
            remedy=Text("在模型中转换类型", "cast it in the model"),
        )


def _into_place(ws: Workspace, folder: Path, name: str) -> Path:
    """Check what was written, then give it its name."""
    target = ws.releases / name
    if problems := verify_release(folder):
        raise InternalFault(
            code="OC-REL-003",
            what=Text("写出后核对不符，未发布", "verification failed after writing; nothing was published"),
            where=str(folder),
            why=joined(SEMICOLON, problems[:5]),
            remedy=Text("检查磁盘后重新运行", "check the disk and run again"),
        )
    if target.exists():
        if not verify_release(target) and not name.startswith(REFUSED):
            if (target / MANIFEST).read_bytes() != (folder / MANIFEST).read_bytes():
                raise InternalFault(
                    code="OC-REL-004",
                    what=Text("发布编号相同而内容不同", "release id collision: the contents differ"),
                    where=name,
                    why=Text("编号未涵盖某项输入", "some input is not covered by the id"),
                    remedy=Text("请报告此问题；旧发布保持不变", "report this problem; the old release stays as it is"),
                )
            shutil.rmtree(folder)
            return target
        # Damaged, or refused before: out of the way under a name that the next run sweeps.
        target.rename(ws.releases / f"{TEMPORARY}replaced-{name}")
    folder.rename(target)
    fsync_dir(ws.releases)
    return target


# --- publishing and reading -----------------------------------------------------------------------------------------------------------


# Length of the business date that a release's name begins with.
_DATE = len("2018-09-30")


def publish(ws: Workspace, release_id: str, *, verified: bool = False) -> Path:
    """Make a release current by renaming one symlink over another; doing it twice changes nothing.

    A release of an earlier business date than the current one's is kept beside it: who asks what was known on a past day must not
    turn everybody's present back to it. `verified`: `write_release` has just checked these very bytes, and they are not read again.
    Raises NotFound when there is none, GateRefused when it did not pass the gate, InternalFault when it does not verify.
    """
    path = ws.releases / release_id
    if not path.is_dir():
        refused = (ws.releases / f"{REFUSED}{release_id}").is_dir()
        raise _refusal(release_id, []) if refused else _missing(path)
    manifest = read_manifest(path)
    if release_id.startswith((REFUSED, TEMPORARY)) or not manifest["verdict"]["publishable"]:
        reasons = manifest["verdict"].get("reasons", [])
        raise _refusal(release_id, [Text(reason["zh"], reason["en"]) for reason in reasons if isinstance(reason, dict)])
    if not verified and (problems := verify_release(path)):
        raise InternalFault(
            code="OC-REL-003",
            what=Text("发布核对不符，未发布", "the release does not match its manifest; it was not published"),
            where=str(path),
            why=joined(SEMICOLON, problems[:5]),
            remedy=Text("重新运行", "run again"),
        )
    standing = current_release(ws)
    if standing is not None and standing.name[:_DATE] > release_id[:_DATE] and not verify_release(standing):
        return path
    pointer = ws.releases / f"{TEMPORARY}current"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(release_id, target_is_directory=True)
    pointer.replace(ws.current)
    fsync_dir(ws.releases)
    return path


def current_release(ws: Workspace) -> Path | None:
    """Folder of the current release, the pointer already followed: keep it while reading, and no swap can mix two releases."""
    try:
        name = ws.current.readlink()
    except OSError:
        return None
    path = ws.releases / name
    return path if path.is_dir() else None


def dangling_current(ws: Workspace) -> str | None:
    """The release that `current` points to although it is not there; None when all is well or nothing was ever published."""
    if current_release(ws) is not None or not ws.current.is_symlink():
        return None
    return str(ws.current.readlink())


def stated_facts(path: Path) -> dict[str, Any]:
    """The manifest of a release that is to be shown. Raises InputRefused when it is missing or damaged."""
    try:
        manifest = read_manifest(path)
        if not isinstance(manifest["verdict"]["publishable"], bool):
            raise ValueError
        for name in ("release_id", "business_date", "code_version", "inputs", "tables"):
            manifest[name]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path, unreadable(MANIFEST, error)) from None
    return manifest


def list_releases(ws: Workspace) -> list[Release]:
    """All releases, refused ones too, oldest business date first."""
    current = current_release(ws)
    found = []
    for path in sorted(ws.releases.glob("*")) if ws.releases.is_dir() else []:
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and (path / MANIFEST).is_file():
            refused = path.name.startswith(REFUSED)
            found.append(Release(path.name.removeprefix(REFUSED), path, refused, path == current))
    return sorted(found, key=lambda release: (release.release_id, release.refused))


@contextmanager
def read_release(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a release's database. Raises NotFound when there is no such folder, InputRefused when it holds none.

    A symlink is followed once, before anything is opened.
    """
    database = path.resolve() / DATABASE
    if not path.is_dir():
        raise _missing(path)
    if not database.is_file():
        raise damaged(path, Text(f"{DATABASE}：缺失", f"{DATABASE}: missing"))
    try:
        con = duckdb.connect(str(database), read_only=True, config=OFFLINE)
    except duckdb.Error as error:
        raise damaged(path, unreadable(DATABASE, error)) from None
    with con:
        con.execute("set TimeZone = 'UTC'")
        yield con


@contextmanager
def open_release(ws: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the current release. Raises NotFound when nothing has been published yet."""
    path = current_release(ws)
    if path is None:
        raise no_current(ws)
    with read_release(path) as con:
        yield con


def _refusal(release_id: str, reasons: Sequence[Text]) -> GateRefused:
    report = f"releases/{REFUSED}{release_id.removeprefix(REFUSED)}/report.html"
    return GateRefused(
        code="OC-REL-005",
        what=Text("发布未通过闸门", "the release did not pass the gate"),
        where=release_id,
        why=joined(SEMICOLON, reasons) or Text("阻断性校验未通过", "a blocking check failed"),
        remedy=Text(f"见 {report}", f"see {report}"),
    )


def _missing(path: Path) -> NotFound:
    return NotFound(
        code="OC-REL-001",
        what=Text("没有这个发布", "no such release"),
        where=str(path),
        why=Text("尚未发布，或目录不存在", "it has not been published yet, or the directory does not exist"),
        remedy="onecard run",
    )


def no_current(ws: Workspace) -> NotFound:
    """Why there is no current release: nothing was published yet, or the one pointed to is gone."""
    gone = dangling_current(ws)
    if gone is None:
        return NotFound(
            code="OC-REL-001",
            what=Text("没有这个发布", "no such release"),
            where=str(ws.current),
            why=Text("尚未成功发布过", "nothing has been published yet"),
            remedy=Text("先运行 onecard run", "run onecard run first"),
        )
    there = [release.release_id for release in list_releases(ws) if not release.refused]
    offered = Text("现有发布（--release）：", "existing releases (--release): ") + joined(COMMA, there[-8:]) + SEMICOLON if there else ""
    return NotFound(
        code="OC-REL-008",
        what=Text("当前发布已不存在", "the current release is gone"),
        where=str(ws.current),
        why=Text(f"current 指向 {gone}，该目录不存在", f"current points to {gone}, which does not exist"),
        remedy=offered + Text("用 onecard run 重新发布", "publish again with onecard run"),
    )


def damaged(path: Path, why: Words) -> InputRefused:
    """The error of a release that cannot be shown because a part of it is missing or unreadable."""
    return InputRefused(
        code="OC-REL-007",
        what=Text("发布已损坏", "the release is damaged"),
        where=str(path),
        why=why,
        remedy=Text(
            f"用 onecard verify {path.name} 核对；再以同一业务日期重新 onecard run",
            f"check it with onecard verify {path.name}; then onecard run again for the same business date",
        ),
    )
