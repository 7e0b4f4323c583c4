"""An independent trace in plain loops: queues of fen, walked back one inflow at a time. Slow, obvious, and no SQL."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
Root = tuple[str, Any]  # (kind of the root, (sheet, row) of its inflow or None)
Parts = Iterator[tuple[Root, int]]
Piece = tuple[int, int, Callable[[int, int, int], Parts] | None]  # (length, offset in its source, where the source leads)
FIRST_HAND = ("received", "own", "carry_in")
SENT_AS = {"received": "passed_down", "clawback_in": "clawback_out", "carry_in": "carried_on"}
LINE = ("doc_no", "issuer_division", "receiver_division", "pool_code", "fiscal_year")
NOBODY, DEEPEST = ("uncovered", None), 40


ref, batch = itemgetter("sheet_no", "row_no"), itemgetter("bank_code", "batch_no")


def document_asks(ins: list[Row], outs: list[Row], named: dict[Any, list[Row]]) -> dict[int, list[tuple[str, int]]]:
    """What each payment of an account asks of documents, as (number in the account, fen): stated amounts, then what others leave."""
    room: Counter[str] = Counter()
    for move in ins:
        if move["kind"] in FIRST_HAND:
            room[move["row"]["doc_no"]] += move["fen"]
    numbers = {(move["row"]["doc_no"], move["row"].get("parent_doc_no")) for move in ins if move["kind"] in FIRST_HAND}

    def here(doc_no: str) -> str | None:
        citing = {number for number, parent in numbers if parent == doc_no}
        return doc_no if doc_no in room else citing.pop() if len(citing) == 1 else None

    asks: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    lines: dict[str, list[tuple[Row, int, dict[str, int]]]] = defaultdict(list)
    asked: Counter[str] = Counter()
    for out in outs:
        left, others = out["fen"], {}
        for row in named.get(ref(out["row"]), ()) if out["kind"] in ("paid", "diverted") else ():
            reference = here(row["doc_no"])
            if row["stated_fen"] is None:
                if reference:
                    others.setdefault(reference, row["position"])
                in_order = row["in_order"]
                continue
            fen = min(left, row["stated_fen"])
            left -= fen
            if reference:
                asks[id(out)].append((row["position"], reference, fen))
                asked[reference] += fen
        if others:
            lines[in_order].append((out, left, others))
    for payments in lines.values():
        if len(payments[0][2]) == 1:
            asked[next(iter(payments[0][2]))] += sum(left for _, left, _ in payments)
    for payments in lines.values():
        there = {reference: max(0, room[reference] - asked[reference]) for reference in payments[0][2]}
        for out, left, others in payments:
            for at, (reference, position) in enumerate(others.items(), 1):
                fen = left if at == len(others) else min(left, there[reference])
                asks[id(out)].append((position, reference, fen))
                there[reference] -= fen
                left -= fen
    return {out: [(reference, fen) for _, reference, fen in sorted(found) if fen] for out, found in asks.items()}


def _ends(root: Root, low: int, high: int, _depth: int) -> Parts:
    yield root, high - low


def by_place(move: Row) -> Any:
    return "|".join(map(str, move["account"])), move["order"]


class Oracle:
    """`origin_of(line)`: fen of a bank line by root.

    `pairs`: failed line -> reissue line; `shares`: voucher or return row -> [(bank, batch, fen)] in order.
    """

    def __init__(self, lake: dict[str, list[Row]], pairs: dict[Any, Any], shares: dict[Any, list[tuple[str | None, str, int]]]) -> None:
        self.documents, self.lines = lake["budget_allocations"], {ref(line): line for line in lake["bank_batches"]}
        self.moves: list[Row] = []
        self.taken: dict[int, list[tuple[int, int, Row]]] = defaultdict(list)  # out move -> (length, offset in inflow, inflow), in order
        known = {(row["reporter_division"], row["pool_code"], row["fiscal_year"]) for row in self.documents}
        for row in self.documents:
            division, pool, year = row["reporter_division"], row["pool_code"], row["fiscal_year"]
            day = row.get("received_on") or row["issued_on"]
            self._move((division, pool, year), row, row["kind"], day, row["doc_no"], row["kind"] in (*FIRST_HAND, "clawback_in"))
            if row["kind"] == "carry_in" and (division, pool, year - 1) in known:
                self._move((division, pool, year - 1), row, "carried_on", day.replace(year - 1, 12, 31), row["doc_no"], False)
        for row in lake["treasury_payments"]:
            kind = "returned" if row["amount_fen"] < 0 else "paid" if row["payee_kind"] == "agent_bank" else "diverted"
            account = (row["payer_division"], row["pool_code"], row["paid_on"].year)
            self._move(account, row, kind, row["paid_on"], row["voucher_no"], kind == "returned")
        self.moves.sort(key=lambda move: move["order"])
        named: dict[Any, list[Row]] = defaultdict(list)
        for row in sorted(lake.get("payment_documents", ()), key=itemgetter("position")):
            named[ref(row)].append(row)
        for account in {move["account"] for move in self.moves}:
            self._match([move for move in self.moves if move["account"] == account], named)
        sides: dict[Any, list[Row]] = defaultdict(list)
        for move in sorted(self.moves, key=by_place):
            sides[self._line_of(move)].append(move)
        self.same = {id(move): same for same in sides.values() for move in same}  # the two sides of a movement, in order of place
        self._banks(pairs, shares, {batch(row): row["division"] for row in lake["bank_batch_controls"]})

    def _move(self, account: Any, row: Row, kind: str, day: Any, reference: str, inward: bool) -> None:
        order, fen = (day, 2 if kind == "carried_on" else 1, reference, *ref(row)), abs(row["amount_fen"])
        self.moves.append({"row": row, "kind": kind, "fen": fen, "left": fen, "order": order, "account": account, "in": inward})

    def _match(self, moves: list[Row], named: dict[Any, list[Row]]) -> None:
        """Specific first: outflows take fen of documents they cite, of their level where everybody names one. Then FIFO."""
        ins, outs = ([move for move in moves if move["in"] == inward] for inward in (True, False))
        asks = document_asks(ins, outs, named)
        cited = {reference for found in asks.values() for reference, _ in found}
        for out in outs:
            parent = out["row"].get("parent_doc_no") if out["kind"] == "passed_down" else None
            for reference, fen in asks.get(id(out), [(parent, out["fen"])] if parent else []):
                for source in self._cited(ins, outs, out, reference, reference in cited):
                    fen -= self._take(out, source, fen)
        for out in outs:
            for source in ins:
                self._take(out, source, out["left"])

    def _take(self, out: Row, source: Row, most: int) -> int:
        if length := min(out["left"], source["left"], most):
            self.taken[id(out)].append((length, source["fen"] - source["left"], source))
            out["left"] -= length
            source["left"] -= length
        return length

    def _cited(self, ins: list[Row], outs: list[Row], out: Row, doc_no: str, by_payments: bool) -> list[Row]:
        cited = [move for move in ins if move["row"].get("doc_no") == doc_no and move["kind"] in FIRST_HAND]
        citing = [move for move in outs if move["kind"] == "passed_down" and move["row"].get("parent_doc_no") == doc_no]
        levelled = not by_payments and all(move["row"].get("fund_source_level") for move in cited + citing)
        return [move for move in cited if not levelled or move["row"]["fund_source_level"] == out["row"]["fund_source_level"]]

    def _banks(self, pairs: dict[Any, Any], shares: dict[Any, list[tuple[str | None, str, int]]], division_of: dict[Any, str]) -> None:
        """Where lines begin in their batch, which vouchers fill it, and where the money of failed lines went."""
        self.start: dict[Any, int] = {}
        self.vouchers: dict[Any, list[Piece]] = defaultdict(list)
        # returned move -> (length, offset in line, line; None for what no line of its batch lost)
        self.back: dict[int, list[tuple[int, int, Row | None]]] = defaultdict(list)
        length: Counter[Any] = Counter()
        for line in sorted(self.lines.values(), key=lambda line: (line["seq_no"], *ref(line))):
            self.start[ref(line)] = length[batch(line)]
            length[batch(line)] += line["amount_fen"]
        for move in self.moves:
            at = 0
            for bank, number, fen in shares.get(ref(move["row"]), ()) if move["kind"] == "paid" else ():
                if bank:
                    self.vouchers[bank, number].append((fen, at, partial(self._out, move)))
                at += fen
        by_voucher = {again for again in pairs.values() if batch(self.lines[again]) in self.vouchers}

        # What a voucher paid again came back first, then what nobody paid again, then what the bank paid again itself.
        def turn(line: Row) -> Any:
            again = pairs.get(ref(line))
            return 1 if again is None else 0 if again in by_voucher else 2, self.start[ref(line)], ref(line)

        failed = sorted((line for line in self.lines.values() if line["status"] == "failed"), key=turn)
        gone: Counter[Any] = Counter()
        for move in sorted((move for move in self.moves if move["kind"] == "returned"), key=by_place):
            row = move["row"]
            for bank, number, fen in shares.get(ref(row), ()):
                left = fen
                for line in failed:
                    part = min(left, line["amount_fen"] - gone[ref(line)])
                    if part and batch(line) == (bank, number) and division_of[batch(line)] == row["payer_division"]:
                        self.back[id(move)].append((part, gone[ref(line)], line))
                        gone[ref(line)] += part
                        left -= part
                if left:
                    self.back[id(move)].append((left, 0, None))
        self.held = {again: (gone[line], self.lines[line]) for line, again in pairs.items() if again not in by_voucher}

    def origin_of(self, line: Row) -> Counter[Root]:
        return sum((Counter({root: fen}) for root, fen in self._line(line, 0, line["amount_fen"], 0)), Counter())

    def _line(self, line: Row, low: int, high: int, depth: int) -> Parts:
        start = self.start[ref(line)]
        pieces = self.vouchers[batch(line)]
        if ref(line) in self.held:
            gone, failed = self.held[ref(line)]
            pieces = [(start + gone, 0, None), (failed["amount_fen"] - gone, gone, partial(self._line, failed))]
        yield from self._walk(pieces, start + low, start + high, depth, NOBODY)

    def _out(self, move: Row, low: int, high: int, depth: int) -> Parts:
        yield from self._walk([(fen, at, partial(self._in, source)) for fen, at, source in self.taken[id(move)]], low, high, depth, NOBODY)

    def _in(self, move: Row, low: int, high: int, depth: int) -> Parts:
        root = (move["kind"], ref(move["row"]))
        pieces: list[Piece] = [
            (fen, at, partial(self._line, line) if line else partial(_ends, root)) for fen, at, line in self.back[id(move)]
        ]
        if move["kind"] in SENT_AS:
            same = self.same[id(move)]
            ins = [other for other in same if other["kind"] == move["kind"]]
            before = sum(other["fen"] for other in ins[: [id(other) for other in ins].index(id(move))])
            low, high = low + before, high + before
            pieces = [(other["fen"], 0, partial(self._out, other)) for other in same if other["kind"] == SENT_AS[move["kind"]]]
        yield from self._walk(pieces, low, high, depth, root)

    def _line_of(self, move: Row) -> Any:
        """What the two sides of a movement have in common: the document line, with its level where every row of it names one."""
        row, kind = move["row"], move["kind"]
        if kind in ("carry_in", "carried_on") or "doc_no" not in row:
            return id(row)
        key = tuple(row[name] for name in LINE)
        kinds = ("clawback_in", "clawback_out") if "clawback" in kind else ("passed_down", "received")
        rows = [other for other in self.documents if other["kind"] in kinds and tuple(other[name] for name in LINE) == key]
        return kinds, key, "passed_down" in kinds and all(other.get("fund_source_level") for other in rows) and row["fund_source_level"]

    def _walk(self, pieces: list[Piece], low: int, high: int, depth: int, otherwise: Root) -> Parts:
        """Fen [low, high) of a line made of pieces; what lies beyond them is `otherwise`."""
        at = 0
        for length, offset, follow in pieces:
            a, b = max(low, at), min(high, at + length)
            if b > a:
                yield from follow(a - at + offset, b - at + offset, depth + 1) if follow and depth <= DEEPEST else [(NOBODY, b - a)]
            at += length
        if high > max(at, low):
            yield otherwise, high - max(at, low)
