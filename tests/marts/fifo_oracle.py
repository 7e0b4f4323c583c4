"""An independent trace in plain loops: queues of fen, walked back one inflow at a time. Slow, obvious, and no SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
Root = tuple[str, Any]  # (kind of the root, (sheet, row) of its inflow or None)
INFLOWS = ("received", "own", "carry_in", "clawback_in")
LINE = ("doc_no", "issuer_division", "receiver_division", "pool_code", "fiscal_year")
DEEPEST = 40


def ref(row: Row) -> tuple[int, int]:
    return row["sheet_no"], row["row_no"]


class Oracle:
    """`origin_of(line)`: fen of a bank line by root. `pairs`: failed line -> reissue line; `batch_of`: voucher row -> (bank, batch)."""

    def __init__(self, lake: dict[str, list[Row]], pairs: dict[Any, Any], batch_of: dict[Any, tuple[str, str]]) -> None:
        self.lake, self.pairs, self.batch_of = lake, pairs, batch_of
        self.ins: dict[Any, list[Row]] = defaultdict(list)
        self.outs: dict[Any, list[Row]] = defaultdict(list)
        self._pools()
        self.taken: dict[int, list[tuple[int, int, Row]]] = defaultdict(list)  # out move -> (length, offset in inflow, inflow), in order
        for account in list(self.outs):
            self._match(account)
        self._lines()

    def _pools(self) -> None:
        documents = self.lake["budget_allocations"]
        known = {(row["reporter_division"], row["pool_code"], row["fiscal_year"]) for row in documents}
        for row in documents:
            account = (row["reporter_division"], row["pool_code"], row["fiscal_year"])
            day = row.get("received_on") or row["issued_on"]
            self._move(account, row, row["kind"], row["amount_fen"], day, row["doc_no"], row["kind"] in INFLOWS)
            before = (*account[:2], account[2] - 1)
            if row["kind"] == "carry_in" and before in known:
                last = day.replace(year=account[2] - 1, month=12, day=31)
                self._move(before, row, "carried_on", row["amount_fen"], last, row["doc_no"], False)
        for row in self.lake["treasury_payments"]:
            account = (row["payer_division"], row["pool_code"], row["paid_on"].year)
            kind = "returned" if row["amount_fen"] < 0 else "paid" if row["payee_kind"] == "agent_bank" else "diverted"
            self._move(account, row, kind, abs(row["amount_fen"]), row["paid_on"], row["voucher_no"], kind == "returned")
        for side in (self.ins, self.outs):
            for moves in side.values():
                moves.sort(key=lambda move: move["order"])

    def _move(self, account: Any, row: Row, kind: str, fen: int, day: Any, reference: str, inward: bool) -> None:
        order = (day, 2 if kind == "carried_on" else 1, reference, *ref(row))
        move = {"row": row, "kind": kind, "fen": fen, "left": fen, "used": 0, "order": order, "account": account, "reference": reference}
        (self.ins if inward else self.outs)[account].append(move)

    def _match(self, account: Any) -> None:
        ins, outs = self.ins[account], self.outs[account]
        level = {}
        for reference in {move["reference"] for move in ins}:
            naming = [m for m in ins if m["reference"] == reference and m["kind"] in ("received", "own", "carry_in")]
            naming += [m for m in outs if m["kind"] == "passed_down" and m["row"].get("parent_doc_no") == reference]
            level[reference] = all(m["row"].get("fund_source_level") for m in naming)
        for out in outs:
            parent = out["row"].get("parent_doc_no") if out["kind"] == "passed_down" else None
            for source in ins if parent else ():
                same = source["reference"] == parent and source["kind"] in ("received", "own", "carry_in")
                if same and (not level[parent] or source["row"]["fund_source_level"] == out["row"]["fund_source_level"]):
                    self._take(out, source)
        for out in outs:
            for source in ins:
                self._take(out, source)

    def _take(self, out: Row, source: Row) -> None:
        length = min(out["left"], source["left"])
        if length:
            self.taken[id(out)].append((length, source["used"], source))
            out["left"] -= length
            source["left"] -= length
            source["used"] += length

    def _lines(self) -> None:
        self.start: dict[Any, int] = {}
        self.vouchers: dict[Any, list[Row]] = defaultdict(list)
        length: Counter[Any] = Counter()
        for line in sorted(self.lake["bank_batches"], key=lambda line: (line["seq_no"], *ref(line))):
            batch = line["bank_code"], line["batch_no"]
            self.start[ref(line)] = length[batch]
            length[batch] += line["amount_fen"]
        paid = [move for moves in self.outs.values() for move in moves if move["kind"] == "paid"]
        for move in sorted(paid, key=lambda move: move["order"]):
            if ref(move["row"]) in self.batch_of:
                self.vouchers[self.batch_of[ref(move["row"])]].append(move)
        lines = {ref(line): line for line in self.lake["bank_batches"]}
        division = {(row["bank_code"], row["batch_no"]): row["division"] for row in self.lake["bank_batch_controls"]}
        self.back: dict[Any, list[tuple[int, int, Row]]] = defaultdict(list)  # returned move -> (length, offset in line, line)
        self.held: dict[Any, tuple[int, Row]] = {}  # reissue line -> (fen that went back, failed line)
        queues: dict[Any, list[Row]] = defaultdict(list)
        for line in self.lake["bank_batches"]:
            if line["status"] == "failed":
                queues[line["bank_code"], line["batch_no"], division[line["bank_code"], line["batch_no"]]].append(line)
        returns = sorted((m for moves in self.ins.values() for m in moves if m["kind"] == "returned"),
                         key=lambda m: ("|".join(map(str, m["account"])), m["order"]))  # fmt: skip
        for queue in queues.values():
            queue.sort(key=lambda line: (self._class(line, lines), self.start[ref(line)], ref(line)))
        gone: Counter[Any] = Counter()
        for move in returns:
            row, left = move["row"], move["fen"]
            key = (row["payee_bank_code"], row["batch_no"], row["payer_division"])
            for line in queues.get(key, ()) if row["payee_kind"] == "agent_bank" else ():
                length = min(left, line["amount_fen"] - gone[ref(line)])
                if length:
                    self.back[id(move)].append((length, gone[ref(line)], line))
                    gone[ref(line)] += length
                    left -= length
        for failed, again in self.pairs.items():
            if not self.vouchers[lines[again]["bank_code"], lines[again]["batch_no"]]:
                self.held[again] = (gone[failed], lines[failed])

    def _class(self, line: Row, lines: dict[Any, Row]) -> int:
        again = self.pairs.get(ref(line))
        return 1 if again is None else 0 if self.vouchers[lines[again]["bank_code"], lines[again]["batch_no"]] else 2

    # --- walking back -------------------------------------------------------------------------------------------------

    def origin_of(self, line: Row) -> Counter[Root]:
        return self._sum(self._line(line, 0, line["amount_fen"], 0))

    @staticmethod
    def _sum(parts: Iterator[tuple[Root, int]]) -> Counter[Root]:
        total: Counter[Root] = Counter()
        for root, fen in parts:
            total[root] += fen
        return total

    def _line(self, line: Row, low: int, high: int, depth: int) -> Iterator[tuple[Root, int]]:
        start = self.start[ref(line)]
        pieces = [
            (move["fen"], 0, lambda a, b, d, move=move: self._out(move, a, b, d))
            for move in self.vouchers[line["bank_code"], line["batch_no"]]
        ]
        if ref(line) in self.held:
            gone, failed = self.held[ref(line)]
            pieces = [(start + gone, 0, None), (failed["amount_fen"] - gone, gone, lambda a, b, d: self._line(failed, a, b, d))]
        yield from self._walk(pieces, start + low, start + high, depth, ("uncovered", None))

    def _out(self, move: Row, low: int, high: int, depth: int) -> Iterator[tuple[Root, int]]:
        pieces = [
            (length, offset, lambda a, b, d, source=source: self._in(source, a, b, d)) for length, offset, source in self.taken[id(move)]
        ]
        yield from self._walk(pieces, low, high, depth, ("uncovered", None))

    def _in(self, move: Row, low: int, high: int, depth: int) -> Iterator[tuple[Root, int]]:
        row = move["row"]
        if move["kind"] == "returned":
            pieces = [
                (length, offset, lambda a, b, d, line=line: self._line(line, a, b, d)) for length, offset, line in self.back[id(move)]
            ]
        else:
            wanted = {"received": "passed_down", "clawback_in": "clawback_out", "carry_in": "carried_on"}.get(move["kind"])
            outs = [m for moves in self.outs.values() for m in moves if m["kind"] == wanted and self._same(m, move)]
            siblings = [m for moves in self.ins.values() for m in moves if m["kind"] == move["kind"] and self._same(m, move)]
            by_place = lambda m: ("|".join(map(str, m["account"])), m["order"])  # noqa: E731
            before = 0
            for sibling in sorted(siblings, key=by_place):
                if sibling is move:
                    break
                before += sibling["fen"]
            low, high = low + before, high + before
            pieces = [(m["fen"], 0, lambda a, b, d, m=m: self._out(m, a, b, d)) for m in sorted(outs, key=by_place)]
        yield from self._walk(pieces, low, high, depth, (move["kind"], ref(row)))

    def _same(self, a: Row, b: Row) -> bool:
        if "carr" in a["kind"]:
            return a["row"] is b["row"]
        return self._line_of(a) == self._line_of(b)

    def _line_of(self, move: Row) -> Any:
        row = move["row"]
        key = tuple(row[name] for name in LINE)
        if "clawback" in move["kind"]:
            return key
        kinds = ("passed_down", "received")
        rows = [r for r in self.lake["budget_allocations"] if r["kind"] in kinds and tuple(r[name] for name in LINE) == key]
        return (*key, row["fund_source_level"] if all(r.get("fund_source_level") for r in rows) else None)

    def _walk(self, pieces: list[Any], low: int, high: int, depth: int, otherwise: Root) -> Iterator[tuple[Root, int]]:
        """Fen [low, high) of a line made of pieces (length, offset in the source, source); what lies beyond them is `otherwise`."""
        at = 0
        for length, offset, follow in pieces:
            a, b = max(low, at), min(high, at + length)
            if b > a:
                if follow is None or depth > DEEPEST:
                    yield ("uncovered", None), b - a
                else:
                    yield from follow(a - at + offset, b - at + offset, depth + 1)
            at += length
        if high > max(at, low):
            yield otherwise, high - max(at, low)
