"""The labelled pairs of benchmarks/identity are what they say, and a small run tells them apart as the large one does."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
pytest.importorskip("xpinyin")
from benchmarks.identity import matchers
from benchmarks.identity.credits import credits_of, match
from benchmarks.identity.labelled import OTHER_RATES, SAME_RATES, Labelled, draw_pairs
from benchmarks.identity.measures import measures


@pytest.fixture(scope="module")
def pairs() -> Labelled:
    return draw_pairs(20_000)


def test_the_same_seed_gives_the_same_pairs(pairs: Labelled) -> None:
    again = draw_pairs(20_000)
    assert again.bank_name == pairs.bank_name and again.bank_id == pairs.bank_id and (again.kind == pairs.kind).all()
    assert draw_pairs(20_000, seed=2).bank_name != pairs.bank_name


def test_every_kind_is_there_at_its_rate_and_truly_an_error(pairs: Labelled) -> None:
    kinds, counts = np.unique(pairs.kind.astype(str), return_counts=True)
    found = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    assert {kind: found.get(kind, 0) for kind in SAME_RATES | OTHER_RATES} == {
        kind: round(rate * 20_000) for kind, rate in (SAME_RATES | OTHER_RATES).items()
    }
    unequal = ~matchers._equal(pairs.register_id, pairs.bank_id) | ~matchers._equal(pairs.register_name, pairs.bank_name)
    assert (unequal == (pairs.kind != "clean")).all()
    assert (pairs.same == ~np.isin(pairs.kind.astype(str), list(OTHER_RATES))).all()


def test_ours_beats_exact_and_jaro_winkler(pairs: Labelled) -> None:
    mine = measures(pairs, matchers.ours(pairs))
    others = [measures(pairs, matcher(pairs))["f1"] for matcher in (matchers.exact, matchers.jaro_winkler)]
    assert mine["f1"] > 0.96 > max(others)
    assert mine["without_stale_names"]["precision_of_different"] > 0.97
    assert mine["by_grade"]["variant"]["truly_same"] == mine["by_grade"]["variant"]["pairs"]


def test_a_threshold_is_the_best_there_is() -> None:
    verdict = matchers._at_best(np.array([0.1, 0.2, 0.2, 0.9, 0.8]), np.array([False, False, True, True, True]), 0.0)
    assert verdict.different.tolist() == [True, True, True, False, False]  # 2 of 3; 0.1 alone: 1 of 1, one missed


def test_credits_of_a_small_register() -> None:
    register, credits = credits_of(2_000, 10_000)
    assert isinstance(register, pa.Table)
    grades = match(register, credits)
    assert sum(grades.values()) == 10_000
    assert grades["same"] > 9_000
