"""Which batch each fen between treasury and banks is for, as a clerk works it out: voucher by voucher, batch by batch. No SQL."""

from collections import Counter, defaultdict
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
Batch = tuple[str, str]  # (bank, number)
Share = tuple[str | None, str, int]  # (bank of the batch or None while it has not come, its number, fen)


def shares(lake: dict[str, list[Row]]) -> dict[tuple[int, int], list[Share]]:
    """Shares of every payment and return that names batches, in order, by (sheet, row)."""
    division_of = {(row["bank_code"], row["batch_no"]): row["division"] for row in lake["bank_batch_controls"]}
    named = [row for row in lake["treasury_payments"] if row["payee_kind"] == "agent_bank" and row["batch_no"]]
    found: dict[tuple[int, int], list[Share]] = {}
    for sign in (1, -1):
        lines: dict[Any, list[Row]] = defaultdict(list)
        for row in sorted(named, key=itemgetter("paid_on", "voucher_no", "sheet_no", "row_no")):
            if row["amount_fen"] * sign > 0:
                lines[row["payer_division"], row["payee_bank_code"], row["batch_no"]].append(row)
        room: Counter[Batch] = Counter()
        for line in lake["bank_batches"]:
            if sign > 0 or line["status"] == "failed":
                room[line["bank_code"], line["batch_no"]] += line["amount_fen"]
        # Vouchers of one number first: what they pay, a list need not.
        paid: Counter[Batch] = Counter()
        for (division, payee, numbers), rows in sorted(lines.items(), key=lambda item: len(item[0][2].split("、"))):
            batches = [(_bank(division_of, division, payee, number, "、" in numbers), number) for number in numbers.split("、")]
            alone = len(batches) == 1
            came = [batch for batch in batches if batch[0]]
            last = next((batch for batch in batches if not batch[0]), batches[-1])
            left = {batch: max(0, room[batch] - paid[batch]) for batch in came}
            for row in rows:
                fen, place = abs(row["amount_fen"]), (row["sheet_no"], row["row_no"])
                found[place] = []
                for bank, number in [batch for batch in came if batch != last] + [last]:
                    part = fen if (bank, number) == last else min(fen, left[bank, number])
                    if part:
                        found[place].append((bank, number, part))
                        fen -= part
                        if bank:
                            left[bank, number] -= part
                            paid[bank, number] += part if alone else 0
    return found


def _bank(division_of: dict[Batch, str], division: str, payee: str, number: str, of_several: bool) -> str | None:
    bearers = [bank for (bank, batch), place in division_of.items() if batch == number and place == division]
    if payee in bearers:
        return payee
    return bearers[0] if of_several and len(bearers) == 1 else None
