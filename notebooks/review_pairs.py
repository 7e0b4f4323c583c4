"""身份复核 notebook: the pairs of a release for a person to judge; `marimo run notebooks/review_pairs.py`, ONECARD_HOME says whose."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="身份复核 onecard review")


@app.cell
def _():
    import sys
    from pathlib import Path

    import marimo as mo

    # The house, wherever the notebook is started from.
    if (house := str(Path(__file__).resolve().parents[1])) not in sys.path:
        sys.path.insert(0, house)

    from html import escape

    from notebooks.release_picker import choose_release
    from onecard.catalogue.titles import PAIR_KINDS, SEEN_IN, STATES, SUBJECTS, VERDICTS, both
    from onecard.words.errors import NotFound
    from onecard.words.money import format_yuan as yuan
    from onecard_app.answers.review import pairs

    return NotFound, PAIR_KINDS, SEEN_IN, STATES, SUBJECTS, VERDICTS, both, choose_release, escape, mo, pairs, yuan


@app.cell
def _(mo):
    mo.md("""
    # 身份复核：是不是同一个人
    *Is this one person? Pairs of names and of ID numbers for a person to judge*

    本页只读已发布的发布(release)，不联网，不改动任何数据；姓名和证件号均已脱敏。下结论、看明文用命令 `onecard review`。
    *This page reads a published release, offline, and changes nothing; names and IDs are masked.
    `onecard review` decides, and shows in clear.*
    """)
    return


@app.cell
def _(choose_release, mo):
    known_releases, release_choice = choose_release(mo)
    release_choice
    return known_releases, release_choice


@app.cell
def _(NotFound, known_releases, mo, pairs, release_choice):
    mo.stop(release_choice.value is None, mo.md("请选择一个发布 choose a release"))
    try:
        all_pairs = pairs(known_releases[release_choice.value], every=True)
    except NotFound as _error:
        all_pairs = None
        _told = f"**{_error.what}** {_error.remedy}"
    mo.stop(all_pairs is None, mo.md(_told if all_pairs is None else ""))
    return (all_pairs,)


@app.cell
def _(escape, mo):
    def grid(titles, rows, numbers=()):
        """A plain HTML table; columns in `numbers` are set right."""
        style = "padding:.25rem .9rem;border-bottom:1px solid #e4e7eb;white-space:nowrap;font-variant-numeric:tabular-nums;"

        def line(tag, cells):
            aligned = ("right" if at in numbers else "left" for at in range(len(cells)))
            texts = ("" if cell is None else escape(str(cell)) for cell in cells)
            return "".join(f"<{tag} style='{style}text-align:{way}'>{text}</{tag}>" for way, text in zip(aligned, texts, strict=True))

        head, body = line("th", titles), "".join(f"<tr>{line('td', cells)}</tr>" for cells in rows)
        table = f"<table style='border-collapse:collapse;font-size:.9rem'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return mo.Html(f"<div style='overflow-x:auto'>{table}</div>")

    return (grid,)


@app.cell
def _(STATES, all_pairs, mo, yuan):
    state_counts = {state: sum(row["state"] == state for row in all_pairs) for state in STATES}
    waiting_fen = sum(row["amount_fen"] for row in all_pairs if row["state"] in ("open", "unsure"))
    mo.hstack(
        [
            *(mo.stat(f"{count:,}", label=str(STATES[state])) for state, count in state_counts.items()),
            mo.stat(yuan(waiting_fen), label="待复核的共入账 credited to pairs still open", caption="元 yuan"),
        ],
        widths="equal",
    )
    return state_counts, waiting_fen


@app.cell
def _(PAIR_KINDS, STATES, all_pairs, both, grid, mo):
    kind_counts = {
        kind: [sum(row["kind"] == kind and row["state"] == state for row in all_pairs) for state in STATES] for kind in PAIR_KINDS
    }
    mo.vstack(
        [
            mo.md("""
            ## 一、按类别
            *By kind of pair*

            “程序认定一人”的不必逐对复核，但可以改判。*Pairs linked as one person need no review, but a verdict can part them.*
            """),
            grid(
                ["类别 kind", *map(str, STATES.values()), "合计 total"],
                [[both(PAIR_KINDS, kind), *counts, sum(counts)] for kind, counts in kind_counts.items() if sum(counts)],
                set(range(1, len(STATES) + 2)),
            ),
        ]
    )
    return (kind_counts,)


@app.cell
def _(PAIR_KINDS, STATES, all_pairs, both, mo):
    _counties = sorted({(row["division"], row["division_name"]) for row in all_pairs if row["division"]})
    county_choice = mo.ui.dropdown(options={f"{name} {code}": code for code, name in _counties}, value=None, label="县区 county")
    kind_choice = mo.ui.dropdown(
        options={both(PAIR_KINDS, kind): kind for kind in PAIR_KINDS if any(row["kind"] == kind for row in all_pairs)},
        value=None,
        label="类别 kind",
    )
    state_choice = mo.ui.multiselect(
        options={str(words): state for state, words in STATES.items()},
        value=[str(STATES[state]) for state in ("open", "unsure")],
        label="状态 state",
    )
    mo.vstack([mo.md("## 二、清单\n*The list*"), mo.hstack([county_choice, kind_choice, state_choice], justify="start")])
    return county_choice, kind_choice, state_choice


@app.cell
def _(PAIR_KINDS, STATES, all_pairs, both, county_choice, grid, kind_choice, mo, state_choice, yuan):
    # Rows that a page can bear; `onecard review --json` holds all.
    shown_most = 200
    chosen_pairs = [
        row
        for row in all_pairs
        if row["state"] in state_choice.value
        and county_choice.value in (None, row["division"])
        and kind_choice.value in (None, row["kind"])
    ]

    def side(row, letter):
        name = row[f"name_masked_{letter}"]
        return name if row["subject"] == "name" else f"{row[f'id_masked_{letter}']} {name}"

    mo.vstack(
        [
            mo.md(f"{len(chosen_pairs):,} 对 pairs，至多列出 {shown_most} 对 at most so many are listed"),
            grid(
                ["编号 code", "类别 kind", "县区 county", "甲 A", "乙 B", "入账(元) yuan", "状态 state", "复核人 by"],
                [
                    [row["code"], both(PAIR_KINDS, row["kind"]), row["division_name"], side(row, "a"), side(row, "b"),
                     yuan(row["amount_fen"]), both(STATES, row["state"]), row["reviewer"]]
                    for row in chosen_pairs[:shown_most]
                ],
                {5},
            ),
        ]
    )  # fmt: skip
    return (chosen_pairs,)


@app.cell
def _(chosen_pairs, mo):
    mo.stop(not chosen_pairs, mo.md("没有符合的对 no such pairs"))
    pair_choice = mo.ui.dropdown(
        options=[row["code"] for row in chosen_pairs], value=chosen_pairs[0]["code"], label="编号 code", searchable=True
    )
    mo.vstack([mo.md("## 三、并排看\n*Side by side*"), pair_choice])
    return (pair_choice,)


@app.cell
def _(PAIR_KINDS, SEEN_IN, STATES, SUBJECTS, VERDICTS, both, chosen_pairs, escape, grid, mo, pair_choice, yuan):
    pair_shown = next((row for row in chosen_pairs if row["code"] == pair_choice.value), chosen_pairs[0])

    def _both_sides(name):
        return [pair_shown[f"{name}_{letter}"] for letter in ("a", "b")]

    _decided = ""
    if pair_shown["verdict"]:
        _decided = f"{both(VERDICTS, pair_shown['verdict'])}，{pair_shown['reviewer']}，{pair_shown['decided_at']:%Y-%m-%d}"
    mo.vstack(
        [
            mo.md(
                f"**{both(SUBJECTS, pair_shown['subject'])}** · {both(PAIR_KINDS, pair_shown['kind'])} · "
                f"{both(STATES, pair_shown['state'])}"
            ),
            grid(
                ["", "甲 A", "乙 B"],
                [
                    ["证件号 ID", *_both_sides("id_masked")],
                    ["姓名 name", *_both_sides("name_masked")],
                    *([str(words), *_both_sides(f"{seen}_rows")] for seen, words in SEEN_IN.items()),
                    ["入账(元) credited", *(yuan(pair_shown[f"credited_{letter}_fen"]) for letter in ("a", "b"))],
                    ["例证文件 seen in", *_both_sides("file_name")],
                    [
                        "工作表、行 sheet, row",
                        *(f"{pair_shown[f'sheet_no_{letter}']}:{pair_shown[f'row_no_{letter}']}" for letter in ("a", "b")),
                    ],
                ],
            ),
            mo.Html(f"<p>理由 reason：{escape(pair_shown['reason'])}</p>"),
            mo.Html(f"<p>结论 verdict：{escape(_decided or '尚无 none yet')}</p>"),
            mo.md(f'`onecard review {pair_shown["code"]} --verdict same|different|unsure --reason "…"`'),
        ]
    )
    return (pair_shown,)


if __name__ == "__main__":
    app.run()
