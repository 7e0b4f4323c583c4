"""What a source is held to, by its contract: rows and money of its ledger, freshness, share of quarantined rows, and its own checks."""

from typing import Any

from onecard.catalogue.sources import Contract


def source_suite(contract: Contract) -> dict[str, Any]:
    """Fields of the `Suite` of a source."""
    english = contract.title_en[:1].lower() + contract.title_en[1:]
    return {
        "name": f"source_{contract.source}",
        "title_zh": f"来源：{contract.title_zh}",
        "title_en": f"Source: {english}",
        "kind": "source",
        "position": contract.position,
        "checks": [
            _rows_counted(contract),
            *_money_counted(contract),
            _fresh(contract),
            _on_time(contract),
            _mostly_landed(contract),
            *_own(contract),
        ],
    }


def _rows_counted(contract: Contract) -> dict[str, Any]:
    return {
        "name": "landed_rows_counted",
        "title_zh": "台账所记入湖行数 = 湖中实有行数",
        "title_en": "Rows landed by the ledger = rows counted in the lake",
        "query": _ledger_and_lake(
            contract, "deliveries.rows_landed, coalesce(counted.rows_counted, 0) as rows_counted", "count(*) as rows_counted"
        ),
        "expect": "expect_column_pair_values_to_be_equal",
        "args": {"column_A": "rows_landed", "column_B": "rows_counted"},
        "blocking": True,
    }


def _money_counted(contract: Contract) -> list[dict[str, Any]]:
    has_money = any(column.name == "amount_fen" for column in contract.lake_columns)
    if not (has_money and contract.counts_money):
        return []
    stated = "coalesce(deliveries.landed_fen, 0) as landed_fen, coalesce(counted.fen_counted, 0) as fen_counted"
    return [
        {
            "name": "landed_fen_counted",
            "title_zh": "台账所记入湖金额 = 湖中实有金额",
            "title_en": "Money landed by the ledger = money counted in the lake",
            "query": _ledger_and_lake(contract, stated, "sum(amount_fen)::bigint as fen_counted"),
            "expect": "expect_column_pair_values_to_be_equal",
            "args": {"column_A": "landed_fen", "column_B": "fen_counted"},
            "blocking": True,
            "fen": "sum(abs(landed_fen - fen_counted))",
        }
    ]


def _ledger_and_lake(contract: Contract, columns: str, counted: str) -> str:
    return (
        f"select {columns} from stg_deliveries as deliveries"
        f" left join (select delivery_key, {counted} from lake.{contract.source} group by delivery_key) as counted"
        f" on deliveries.delivery_key = counted.delivery_key where deliveries.source = '{contract.source}'"
    )


def _fresh(contract: Contract) -> dict[str, Any]:
    days = contract.fresh_days
    return {
        "name": "deliveries_fresh",
        "title_zh": f"数据新鲜：业务日期前 {days} 天内收到过文件",
        "title_en": f"Fresh: a file was received within {days} days before the business date",
        "query": f"select cast(received_at as date) as received_on from stg_deliveries where source = '{contract.source}'",
        "expect": "expect_column_max_to_be_between",
        "args": {"column": "received_on", "min_value": f"{{business_date-{days} days}}"},
        "severity": "warning",
    }


def _on_time(contract: Contract) -> dict[str, Any]:
    """Every sender's files of every month, as far as they are due: those behind the count are in mart_completeness."""
    return {
        "name": "delivered_on_time",
        "title_zh": "各报送单位应报的文件都已报到并读成",
        "title_en": "Every sender's files that are due came and could be read",
        "query": f"select state, days_late from mart_completeness where source = '{contract.source}' and state in ('missing', 'refused')",
        "expect": "expect_table_row_count_to_equal",
        "args": {"value": 0},
        "severity": "warning",
    }


def _mostly_landed(contract: Contract) -> dict[str, Any]:
    return {
        "name": "mostly_landed",
        "title_zh": "每份文件被隔离的行不超过 5 %",
        "title_en": "At most 5 % of a file's rows are quarantined",
        "query": f"select rows_quarantined * 20 as twentyfold, rows_total from stg_deliveries where source = '{contract.source}'",
        "expect": "expect_column_pair_values_a_to_be_greater_than_b",
        "args": {"column_A": "rows_total", "column_B": "twentyfold", "or_equal": True},
        "severity": "medium",
    }


def _own(contract: Contract) -> list[dict[str, Any]]:
    """The checks that the contract states: of its rows in force, unless they bring a query of their own."""
    return [check if "query" in check else {"table": f"stg_{contract.source}", **check} for check in contract.checks]
