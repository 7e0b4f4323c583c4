"""资金追踪 notebook: the trace of a published release in pictures; `marimo run notebooks/trace_funds.py`, ONECARD_HOME says whose."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="资金追踪 onecard trace")


@app.cell
def _():
    import sys
    from pathlib import Path

    import marimo as mo

    # The house, wherever the notebook is started from.
    if (house := str(Path(__file__).resolve().parents[1])) not in sys.path:
        sys.path.insert(0, house)

    from notebooks.drawing import sankey, timeline
    from notebooks.flow_layout import layout
    from notebooks.release_picker import choose_release
    from onecard.catalogue.titles import LEVELS, PLACES, SPENT_EARLY, STOPS, both
    from onecard.store import releases
    from onecard.store.query_rows import records
    from onecard.words.money import format_yuan as yuan
    from onecard.words.reference_data import seed_rows

    return LEVELS, PLACES, SPENT_EARLY, STOPS, both, choose_release, layout, mo, records, releases, sankey, seed_rows, timeline, yuan


@app.cell
def _(mo):
    mo.md("""
    # 资金追踪：每一分钱从指标文到一卡通
    *Following every fen from allocation document to card*

    本页只读已发布的发布(release)，不联网，不改动任何数据。金额为元，到分。
    *This page reads a published release, offline, and changes nothing. Amounts are yuan, to the fen.*
    """)
    return


@app.cell
def _(choose_release, mo):
    known_releases, release_choice = choose_release(mo)
    release_choice
    return known_releases, release_choice


@app.cell
def _(known_releases, mo, records, release_choice, releases):
    mo.stop(release_choice.value is None, mo.md("请选择一个发布 choose a release"))
    release_path = known_releases[release_choice.value]

    def query(sql, **facts):
        """Rows of a query over the chosen release, as dictionaries."""
        with releases.read_release(release_path) as con:
            return records(con, sql, facts)

    _held = {row["table_name"] for row in query("select table_name from duckdb_tables()")}
    mo.stop(
        "mart_flow" not in _held,
        mo.md("**这个发布没有资金追踪 this release holds no trace.** 用现在的程序重跑该日 run that day again: `onecard run --as-of …`"),
    )
    business_date = releases.read_manifest(release_path)["business_date"]
    return business_date, query


@app.cell
def _(mo):
    def grid(titles, rows, numbers=()):
        """A plain HTML table; columns in `numbers` are set right."""
        style = "padding:.25rem .9rem;border-bottom:1px solid #e4e7eb;white-space:nowrap;font-variant-numeric:tabular-nums;"
        head = "".join(
            f"<th style='{style}text-align:{'right' if at in numbers else 'left'}'>{title}</th>" for at, title in enumerate(titles)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f"<td style='{style}text-align:{'right' if at in numbers else 'left'}'>{'' if cell is None else cell}</td>"
                for at, cell in enumerate(row)
            )
            + "</tr>"
            for row in rows
        )
        table = f"<table style='border-collapse:collapse;font-size:.9rem'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return mo.Html(f"<div style='overflow-x:auto'>{table}</div>")

    return (grid,)


@app.cell
def _(SPENT_EARLY, business_date, mo, query, yuan):
    totals = query("""
        select (select coalesce(sum(amount_fen), 0)::bigint from mart_credit_origin) as credited_fen,
            (select coalesce(sum(resting_fen), 0)::bigint from mart_stranded) as resting_fen,
            (select count(distinct card_key) from mart_credit_origin) as cards,
            (select coalesce(sum(credited_fen), 0)::bigint from mart_trace where is_overdrawn or source_kind = 'uncovered') as overdrawn_fen
    """)[0]
    mo.hstack(
        [
            mo.stat(yuan(totals["credited_fen"]), label="到卡 credited", caption=f"{totals['cards']:,} 张卡 cards"),
            mo.stat(yuan(totals["resting_fen"]), label="未到卡 not on cards", caption=f"截至 as of {business_date}"),
            mo.stat(yuan(totals["overdrawn_fen"]), label=f"其中{SPENT_EARLY}", caption="已含在到卡中 part of credited"),
        ],
        widths="equal",
    )
    return (totals,)


@app.cell
def _(mo):
    mo.md("""
    ## 一、钱的流向
    *Where the money flows*

    左边是各级的本级安排和收到的指标，右边是卡；绿色到了卡上，橙色停在路上。
    *Own appropriations on the left, cards on the right; green is on cards, orange rests on the way.*
    """)
    return


@app.cell
def _(mo, query, seed_rows):
    _pools = {row["pool_code"]: row["name_zh"] for row in seed_rows("fund_pools")}
    _scopes = query("select pool_code, fiscal_year from mart_flow group by all order by sum(amount_fen) desc, pool_code, fiscal_year")
    flow_scopes = {f"{_pools.get(row['pool_code'], row['pool_code'])} {row['fiscal_year'] or '—'}": row for row in _scopes}
    mo.stop(not flow_scopes, mo.md("没有资金流 no flows"))
    flow_choice = mo.ui.dropdown(options=list(flow_scopes), value=next(iter(flow_scopes)), label="资金池和年度 pool and fiscal year")
    flow_choice
    return flow_choice, flow_scopes


@app.cell
def _(LEVELS, SPENT_EARLY, flow_choice, flow_scopes, grid, layout, mo, query, sankey, yuan):
    _scope = flow_scopes[flow_choice.value or next(iter(flow_scopes))]
    flows = query(
        """
        select source_node, target_node, amount_fen from mart_flow
        where pool_code is not distinct from $pool and fiscal_year is not distinct from $year order by all
        """,
        pool=_scope["pool_code"],
        year=_scope["fiscal_year"],
    )
    _columns, _names, _colours = layout(flows)
    _through = {}
    for _row in flows:
        for _node, _way in ((_row["source_node"], "out"), (_row["target_node"], "in")):
            _through[_node, _way] = _through.get((_node, _way), 0) + _row["amount_fen"]
    _labels = {node: (_names[node], yuan(max(_through.get((node, "in"), 0), _through.get((node, "out"), 0)))) for node in _columns}
    flow_picture = sankey([(row["source_node"], row["target_node"], row["amount_fen"]) for row in flows], _columns, _labels, _colours)
    _spent = {
        node: _through[node, "out"] - _through[node, "in"]
        for node in (*LEVELS, "bank")
        if _through.get((node, "out"), 0) > _through.get((node, "in"), 0)
    }
    _back = [row for row in flows if _columns[row["source_node"]] >= _columns[row["target_node"]]]
    mo.vstack(
        [
            mo.Html(flow_picture),
            mo.md(
                f"流出大于流入 more out than in, {SPENT_EARLY}: " + "; ".join(f"{_names[node]} {yuan(fen)}" for node, fen in _spent.items())
            )
            if _spent
            else mo.md(""),
            mo.md("图中未画的回流 money that went back, not drawn above:") if _back else mo.md(""),
            grid(
                ["自 from", "至 to", "金额(元) yuan"],
                [[_names[row["source_node"]], _names[row["target_node"]], yuan(row["amount_fen"])] for row in _back],
                {2},
            )
            if _back
            else mo.md(""),
        ]
    )
    return flow_picture, flows


@app.cell
def _(mo):
    mo.md("""
    ## 二、一份文件的钱，走了多久
    *How long the money of one document was on its way*

    每行是一县一项目一月，从各站最早的一天画起；橙色是躺在县级国库的日子。停在路上没到卡的，在下表。
    *One line per county, programme and month, from the first day at each stop; orange are the days in the county's pool.
    What has not arrived is in the table below.*
    """)
    return


@app.cell
def _(mo, query):
    _named = " union all ".join(
        f"select {level}_doc_no as doc_no, credited_fen as fen from mart_trace" for level in ("source", "province", "city", "county")
    )
    _documents = query(
        f"select doc_no, sum(fen)::bigint as fen from ({_named}) where doc_no is not null group by doc_no order by fen desc, doc_no"
    )
    mo.stop(not _documents, mo.md("没有文件 no documents"))
    document_choice = mo.ui.dropdown(
        options=[row["doc_no"] for row in _documents], value=_documents[0]["doc_no"], label="指标文 document", searchable=True
    )
    document_choice
    return (document_choice,)


@app.cell
def _(PLACES, both, document_choice, grid, mo, query, seed_rows, timeline, yuan):
    _by = "$doc in (source_doc_no, province_doc_no, city_doc_no, county_doc_no)"
    _arrived = query(
        f"""
        select division_name, programme_code, payroll_month, min(source_on) as source_on, min(county_in_on) as county_in_on,
            min(paid_on) as paid_on, min(first_credited_on) as first_credited_on, max(last_credited_on) as last_credited_on,
            sum(credited_fen)::bigint as fen
        from mart_trace where credited_fen > 0 and {_by}
        group by all order by division_name, programme_code, payroll_month
        """,
        doc=document_choice.value,
    )
    _programmes = {row["programme_code"]: row["name_zh"] for row in seed_rows("programmes")}
    _stops = (("source_on", "county_in_on", "#9fb3c8"), ("county_in_on", "paid_on", "#e8833a"), ("paid_on", "first_credited_on", "#3e7cb1"),
              ("first_credited_on", "last_credited_on", "#2f9e6e"))  # fmt: skip
    _rows = [
        (
            f"{row['division_name']} {_programmes.get(row['programme_code'], row['programme_code'])} {row['payroll_month']}",
            yuan(row["fen"]),
            [(row[start], row[end], colour) for start, end, colour in _stops if row[start] and row[end] and row[start] <= row[end]],
        )
        for row in _arrived
    ]
    document_resting = query(
        f"""
        select place, division_name, reference, since, days, rule_code, sum(resting_fen)::bigint as fen from mart_stranded
        where {_by} or (place in ('in_transit', 'not_reporting') and reference = $doc)
        group by all order by fen desc, place, division_name, reference, since
        """,
        doc=document_choice.value,
    )
    _facts = ("division_name", "reference", "since", "days", "rule_code")
    _held = query("select 1 as held from duckdb_tables() where table_name = 'mart_document_reach'")
    document_reach = (
        query(
            """
            select division_name, fiscal_year, inflow_fen, named_fen, at_least_fen, at_most_fen, credited_fen from mart_document_reach
            where doc_no = $doc order by division, pool_code, fiscal_year
            """,
            doc=document_choice.value,
        )
        if _held
        else []
    )
    document_credited_fen = sum(row["fen"] for row in _arrived)
    document_resting_fen = sum(row["fen"] for row in document_resting)
    _legend = [
        ("#9fb3c8", "到县之前 before the county"),
        ("#e8833a", "在县 in the county"),
        ("#3e7cb1", "在银行 at the bank"),
        ("#2f9e6e", "入账 credited"),
    ]
    mo.vstack(
        [
            mo.md(
                f"**{document_choice.value}**：{yuan(document_credited_fen + document_resting_fen)} "
                f"= 到卡 credited {yuan(document_credited_fen)} + 未到卡 not on cards {yuan(document_resting_fen)} 元 yuan"
            ),
            mo.Html(timeline(_rows, _legend)),
            grid(
                [
                    "到池 came to",
                    "年度 year",
                    "金额(元) yuan",
                    "写明取用 named",
                    "至少到卡 at least",
                    "至多到卡 at most",
                    "追踪所得 as traced",
                ],
                [
                    [row["division_name"], row["fiscal_year"], *(yuan(fen) for name, fen in row.items() if name.endswith("_fen"))]
                    for row in document_reach
                ],
                {2, 3, 4, 5, 6},
            )
            if document_reach
            else mo.md(""),
            grid(
                ["停在哪里 place", "何处 where", "文号或凭证 reference", "自 since", "天 days", "监控规则 watched by", "金额(元) yuan"],
                [
                    [
                        both(PLACES, row["place"]),
                        row["division_name"],
                        row["reference"],
                        row["since"],
                        row["days"],
                        row["rule_code"],
                        yuan(row["fen"]),
                    ]
                    for row in document_resting
                ],
                {4, 6},
            )
            if document_resting
            else mo.md("全部到卡 all of it is on cards"),
        ]
    )
    return document_credited_fen, document_reach, document_resting_fen


@app.cell
def _(mo):
    mo.md("""
    ## 三、未到卡的钱，按停留时间
    *Money at rest, by age*
    """)
    return


@app.cell
def _(PLACES, both, grid, query, yuan):
    _bands = ("0-30", "31-60", "61-90", "91-180", "181-365", "366+")
    _cells = query("select place, age_band, sum(resting_fen)::bigint as fen from mart_stranded group by all order by all")
    _of = {(row["place"], row["age_band"]): row["fen"] for row in _cells}
    _places = [place for place in PLACES if any(row["place"] == place for row in _cells)]
    resting_total_fen = sum(_of.values())
    _sums = {band: sum(fen for (_, at), fen in _of.items() if at == band) for band in _bands}
    _lines = [
        [both(PLACES, place), *(yuan(_of[place, band]) if (place, band) in _of else "" for band in _bands),
         yuan(sum(fen for (at, _), fen in _of.items() if at == place))]
        for place in _places
    ]  # fmt: skip
    grid(
        ["停在哪里 place", *(f"{band} 天" for band in _bands), "合计 total"],
        [*_lines, ["<b>合计 total</b>", *(yuan(fen) for fen in _sums.values()), f"<b>{yuan(resting_total_fen)}</b>"]],
        set(range(1, len(_bands) + 2)),
    )
    return (resting_total_fen,)


@app.cell
def _(mo, query):
    _months = [
        row["payroll_month"] for row in query("select distinct payroll_month from mart_speed order by payroll_month desc nulls last")
    ]
    month_choice = mo.ui.dropdown(
        options=[str(month) for month in _months], value=str(_months[0]) if _months else None, label="所属月份 month"
    )
    mo.vstack(
        [
            mo.md("""
            ## 四、每一站停了几天
            *Days at each stop*

            按金额加权：中位数 / 九成到达 / 最久。*Weighed by money: median / nine tenths / worst.*
            """),
            month_choice,
        ]
    )
    return (month_choice,)


@app.cell
def _(STOPS, grid, month_choice, query, seed_rows):
    _names = {row["programme_code"]: row["name_zh"] for row in seed_rows("programmes")}
    speeds = query(
        """
        select division_name, programme_code, stop, median_days, p90_days, worst_days from mart_speed
        where payroll_month = $month order by division, programme_code, stop
        """,
        month=int(month_choice.value or 0),
    )
    _of = {(row["division_name"], row["programme_code"], row["stop"]): row for row in speeds}
    _pairs = dict.fromkeys((row["division_name"], row["programme_code"]) for row in speeds)

    def _said(row):
        return "{median_days} / {p90_days} / {worst_days}".format(**row) if row else ""

    grid(
        ["县区 county", "项目 programme", *map(str, STOPS.values())],
        [[county, _names.get(code, code), *(_said(_of.get((county, code, stop))) for stop in STOPS)] for county, code in _pairs],
        set(range(2, len(STOPS) + 2)),
    )
    return (speeds,)


if __name__ == "__main__":
    app.run()
