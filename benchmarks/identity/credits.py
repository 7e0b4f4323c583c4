"""Ten million credits against the register: distinct triples of number and two names, no call of Python per credit."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.identity.labelled import draw_pairs
from onecard.words.names import compare_pairs


def credits_of(persons: int, credits: int, seed: int = 2) -> tuple[pa.Table, pa.Table]:
    """A register, and credits as rows in random order: number and name as the bank holds them, some of another person each time."""
    pairs = draw_pairs(persons, seed)
    who = np.random.default_rng(seed).integers(0, persons, credits).astype(np.int32)
    bank = pa.table({"id": pairs.bank_id, "name": pairs.bank_name}).take(pa.array(who)).combine_chunks()
    return pa.table({"id": pairs.register_id, "name": pairs.register_name}), bank


def match(register: pa.Table, credits: pa.Table) -> dict[str, int]:
    """Credits per grade of the bank's name against the register's; `unknown` where no register has the number."""
    places = pc.index_in(credits["id"], value_set=register["id"].combine_chunks()).combine_chunks()
    expected = register["name"].combine_chunks().take(places)
    counted = pc.value_counts(compare_pairs(expected, credits["name"])["grade"])
    return {str(item["values"] or "unknown"): int(item["counts"]) for item in counted.to_pylist()}
