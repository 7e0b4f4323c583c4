"""Writes docs/reference/ and dbt's file of sources from what the code obeys: dbt metadata, rule metadata, contracts. `make docs`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from onecard.catalogue.lake_tables import LakeTable, lake_tables, set_aside_tables
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.rules import rules
from onecard.catalogue.sources import Column, Contract, Layout, load_contracts
from onecard.store.files import write_atomic
from onecard.store.lake import MODELLED_TABLES
from onecard.words.reference_data import read_yaml
from onecard_app.operations import dbt_sources
from orchestration.dbt import PROJECT

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
MADE = "<!-- 由 `make docs` 生成，请勿手改 · made by `make docs`, do not edit -->\n\n"


def pages() -> dict[str, str]:
    """File name → Markdown of every generated page."""
    made = {"data-dictionary.md": data_dictionary(), "rules.md": rule_catalogue(), "quarantine-reasons.md": reasons(), "lake.md": lake()}
    for name, contract in sorted(load_contracts().items()):
        made[f"contracts/{name}.md"] = contract_page(contract)
    return made


def write(folder: Path = REFERENCE) -> list[Path]:
    """Write all pages, drop pages that nothing makes any more; returns the paths."""
    made = pages()
    for old in folder.rglob("*.md"):
        if str(old.relative_to(folder)) not in made:
            old.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text.encode("utf-8"))
    return [folder / name for name in made]


def write_dbt_sources(project: Path = PROJECT) -> Path:
    """Write what dbt must know of the sources; returns the path."""
    path = project / dbt_sources.FILE
    write_atomic(path, dbt_sources.sources_yml().encode("utf-8"))
    return path


def table(head: list[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table; bars inside cells are escaped."""

    def line(cells: Iterable[Any]) -> str:
        return "| " + " | ".join(str(cell if cell is not None else "").replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line("---" for _ in head), *(line(row) for row in rows)]) + "\n"


def _models(kind: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        for model in read_yaml(path).get("models", []) or []:
            if model["name"].startswith(kind):
                found.append(model)
    return sorted(found, key=lambda model: model["name"])


def data_dictionary() -> str:
    """Every mart with every column, type and meaning."""
    parts = [MADE, "# 数据字典 Data dictionary\n\n发布里的每张表 Every table of a release.\n"]
    for model in _models("mart_"):
        parts.append(f"\n## `{model['name']}`\n\n{model.get('description', '').strip()}\n\n")
        columns = [[f"`{column['name']}`", _type(column), column.get("description", "")] for column in model.get("columns", [])]
        parts.append(table(["列 column", "类型 type", "含义 meaning"], columns))
    return "".join(parts)


def _type(column: dict[str, Any]) -> str:
    """The type as readers meet it; where engines spell it differently the yml asks the target (an instant, in UTC)."""
    stated = column.get("data_type", "")
    return "timestamp (UTC)" if "{{" in stated else stated


def rule_catalogue() -> str:
    """Every rule with law, threshold, handler and known false alarms."""
    parts = [MADE, "# 规则目录 Rule catalogue\n\n疑点是线索，人核实之后才是问题。A finding is a lead until a person confirms it.\n"]
    for code, rule in sorted(rules().items()):
        facts = [
            ["治理重点 seed", rule.seed_phrase],
            ["依据 legal basis", f"{rule.legal_basis} ({rule.basis_confidence})"],
            ["阈值 threshold", rule.threshold_text],
            ["以何为据 what it rests on", str(rule.grounds)],
            ["级别 severity", rule.severity],
            ["套件 suite", rule.suite],
            ["处理 handler", rule.handler],
            ["可能误报", rule.false_alarms_zh],
            ["false alarms", rule.false_alarms_en],
        ]
        parts.append(f"\n## {code} {rule.title_zh}\n\n{rule.title_en}\n\n{rule.description}\n\n" + table(["", ""], facts))
    return "".join(parts)


def reasons() -> str:
    """The closed list of reasons for which a row or a file is set aside."""
    rows = [[f"`{reason.value}`", reason.why.zh, reason.why.en, reason.remedy] for reason in Reason]
    head = ["代码 code", "原因", "reason", "办法 remedy"]
    return MADE + "# 隔离原因 Reasons of quarantine\n\n" + table(head, rows)


def lake() -> str:
    """Every table of the lake with every column, type and meaning; those of sources by their contracts."""
    rows_of_files = "、".join(f"`{name}`" for name, described in lake_tables().items() if described.of_rows)
    parts = [
        MADE,
        "# 湖中的表 Tables of the lake\n\n只追加，只有假名 append-only, pseudonyms only. ",
        "金额为 int64，单位分 money is int64 in fen; 月份 months int32 yyyymm; 时刻 instants in UTC; 键 keys 63 位 bits.\n\n",
        f"每一行是文件中的一行 each row is a row of a file, by `delivery_key`, `sheet_no`, `row_no`: {rows_of_files}\n",
    ]
    for name, described in lake_tables().items():
        parts.append(f"\n## `{name}`\n\n{described.description}\n\n")
        if described.source:
            parts.append(f"来源 source: [{load_contracts()[name].title_zh}](contracts/{name}.md)\n\n")
        parts.append(_lake_columns(described))
    for name, described in set_aside_tables().items():
        parts.append(f"\n## 隔离区 quarantine: `{name}`\n\n{described.description}\n\n{_lake_columns(described)}")
    return "".join(parts)


def _lake_columns(described: LakeTable) -> str:
    schema = MODELLED_TABLES[described.name]
    rows = [
        [f"`{column.name}`", schema.field(column.name).type, column.domain, column.description, ", ".join(column.values)]
        for column in described.columns
    ]
    return table(["列 column", "类型 type", "假名 pseudonym of", "含义 meaning", "取值 values"], rows)


def contract_page(contract: Contract) -> str:
    """What one source must look like: senders, file names, layouts, accepted headers, units."""
    sender = {"division": "区划代码 division code", "bank": "银行代码 bank code"}[contract.sender]
    title = f"# `{contract.source}` {contract.title_zh}\n\n{contract.title_en}\n\n"
    parts = [MADE, title, f"{contract.description_zh} · {contract.description_en}\n\n"]
    parts.append(f"- 发送方 sender: {sender}\n")
    parts.append(f"- 新件取代旧件，当同属 a later file supersedes an earlier one of the same: {', '.join(contract.scope)}\n")
    parts.append(f"- 最近一份应在 a file is expected within: {contract.fresh_days} 天 days\n")
    parts.append("- 金额单位写在表头或单位行 the unit of money stands in the header or in a unit line: 元, 万元, 分\n")
    parts.append("\n## 文件名 file names\n\n")
    parts.append("按这些样式辨认；其他文件名须在 `receive` 时说明来源 known by these patterns; say `--source` for any other name\n\n")
    parts.append("".join(f"- `{pattern}`\n" for pattern in contract.file_patterns))
    parts.append("\n## 列 columns\n\n" + _columns(contract))
    parts.append(f"\n入湖的列 what the lake keeps: [`{contract.source}`](../lake.md)\n")
    for layout in contract.layouts:
        if layout.line is not None:
            parts.append(f"\n## 文本格式 text layout `{layout.name}` ({layout.format})\n\n金额单位 unit of money: {layout.unit}\n\n")
            parts.append(_records(layout))
    return "".join(parts)


def _columns(contract: Contract) -> str:
    rows = [
        [f"`{column.name}`", "、".join(column.headers), column.kind, "必填 required" if column.required else "", _meaning(column)]
        for column in contract.columns
    ]
    return table(["字段 field", "可接受的表头 accepted headers", "类型 type", "必填 required", "含义 meaning"], rows)


def _meaning(column: Column) -> str:
    """What a column means, and for words what each becomes in the lake."""
    words = "；" + "、".join(f"{word} = {code}" for word, code in column.words.items()) if column.words else ""
    empty = f"；空 empty: {'、'.join(column.empty)}" if column.empty else ""
    return f"{column.zh} · {column.en}{words}{empty}"


def _records(layout: Layout) -> str:
    rows = []
    for label, record in (("首记录 header", layout.header), ("明细 line", layout.line), ("尾记录 trailer", layout.trailer)):
        if record is not None:
            fields = [f"{field.name} {field.width}" if field.width else field.name for field in record.fields]
            rows.append([label, f"`{record.type}`", ", ".join(fields)])
    return table(["记录 record", "首字段 first field", "字段(字节宽) fields (width in bytes)"], rows)


if __name__ == "__main__":
    for written in [*write(), write_dbt_sources()]:
        sys.stdout.write(f"{written}\n")
