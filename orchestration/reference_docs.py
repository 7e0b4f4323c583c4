"""Writes docs/reference/ from what the code obeys: dbt metadata, rule metadata, contracts. `make docs`; a test holds them together."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from ingestion.contracts import load_contracts
from ingestion.reasons import Reason
from onecard.files import write_atomic
from onecard.rules import rules
from orchestration.dbt import PROJECT

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "<!-- 由 `make docs` 生成，请勿手改 · made by `make docs`, do not edit -->\n\n"


def pages() -> dict[str, str]:
    """File name → Markdown of every generated page."""
    made = {"data-dictionary.md": data_dictionary(), "rules.md": rule_catalogue(), "quarantine-reasons.md": reasons()}
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


def table(head: list[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table; bars inside cells are escaped."""

    def line(cells: Iterable[Any]) -> str:
        return "| " + " | ".join(str(cell if cell is not None else "").replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(head), line("---" for _ in head), *(line(row) for row in rows)]) + "\n"


def _models(kind: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []) or []:
            if model["name"].startswith(kind):
                found.append(model)
    return sorted(found, key=lambda model: model["name"])


def data_dictionary() -> str:
    """Every mart with every column, type and meaning."""
    parts = [MADE, "# 数据字典 Data dictionary\n\n发布里的每张表 Every table of a release.\n"]
    for model in _models("mart_"):
        parts.append(f"\n## `{model['name']}`\n\n{model.get('description', '').strip()}\n\n")
        columns = [
            [f"`{column['name']}`", column.get("data_type", ""), column.get("description", "")] for column in model.get("columns", [])
        ]
        parts.append(table(["列 column", "类型 type", "含义 meaning"], columns))
    return "".join(parts)


def rule_catalogue() -> str:
    """Every rule with law, threshold, handler and known false alarms."""
    parts = [MADE, "# 规则目录 Rule catalogue\n\n疑点是线索，人核实之后才是问题。A finding is a lead until a person confirms it.\n"]
    for code, rule in sorted(rules().items()):
        thresholds = "; ".join(f"{name} = {value}" for name, value in rule.threshold.items()) or "—"
        facts = [
            ["治理重点 seed", rule.seed_phrase],
            ["依据 legal basis", f"{rule.legal_basis} ({rule.basis_confidence})"],
            ["阈值 threshold", thresholds],
            ["级别 severity", rule.severity],
            ["套件 suite", rule.suite],
            ["处理 handler", rule.handler],
            ["可能误报", rule.false_alarms_zh],
            ["false alarms", rule.false_alarms_en],
        ]
        parts.append(f"\n## {code} {rule.title_zh}\n\n{rule.title_en}\n\n" + table(["", ""], facts))
    return "".join(parts)


def reasons() -> str:
    """The closed list of reasons for which a row or a file is set aside."""
    rows = [[f"`{reason.value}`", reason.zh, reason.en, reason.remedy] for reason in Reason]
    head = ["代码 code", "原因", "reason", "办法 remedy"]
    return MADE + "# 隔离原因 Reasons of quarantine\n\n" + table(head, rows)


def contract_page(contract: Any) -> str:
    """What one source must look like: senders, file names, accepted headers, units."""
    parts = [MADE, f"# `{contract.source}` {contract.title_zh}\n\n{contract.title_en}\n\n{contract.description}\n"]
    parts.append("\n## 文件名 file names\n\n" + "".join(f"- `{pattern}`\n" for pattern in contract.file_patterns))
    rows = [
        [f"`{column.name}`", "、".join(column.headers), column.kind, "必填 required" if column.required else "", column.note]
        for column in contract.columns
    ]
    parts.append("\n## 列 columns\n\n" + table(["字段 field", "可接受的表头 accepted headers", "类型 type", "", "说明 note"], rows))
    return "".join(parts)


if __name__ == "__main__":
    for written in write():
        sys.stdout.write(f"{written}\n")
