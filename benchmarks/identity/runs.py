"""What the processes of the benchmark run."""

import time
from typing import Any

from benchmarks.identity.credits import credits_of, match
from benchmarks.identity.labelled import draw_pairs
from benchmarks.identity.matchers import MATCHERS
from benchmarks.identity.measures import measures


def one_matcher(name: str, persons: int) -> dict[str, Any]:
    """Figures of one matcher; the pairs are drawn again in its own process and are not in its time."""
    pairs = draw_pairs(persons)
    return measures(pairs, MATCHERS[name](pairs))


def many_credits(persons: int, credits: int) -> dict[str, Any]:
    """Seconds of matching alone, and credits per grade."""
    register, bank = credits_of(persons, credits)
    start = time.perf_counter()
    grades = match(register, bank)
    return {"seconds": round(time.perf_counter() - start, 2), "grades": grades}
