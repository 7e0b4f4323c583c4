"""`python -m benchmarks.identity`: quality and time on labelled pairs beside three others, and ten million credits in a minute."""

import importlib.metadata
from typing import Any

from benchmarks.identity.labelled import OTHER_RATES, SAME_RATES
from benchmarks.identity.matchers import MATCHERS
from benchmarks.identity.runs import many_credits, one_matcher
from benchmarks.measure import Bound, alone, parser, report

SECONDS, PEAK_BYTES, SHARE_OF_SPLINK, PRECISION = 60, 4 << 30, 1 / 3, 0.999


def main() -> int:
    options = parser(__doc__ or "", "identity")
    options.add_argument("--persons", type=int, default=1_000_000, help="labelled pairs")
    options.add_argument("--credits", type=int, default=10_000_000, help="credits matched to a register of as many persons")
    chosen = options.parse_args()
    figures: dict[str, Any] = {}
    for name in MATCHERS:
        run = alone(one_matcher, name, chosen.persons, cores=None)
        figures[name] = run.result | {"peak_mb": run.peak_bytes >> 20}
    credits = alone(many_credits, chosen.persons, chosen.credits, cores=None)
    figures_of_credits = credits.result | {"peak_mb": credits.peak_bytes >> 20}
    mine, others = figures["onecard"], [figures[name]["f1"] for name in MATCHERS if name != "onecard"]
    bounds = [
        Bound("F1 less the best of the three others", 0.0, mine["f1"] - max(others)),
        Bound("precision of different, stale names aside", PRECISION, mine["without_stale_names"]["precision_of_different"]),
        Bound("a third of Splink's seconds less ours", 0.0, figures["splink"]["seconds"] * SHARE_OF_SPLINK - mine["seconds"]),
        Bound("seconds left of 60 for the credits", 0.0, SECONDS - figures_of_credits["seconds"]),
        Bound("megabytes left of 4096 for the credits", 0.0, (PEAK_BYTES - credits.peak_bytes) / (1 << 20)),
    ]
    content = {
        "persons": chosen.persons,
        "splink_version": importlib.metadata.version("splink"),
        "rates": {"same": SAME_RATES, "other": OTHER_RATES},
        "matchers": figures,
        "credits": {"count": chosen.credits} | figures_of_credits,
    }
    return report(content, bounds, chosen.out, chosen.check)


if __name__ == "__main__":
    raise SystemExit(main())
