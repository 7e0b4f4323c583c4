"""Four ways to tell same from different on labelled pairs; each is timed as it would be used."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import jellyfish
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pypinyin import lazy_pinyin

from benchmarks.identity.labelled import Labelled
from onecard.words.id_neighbours import id_slip
from onecard.words.names import compare_pairs
from onecard.words.text_arrays import map_distinct


@dataclass(frozen=True)
class Verdict:
    """`different` as a matcher says it, seconds it took; `grade` where it has grades, `score` where it needs a threshold."""

    seconds: float
    different: np.ndarray
    grade: np.ndarray | None = None
    threshold: float | None = None


def _equal(a: pa.Array, b: pa.Array) -> np.ndarray:
    return np.asarray(pc.equal(a, b).to_numpy(zero_copy_only=False))


def ours(pairs: Labelled) -> Verdict:
    """Grades of names; numbers that differ must be a slip apart, and then only one and the same name says it is one person."""
    start = time.perf_counter()
    grade = compare_pairs(pairs.register_name, pairs.bank_name)["grade"].to_numpy()
    different = grade == "different"
    for row in np.flatnonzero(~_equal(pairs.register_id, pairs.bank_id)):
        slip = id_slip(pairs.register_id[row].as_py(), pairs.bank_id[row].as_py())
        different[row] = slip is None or grade[row] not in ("same", "variant")
    return Verdict(time.perf_counter() - start, different, grade)


def exact(pairs: Labelled) -> Verdict:
    """Number and name equal, or it is somebody else."""
    start = time.perf_counter()
    different = ~(_equal(pairs.register_id, pairs.bank_id) & _equal(pairs.register_name, pairs.bank_name))
    return Verdict(time.perf_counter() - start, different)


def jaro_winkler(pairs: Labelled) -> Verdict:
    """The lower of the two similarities of number and name, at the threshold that does best on these very pairs."""
    start = time.perf_counter()
    score = np.ones(len(pairs.same))
    for one, other in ((pairs.register_id, pairs.bank_id), (pairs.register_name, pairs.bank_name)):
        for row in np.flatnonzero(~_equal(one, other)):
            score[row] = min(score[row], jellyfish.jaro_winkler_similarity(one[row].as_py(), other[row].as_py()))
    seconds = time.perf_counter() - start
    return _at_best(score, pairs.same, seconds)


def splink(pairs: Labelled) -> Verdict:
    """Splink on DuckDB: linking the two lists, trained on them, at the threshold that does best on these very pairs.

    Of the settings tried these did best (F1 0.91; without the pinyin 0.80, with the number as a further comparison no better in twice the
    time): numbers and births decide which rows are compared, the name and its pinyin how alike they are.
    """
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    start = time.perf_counter()
    api = DuckDBAPI()
    sides = []
    for name, number, written in (("a", pairs.register_id, pairs.register_name), ("b", pairs.bank_id, pairs.bank_name)):
        table = pa.table(
            {
                "unique_id": pa.array(np.arange(len(number))),
                "id_number": number,
                "born": pc.utf8_slice_codeunits(number, 6, 14),
                "name": written,
                "sound": map_distinct(written, lambda text: " ".join(lazy_pinyin(text)), pa.string()),
            }
        )
        sides.append(api.register(table, dataset_display_name=name))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.9, 0.7, 0.5]).configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("sound", [0.95, 0.88, 0.7]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("id_number"),
            block_on("name", "born"),
            block_on("name", "substr(id_number, 1, 10)"),
            block_on("name", "right(id_number, 8)"),
        ],
    )
    linker = Linker(sides, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("id_number")], recall=0.98)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("id_number"))
    found = linker.inference.predict()
    rows = api._con.execute(f"select unique_id_l, match_weight from {found.physical_name} where unique_id_l = unique_id_r").to_arrow_table()
    seconds = time.perf_counter() - start
    score = np.full(len(pairs.same), -np.inf)
    score[rows["unique_id_l"].to_numpy()] = rows["match_weight"].to_numpy()
    return _at_best(score, pairs.same, seconds)


def _at_best(score: np.ndarray, same: np.ndarray, seconds: float) -> Verdict:
    """Different below the threshold with the best F1 of telling the different ones."""
    order = np.argsort(score, kind="stable")
    hits = np.cumsum(~same[order])
    said = np.arange(1, len(order) + 1)
    ends = np.r_[score[order][1:] != score[order][:-1], True]
    f1 = np.where(ends, 2 * hits / (said + (~same).sum()), 0)
    best = int(np.argmax(f1))
    limit = score[order][best]
    return Verdict(seconds, score <= limit, threshold=float(limit) if np.isfinite(limit) else None)


MATCHERS: dict[str, Callable[[Labelled], Verdict]] = {"onecard": ours, "splink": splink, "exact_join": exact, "jaro_winkler": jaro_winkler}
