"""Precision, recall and F1 of telling the different from the same; by grade and by kind of error."""

from typing import Any

import numpy as np

from benchmarks.identity.labelled import Labelled
from benchmarks.identity.matchers import Verdict

GRADES = ("same", "variant", "near", "different")
# A name that is truly another one tells nobody that it is the same person's.
BEYOND_NAMES = "stale_name"


def measures(pairs: Labelled, verdict: Verdict) -> dict[str, Any]:
    """The figures of one matcher as JSON."""
    figures: dict[str, Any] = {"seconds": round(verdict.seconds, 2)} | _scores(verdict.different, pairs.same)
    tellable = pairs.kind != BEYOND_NAMES
    figures["without_stale_names"] = _scores(verdict.different[tellable], pairs.same[tellable])
    if verdict.threshold is not None:
        figures["threshold"] = round(verdict.threshold, 3)
    figures["right_by_kind"] = {
        str(kind): round(float((verdict.different[pairs.kind == kind] != pairs.same[pairs.kind == kind]).mean()), 4)
        for kind in sorted(set(pairs.kind))
    }
    if verdict.grade is not None:
        figures["by_grade"] = {
            grade: {"pairs": int(mask.sum()), "truly_same": int(pairs.same[mask].sum())}
            for grade in GRADES
            if (mask := (verdict.grade == grade) & (pairs.kind != BEYOND_NAMES)).any()
        }
        figures["grades_by_kind"] = {
            str(kind): {
                grade: int(((verdict.grade == grade) & (pairs.kind == kind)).sum()) for grade in ("same", "variant", "near", "different")
            }
            for kind in sorted(set(pairs.kind))
        }
    return figures


def _scores(different: np.ndarray, same: np.ndarray) -> dict[str, Any]:
    right = int((different & ~same).sum())
    said, true = int(different.sum()), int((~same).sum())
    right_same, said_same, true_same = int((~different & same).sum()), int((~different).sum()), int(same.sum())
    return {
        "f1": round(2 * right / (said + true), 5),
        "precision_of_different": round(right / max(said, 1), 5),
        "recall_of_different": round(right / max(true, 1), 5),
        "precision_of_same": round(right_same / max(said_same, 1), 6),
        "recall_of_same": round(right_same / max(true_same, 1), 6),
    }
